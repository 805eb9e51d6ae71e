"""Alerts whose time has come: quiet for long enough, steady again, stale, out of maintenance.

Nothing here waits for an event: each look asks how things stand, so a look that is missed, late or
doubled does no harm.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import chain, islice

from chalicelib.domain.events import Kind
from chalicelib.domain.integrations import Integration
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.vocabulary import ACTIVE
from chalicelib.domain.worklists import due_shards
from chalicelib.models.alert import AlertRecord
from chalicelib.models.saving import save_together
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.observability import count, logger
from chalicelib.services import (
    episodes,
    incidents,
    journal,
    parts,
    quotas,
    settings,
    tallies,
)
from chalicelib.services.cases import Case

AT_ONCE = 300
IN_A_SHARD = 100


def look_at_all(now: datetime) -> int:
    """Look at what has to be looked at by now; answers how many there were."""
    looked = 0
    for alert_id in _due(now):
        looked += 1
        try:
            look_at(alert_id, now)
        except quotas.Postponed:
            count("AlertsPostponed")
            _put_off(alert_id, now)
        except Exception:  # the others must be looked at all the same
            logger.exception("alert could not be looked at", alert_id=alert_id)
            count("AlertLookFailed")
            with suppress(Exception):
                _put_off(alert_id, now)
    return looked


@journal.retried
def look_at(alert_id: str, now: datetime) -> None:
    """Do what the time has brought for one alert. Raises Postponed."""
    record = AlertRecord.find(alert_id)
    if record is None or record.watch_at is None:
        return None
    found = settings.integration_or_plain(str(record.integration), "generic")
    ticket = Ticket.find(record.ticket_id) if record.ticket_id else None
    if record.has_parts and (ticket is None or ticket.status not in ACTIVE):
        record.has_parts = _has_parts_still(record, ticket, found, now)
    if record.held:
        return _after_maintenance(record, found, now)
    entries = _changes(record, ticket, found, now) if ticket else []
    is_over = ticket is None or ticket.status not in ACTIVE
    if is_over:
        record.part_of = None
        record.flapping = record.flapping if ticket else None
    episodes.watch(record, found, now, over=is_over)
    if ticket is None or not entries:
        return save_together(record)
    ticket.alert = tallies.tally(record)
    return journal.save(ticket, entries, now, record)


@journal.retried
def _put_off(alert_id: str, now: datetime) -> None:
    record = AlertRecord.find(alert_id)
    if record and record.watch_at:
        episodes.put_off(record, quotas.wait_seconds(now), now)
        save_together(record)


def _due(now: datetime) -> Iterator[str]:
    """What is held comes from a list of its own, for a window's end may bring thousands."""
    yield from islice(chain.from_iterable(_due_in(one, now) for one in due_shards()), AT_ONCE)
    yield from _due_in(episodes.HELD, now, AT_ONCE)


def _due_in(shard: str, now: datetime, limit: int | None = None) -> Iterator[str]:
    found = AlertRecord.to_look_at(shard, now, limit or IN_A_SHARD)
    return (str(one.alert_id) for one in found)


def _changes(
    record: AlertRecord, ticket: Ticket, found: Integration, now: datetime
) -> list[TimelineEntry]:
    shown = [*_steadied(record, ticket, found, now), *_gone_stale(record, ticket, found, now)]
    return [*shown, *parts.resolved_if_over(record, ticket, found, now)]


def _steadied(
    record: AlertRecord, ticket: Ticket, found: Integration, now: datetime
) -> list[TimelineEntry]:
    at = episodes.steady_at(record, found)
    if at is None or now < at:
        return []
    record.flapping = None
    data = {"firing": record.firing, "minutes": found.flap_within // 60}
    return [journal.entry(ticket, Kind.ALERT_STEADY, SYSTEM, now, data)]


def _gone_stale(
    record: AlertRecord, ticket: Ticket, found: Integration, now: datetime
) -> list[TimelineEntry]:
    """Shown, never closed: nobody knows whether the problem is over or the tool is."""
    at = episodes.stale_at(record, found)
    if at is None or now < at or ticket.status not in ACTIVE:
        return []
    record.stale = True
    hours = round((now - record.last_at).total_seconds() / 3600, 1)
    data = {"hours": hours, "integration": found.name}
    return [journal.entry(ticket, Kind.ALERT_STALE, SYSTEM, now, data)]


def _after_maintenance(record: AlertRecord, found: Integration, now: datetime) -> None:
    """What fires on when its window is over opens its incident now."""
    told_by, heard_at = f"maintenance#{record.since}", record.heard_at
    case = Case(found, episodes.held_alert(record), told_by, now, came_at=heard_at)
    until = case.maintained_until
    if until:
        episodes.watch(record, found, now, held_until=until)
        return save_together(record)
    return incidents.after_maintenance(case, record)


def _has_parts_still(
    record: AlertRecord, ticket: Ticket | None, found: Integration, now: datetime
) -> bool | None:
    """Its incident is finished: so are its parts, and when its storm is over, nothing is left."""
    if ticket is None:
        return None
    were_there = parts.finish_with(ticket, bool(record.solved), now) > 0
    storm_is_over = now - ticket.updated_at > timedelta(seconds=found.storm_within)
    return True if were_there or not storm_is_over else None
