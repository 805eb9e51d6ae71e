"""Parts of a storm's incident: how they hold on to it, what becomes of them when it is finished."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.events import Kind
from chalicelib.domain.integrations import Integration
from chalicelib.domain.lifecycle import can_become
from chalicelib.domain.people import SYSTEM, Actor
from chalicelib.domain.permissions import can_read
from chalicelib.domain.vocabulary import ACTIVE, Status
from chalicelib.models.alert import AlertRecord
from chalicelib.models.base import Check, Record, Update
from chalicelib.models.saving import save_together
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import episodes, journal, loads, solving, tickets, worsening
from chalicelib.services.sight import about

Family = tuple[Ticket, AlertRecord]  # a parent and its alert

AT_ONCE = 100
ROUNDS_AT_MOST = 100
WITH_PARENT = "Resolved with the incident that it is a part of."
PART_FIRES = "A part of it is firing again."
GIVEN_UP_TOO = "Cancelled with the incident that it is a part of."


@dataclass
class Beside:
    """What is saved with a ticket because it is a part, or has some."""

    entries: list[TimelineEntry] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)


def under(
    family: Family, part: Ticket, title: str, found: Integration, now: datetime,
    first: Sequence[TimelineEntry] = (),
) -> Beside:  # fmt: skip
    """A part comes to its parent, to which `first` happened; the parent's alert is looked at."""
    parent, leader = family
    beside = weighing_on(parent, part, title, now, first)
    if first or not leader.has_parts:
        leader.has_parts = True
        episodes.watch(leader, found, now)
        beside.records.append(leader)
    return beside


def weighing_on(
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
    return weighing_on(parent, part, title, now)


def rejoined(
    part: Ticket, record: AlertRecord, title: str, found: Integration, now: datetime
) -> Beside:
    """A part fires on: with its parent, which is open again from then on, or else by itself."""
    family = _family(part, record, now)
    record.part_of = part.parent if family else None
    if family is None:
        return Beside(tickets.stand_alone(part, now))
    parent = family[0]
    again = [] if parent.status in ACTIVE else _opened_again(parent, now)
    beside = under(family, part, title, found, now, again)
    beside.updates += loads.settle(parent, now) if again else []
    return beside


def can_rejoin(part: Ticket, record: AlertRecord, now: datetime) -> bool:
    """Whether it is no part, or its parent is open or can be opened again."""
    return not part.parent or _family(part, record, now) is not None


def leader_of(parent: Ticket, record: AlertRecord) -> AlertRecord | None:
    """The alert of an incident that another one may be a part of, if it is that one's still."""
    leader = AlertRecord.find(str(parent.alert["id"]))
    if leader is None or leader.ticket_id != parent.ticket_id:
        return None
    return None if leader.alert_id == record.alert_id else leader


def any_fires(parent_id: str) -> bool:
    """Whether a part of it fires; what is no open part of it any more is forgotten."""
    found = _firing(parent_id, AT_ONCE)
    gone = [one for one, ticket in found if not _is_part(ticket, parent_id)]
    for one in gone:
        one.part_of = None
        save_together(one)
    return len(found) > len(gone) or len(found) == AT_ONCE


def resolved_if_over(
    record: AlertRecord, ticket: Ticket, found: Integration, now: datetime
) -> list[TimelineEntry]:
    """Resolve an incident whose alert is over, with all that are parts of it, if it is."""
    is_over = solving.is_over(record, ticket, found, now)
    if not is_over or (record.has_parts and any_fires(ticket.ticket_id)):
        return []
    record.solved = True
    return solving.solved(ticket, now)


def finish_all_with(parent: Ticket, by_alert: bool, now: datetime) -> None:
    for _ in range(ROUNDS_AT_MOST):
        if finish_with(parent, by_alert, now) < AT_ONCE:
            return


def finish_with(parent: Ticket, by_alert: bool, now: datetime) -> int:
    """Whoever finished the parent finished its parts; answers how many were looked at, of many.

    If that was the end of its alert, a part that fires after all is an incident of its own.
    """
    found = AlertRecord.parts_of(parent.ticket_id, AT_ONCE)
    for alert_id in found:
        _finish(alert_id, parent, by_alert, now)
    return len(found)


def firing(parent_id: str, reader: Actor, limit: int) -> list[dict[str, str]]:
    """`{ticket, title}` of the parts that still fire and may be seen, in three calls at most."""
    found = [ticket for _, ticket in _firing(parent_id, limit) if ticket]
    shown = [one for one in found if can_read(reader, about(one, reader))]
    rows = [{"ticket": str(one.ticket_id), "title": str(one.subject)} for one in shown]
    return sorted(rows, key=lambda row: row["title"].casefold())


def _firing(parent_id: str, limit: int) -> list[tuple[AlertRecord, Ticket | None]]:
    found = AlertRecord.many(AlertRecord.parts_of(parent_id, limit, only_firing=True)).values()
    ids = {str(one.ticket_id) for one in found if one.ticket_id}
    known = {str(one.ticket_id): one for one in Ticket.batch_get(list(ids))} if ids else {}
    return [(one, known.get(str(one.ticket_id))) for one in found]


@journal.retried
def _finish(alert_id: str, parent: Ticket, by_alert: bool, now: datetime) -> None:
    record = AlertRecord.find(alert_id)
    if record is None or record.part_of != parent.ticket_id:  # the index shows it late
        return None
    ticket = Ticket.find(record.ticket_id) if record.ticket_id else None
    record.part_of = None
    if ticket is None or not _is_part(ticket, parent.ticket_id):
        return save_together(record)
    fires_on = by_alert and record.firing
    ended = tickets.stand_alone(ticket, now) if fires_on else _ended_like(parent, ticket, now)
    return journal.save(ticket, ended, now, record)


def _is_part(ticket: Ticket | None, parent_id: str) -> bool:
    return ticket is not None and ticket.parent == parent_id and ticket.status in ACTIVE


def _ended_like(parent: Ticket, part: Ticket, now: datetime) -> list[TimelineEntry]:
    is_given_up = parent.status == Status.CANCELLED
    if not is_given_up or not can_become(Status(part.status), Status.CANCELLED):
        return solving.solved(part, now, WITH_PARENT)
    late = tickets.become(part, Status.CANCELLED, now)
    data = {"reason": GIVEN_UP_TOO}
    return [journal.entry(part, Kind.CANCELLED, SYSTEM, now, data), *late]


def _family(part: Ticket, record: AlertRecord, now: datetime) -> Family | None:
    """The parent with its alert, if it is open or can be opened again."""
    parent = Ticket.find(part.parent) if part.parent else None
    leader = leader_of(parent, record) if parent else None
    if parent is None or leader is None:
        return None
    may_go_on = parent.status in ACTIVE or _may_open_again(parent, part, now)
    return (parent, leader) if may_go_on else None


def _may_open_again(parent: Ticket, part: Ticket, now: datetime) -> bool:
    """Not where both are one agent's, whose load no write can change twice."""
    is_theirs = parent.assignee_id is not None and parent.assignee_id == part.assignee_id
    is_resolved = parent.status == Status.RESOLVED
    return is_resolved and not is_theirs and not tickets.is_past_reopening(parent, now)


def _opened_again(parent: Ticket, now: datetime) -> list[TimelineEntry]:
    late = tickets.become(parent, Status.OPEN, now)
    data = {"tier": int(parent.tier), "reason": PART_FIRES}
    return [journal.entry(parent, Kind.REOPENED, SYSTEM, now, data), *late]
