"""Parts of a storm's incident: how they hold on to it, what becomes of them when it is finished."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.errors import DeskError
from chalicelib.domain.events import Kind
from chalicelib.domain.integrations import Integration
from chalicelib.domain.lifecycle import can_become
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.vocabulary import ACTIVE, Status
from chalicelib.models.alert import AlertRecord
from chalicelib.models.base import Check, Record
from chalicelib.models.saving import save_together
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import episodes, journal, settings, solving, tickets, worsening

AT_ONCE = 100
ROUNDS_AT_MOST = 100
WITH_PARENT = "Resolved with the incident that it is a part of."
GIVEN_UP_TOO = "Cancelled with the incident that it is a part of."


@dataclass
class Beside:
    """What is saved with a ticket because it is a part, or has some."""

    entries: list[TimelineEntry] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)


def under(
    parent: Ticket, part: Ticket, title: str, now: datetime, first: Sequence[TimelineEntry] = ()
) -> Beside:
    """A part weighs on its parent, which has to be worked on still when that is saved."""
    told = [*first, *worsening.by_part(parent, part, title, now)]
    if not told:
        return Beside(checks=[Ticket.still_active(parent.ticket_id)])
    journal.prepare(parent, told, now)
    return Beside(records=[parent, *told])


def weighing(part: Ticket, title: str, now: datetime) -> Beside:
    """What a part that became worse does to its parent, while that is worked on."""
    parent = Ticket.find(part.parent) if part.parent else None
    if parent is None or parent.status not in ACTIVE:
        return Beside()
    return under(parent, part, title, now)


def rejoined(part: Ticket, record: AlertRecord, title: str, now: datetime) -> Beside:
    """A part fires on: with its parent if that can be worked on again, else by itself."""
    parent = _worked_on(part.parent, now) if part.parent else None
    record.part_of = parent.ticket_id if parent else None
    if parent is None:
        return Beside(tickets.stand_alone(part, now))
    return under(parent, part, title, now)


def can_rejoin(part: Ticket, now: datetime) -> bool:
    """Whether it is no part, or its parent is open, if need be from now on."""
    return not part.parent or _worked_on(part.parent, now) is not None


def lead(record: AlertRecord, found: Integration, now: datetime) -> None:
    """Let a parent's alert be looked at as long as it has parts. Nothing is saved here."""
    record.has_parts = True
    episodes.watch(record, found, now)


def finish_all_with(parent: Ticket, now: datetime) -> None:
    for _ in range(ROUNDS_AT_MOST):
        if finish_with(parent, now) < AT_ONCE:
            return


def finish_with(parent: Ticket, now: datetime) -> int:
    """Whoever finished the parent finished its parts; answers how many were looked at, of many."""
    found = AlertRecord.parts_of(parent.ticket_id, AT_ONCE)
    for alert_id in found:
        _finish(alert_id, parent, now)
    return len(found)


def firing(parent_id: str, limit: int) -> list[dict[str, str]]:
    """`{ticket, title}` of the parts that still fire, in three calls at most."""
    found = AlertRecord.many(AlertRecord.parts_of(parent_id, limit, only_firing=True)).values()
    ids = {str(one.ticket_id) for one in found if one.ticket_id}
    shown = Ticket.batch_get(list(ids)) if ids else ()
    rows = [{"ticket": str(one.ticket_id), "title": str(one.subject)} for one in shown]
    return sorted(rows, key=lambda row: row["title"].casefold())


@journal.retried
def _finish(alert_id: str, parent: Ticket, now: datetime) -> None:
    record = AlertRecord.find(alert_id)
    if record is None or record.part_of != parent.ticket_id:  # the index shows it late
        return None
    ticket = Ticket.find(record.ticket_id) if record.ticket_id else None
    record.part_of = None
    if ticket is None or ticket.parent != parent.ticket_id or ticket.status not in ACTIVE:
        return save_together(record)
    return journal.save(ticket, _ended_like(parent, ticket, now), now, record)


def _ended_like(parent: Ticket, part: Ticket, now: datetime) -> list[TimelineEntry]:
    is_given_up = parent.status == Status.CANCELLED
    if not is_given_up or not can_become(Status(part.status), Status.CANCELLED):
        return solving.solved(part, now, WITH_PARENT)
    late = tickets.become(part, Status.CANCELLED, now)
    data = {"reason": GIVEN_UP_TOO}
    return [journal.entry(part, Kind.CANCELLED, SYSTEM, now, data), *late]


def _worked_on(parent_id: str, now: datetime) -> Ticket | None:
    parent = Ticket.find(parent_id)
    if parent is None:
        return None
    try:
        parent = parent if parent.status in ACTIVE else tickets.reopen(parent_id, SYSTEM, now)
    except DeskError:
        return None
    _look_after(str(parent.alert["id"]), now)
    return parent


@journal.retried
def _look_after(alert_id: str, now: datetime) -> None:
    record = AlertRecord.find(alert_id)
    found = settings.integration(str(record.integration)) if record else None
    if record and found and not record.has_parts:
        lead(record, found, now)
        save_together(record)
