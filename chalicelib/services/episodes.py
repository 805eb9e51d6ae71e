"""What is remembered of each identity: how its record changes. None of these saves."""

from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters.monitoring import source_of
from chalicelib.domain import alerts
from chalicelib.domain.alerts import Alert, Episode, Link, Signal
from chalicelib.domain.instants import from_text, to_text
from chalicelib.domain.integrations import Integration, OnResolve
from chalicelib.domain.worklists import due_shard
from chalicelib.models.alert import AlertRecord
from chalicelib.services.cases import Case

CHANGES_KEPT = 100
STALE_AFTER_REPEATS = 3
PARTS_ARE_LOOKED_AT_EVERY = timedelta(minutes=1)
HELD_ARE_LOOKED_AT_EVERY = timedelta(minutes=10)  # a window may be shortened meanwhile
HELD = "held"  # their own shard: many of them keep no others waiting


def episode_of(record: AlertRecord | None) -> Episode | None:
    if record is None:
        return None
    has_incident = bool(record.ticket_id) and not record.held
    name = record.episode or ""
    return Episode(
        record.firing, has_incident, record.started_at, record.ended_at, name, record.heard_at
    )


def begin(record: AlertRecord, case: Case, times: int) -> None:
    """It fires: for the first time in an incident, or again."""
    alert, now = case.alert, case.now
    record.integration, record.firing, record.times = case.integration.id, True, times
    record.since, record.last_at, record.stale = case.heard_at, now, None
    record.held = record.held_times = record.solved = None
    record.started_at, record.ended_at, record.ended_here_at = alert.started_at, None, None
    record.episode, record.severity = alert.episode or None, alert.severity
    record.left_out = case.left_out or None
    record.group = group_of(case.integration, alert.group)
    _hear(record, case)
    _change(record, now)


def tell_again(record: AlertRecord, case: Case) -> None:
    """It still fires. The newest word says of which episode, and in which group."""
    if record.held:
        record.held, record.held_times = _snapshot(case.alert), int(record.held_times or 0) + 1
    else:
        record.times = int(record.times) + 1
    record.last_at, record.stale, record.left_out = case.now, None, case.left_out or None
    told = [one for one in (record.started_at, case.alert.started_at) if one]
    if case.alert.started_at in (None, max(told, default=None)):
        record.episode = case.alert.episode or record.episode
        record.group = group_of(case.integration, case.alert.group)
    record.started_at = max(told, default=None)
    _hear(record, case)
    if not record.watch_at:
        watch(record, case.integration, case.now)


def hold(record: AlertRecord, case: Case) -> None:
    """It fires during maintenance: remembered with its words, to be opened when that is over.

    What is counted meanwhile, and how severe it is, is kept apart from the incident before.
    """
    counted, severity = int(record.held_times or 0) + 1, record.severity
    begin(record, case, int(record.times))
    record.held, record.held_times = _snapshot(case.alert), counted
    record.severity = severity or case.alert.severity


def end(record: AlertRecord, case: Case) -> None:
    """What fired has ended."""
    record.ended_here_at, record.held, record.stale, record.group = case.now, None, None, None
    note_end(record, case)
    _change(record, case.now)


def note_end(record: AlertRecord, case: Case) -> None:
    """Of what episode the last end was: one that we know, or whose beginning is still to come."""
    alert, started = case.alert, (record.started_at, case.alert.started_at)
    record.integration, record.firing, record.last_at = case.integration.id, False, case.now
    record.started_at = max((one for one in started if one), default=None)
    record.ended_at, record.episode = alert.ended_at, alert.episode or record.episode
    _hear(record, case)


def flaps(record: AlertRecord, found: Integration, now: datetime) -> bool:
    """Whether it has changed so often of late that its incident is held open."""
    within = timedelta(seconds=found.flap_within)
    changes = [from_text(one) for one in record.changes or ()]
    return alerts.is_flapping(changes, found.flap_changes, within, now)


def quiet_at(record: AlertRecord, found: Integration) -> datetime | None:
    """When what has ended counts as over; None where that is not for the clock to say."""
    if record.firing or record.ended_here_at is None or found.on_resolve == OnResolve.NOTE:
        return None
    waits = found.quiet_for if found.on_resolve == OnResolve.QUIET else 0
    return record.ended_here_at + timedelta(seconds=waits)


def steady_at(record: AlertRecord, found: Integration) -> datetime | None:
    """When what flaps has been steady for long enough."""
    if not record.flapping:
        return None
    last = from_text(record.changes[-1]) if record.changes else record.last_at
    return last + timedelta(seconds=found.flap_within)


def stale_at(record: AlertRecord, found: Integration) -> datetime | None:
    """When what fires on has not been heard of for too long."""
    source = source_of(found.source)
    usual = source.repeats_within if source else None
    after = found.stale_after or (usual or 0) * STALE_AFTER_REPEATS
    is_waited_for = record.firing and not record.stale and not record.held and after
    return record.last_at + timedelta(seconds=after) if is_waited_for else None


def watch(
    record: AlertRecord, found: Integration, now: datetime, held_until: datetime | None = None,
    over: bool = False,
) -> None:  # fmt: skip
    """Say when it has to be looked at again, if at all; `over` if its incident is finished."""
    if record.held:
        return _watch_held(record, now, held_until)
    open_ones = () if over else (quiet_at(record, found), stale_at(record, found))
    parts = now + PARTS_ARE_LOOKED_AT_EVERY if record.has_parts else None
    to_come = [at for at in (*open_ones, steady_at(record, found)) if at and at > now]
    at = min([*to_come, *([parts] if parts else [])], default=None)
    record.watch_at = to_text(at) if at else None
    record.watch_shard = due_shard(record.alert_id) if at else None
    return None


def put_off(record: AlertRecord, seconds: float, now: datetime) -> None:
    """It cannot be done now; others, whose time has come, must not wait for it."""
    record.watch_at = to_text(now + timedelta(seconds=seconds))


def group_of(found: Integration, group: str) -> str | None:
    return f"{found.id}#{group}" if group else None


def held_alert(record: AlertRecord) -> Alert:
    """What was said during maintenance."""
    held = dict(record.held)
    links = tuple(Link(**one) for one in held.pop("links"))
    return Alert(identity=_identity(record), signal=Signal.FIRING, links=links,
                 started_at=record.started_at, **held)  # fmt: skip


def ended_alert(record: AlertRecord) -> Alert:
    """The end of what a delivery left out of the body."""
    title = "It ended with its group"
    return Alert(_identity(record), Signal.RESOLVED, title, severity=record.severity or "warning",
                 episode=record.episode or "")  # fmt: skip


def _identity(record: AlertRecord) -> str:
    return str(record.alert_id).partition("#")[2]


def _snapshot(alert: Alert) -> dict[str, Any]:
    links = [{"text": one.text, "href": one.href} for one in alert.links]
    return {"title": alert.title, "text": alert.text, "severity": alert.severity,
            "episode": alert.episode, "labels": dict(alert.labels), "links": links,
            "group": alert.group}  # fmt: skip


def _watch_held(record: AlertRecord, now: datetime, until: datetime | None) -> None:
    every = PARTS_ARE_LOOKED_AT_EVERY if record.has_parts else HELD_ARE_LOOKED_AT_EVERY
    at = min(until or now, now + every)
    record.watch_at, record.watch_shard = to_text(at), HELD


def _hear(record: AlertRecord, case: Case) -> None:
    record.heard_at = max(record.heard_at or case.heard_at, case.heard_at)


def _change(record: AlertRecord, now: datetime) -> None:
    record.changes = [*(record.changes or ()), to_text(now)][-CHANGES_KEPT:]
