"""Storms: where a new incident belongs, and how the earlier ones come to be parts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.domain import storms
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import from_text, to_text
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.storms import Gathering, Place
from chalicelib.domain.vocabulary import ACTIVE
from chalicelib.models.alert import AlertRecord, Storm
from chalicelib.models.base import Record
from chalicelib.models.saving import save_together
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import clocks, deadlines, episodes, journal, ownership, settings
from chalicelib.services.cases import Case
from chalicelib.services.signing import short_digest

NOTED_EVERY = 4  # parts of the span after which a storm is over


@dataclass
class Placed:
    """What is to be saved with a new incident because of where it belongs."""

    entries: list[TimelineEntry] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)


def place(case: Case, ticket: Ticket, record: AlertRecord) -> Placed:
    """Make a new incident a part, a parent, or neither. Nothing is saved here."""
    found = case.integration
    key = storms.key_of(case.labels, case.alert.group, found.storm_by)
    if key is None or not found.storm_size:
        return Placed()
    storm = _storm(case, key)
    known = storms.recent(_gathering(storm), timedelta(seconds=found.storm_within), case.now)
    parent = _still_worked_on(known.parent or (known.opened[0][1] if known.opened else None))
    if parent is None:
        known = Gathering()
    where = storms.place(known, found.storm_size, case.beside)
    if where in (Place.PART, Place.TURNING) and parent:
        _make_part(ticket, record, parent)
    if where is Place.PART and parent:
        worse = _made_worse(parent, ticket, case)
        return Placed(records=[*_noted(storm, case), *_with(parent, worse, case.now)])
    _remember(storm, known, case, ticket, where)
    if where is Place.ALONE:
        return Placed(records=[storm])
    return _began(case, key, storm, known, ticket, record, parent)


def fold(ticket_id: str, entry_id: str, now: datetime) -> None:
    """A storm began: the incidents that were there before become parts of the first of them.

    Safe to run again.
    """
    entry, parent = TimelineEntry.find(ticket_id, entry_id), Ticket.find(ticket_id)
    if entry is None or parent is None:
        return
    _look_after(str(parent.alert["id"]), now)
    for one in entry.data["tickets"]:
        _fold_one(one, ticket_id, now)


@journal.retried
def _fold_one(ticket_id: str, parent_id: str, now: datetime) -> None:
    ticket, parent = Ticket.find(ticket_id), Ticket.find(parent_id)
    if ticket is None or ticket.parent or ticket.status not in ACTIVE or parent is None:
        return
    record = AlertRecord.find(ticket.alert["id"])
    was = ownership.assignee_of(ticket)
    ownership.release(ticket, now)
    ticket.unstaffed_since = None
    clocks.set_clocks(ticket, ())
    ticket.parent = parent_id
    if record and record.firing:
        record.part_of = parent_id
    data = {"parent": parent_id, "was": was}
    folded = journal.entry(ticket, Kind.FOLDED, SYSTEM, now, data)
    journal.save(ticket, [folded], now, *([record] if record else []))


@journal.retried
def _look_after(alert_id: str, now: datetime) -> None:
    """Let the parent's alert be looked at as long as it has parts."""
    record = AlertRecord.find(alert_id)
    found = settings.integration(str(record.integration)) if record else None
    if record is None or found is None or record.has_parts:
        return
    record.has_parts = True
    episodes.watch(record, found, now)
    save_together(record)


def _storm(case: Case, key: str) -> Storm:
    name = f"storm#{case.integration.id}#{short_digest(key)}"
    return Storm.find(name) or Storm(name, opened=[])


def _gathering(storm: Storm) -> Gathering:
    opened = tuple((from_text(at), ticket) for at, ticket in storm.opened or ())
    return Gathering(opened, storm.parent, storm.last_at)


def _still_worked_on(ticket_id: str | None) -> Ticket | None:
    found = Ticket.find(ticket_id) if ticket_id else None
    return found if found and found.status in ACTIVE and not found.parent else None


def _make_part(ticket: Ticket, record: AlertRecord, parent: Ticket) -> None:
    """It runs no clocks and waits for nobody; whoever works on the parent works on it."""
    ticket.parent = record.part_of = parent.ticket_id
    ticket.tier, ticket.team = parent.tier, parent.team
    clocks.set_clocks(ticket, ())


def _noted(storm: Storm, case: Case) -> list[Record]:
    """That the storm goes on, written seldom: many parts come at once."""
    often = timedelta(seconds=case.integration.storm_within) / NOTED_EVERY
    if case.now - storm.last_at < often:
        return []
    storm.last_at = case.now
    return [storm]


def _remember(storm: Storm, known: Gathering, case: Case, ticket: Ticket, where: Place) -> None:
    opened = [[to_text(at), one] for at, one in known.opened]
    storm.opened = [*opened, [to_text(case.now), ticket.ticket_id]]
    storm.parent, storm.last_at = None, case.now
    if where is Place.FIRST:
        storm.parent = ticket.ticket_id
    if where is Place.TURNING:
        storm.parent, storm.opened = known.opened[0][1], []


def _began(
    case: Case, key: str, storm: Storm, known: Gathering, ticket: Ticket, record: AlertRecord,
    parent: Ticket | None,
) -> Placed:  # fmt: skip
    """The parent says so; that entry, told to the queue, makes parts of the others."""
    others = [one for _, one in known.opened[1:]]
    of = parent or ticket
    data = {"key": key, "tickets": others}
    entry = journal.entry(of, Kind.STORM_BEGAN, SYSTEM, case.now, data)
    if parent is None:
        record.has_parts = True
        return Placed([entry], [storm])
    told = [entry, *_made_worse(parent, ticket, case)]
    return Placed(records=[storm, *_with(parent, told, case.now)])


def _made_worse(parent: Ticket, part: Ticket, case: Case) -> list[TimelineEntry]:
    """An incident matters as much as the worst of its parts."""
    if part.priority >= parent.priority:
        return []
    data = {"title": case.alert.title, "before": {"priority": parent.priority},
            "after": {"priority": part.priority}}  # fmt: skip
    parent.impact, parent.urgency, parent.priority = part.impact, part.urgency, part.priority
    late = deadlines.renewed(parent, case.now)
    return [journal.entry(parent, Kind.ALERT_CHANGED, SYSTEM, case.now, data), *late]


def _with(parent: Ticket, told: list[TimelineEntry], now: datetime) -> list[Record]:
    if not told:
        return []
    journal.prepare(parent, told, now)
    return [parent, *told]
