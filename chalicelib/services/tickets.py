"""What is done to a ticket as a whole: changed, held, resumed, resolved, reopened, closed."""

from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.errors import Conflict, FieldError, Invalid
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import to_text
from chalicelib.domain.lifecycle import check_can_become, is_final
from chalicelib.domain.people import SYSTEM, Actor
from chalicelib.domain.permissions import check_can_work
from chalicelib.domain.priority import priority_of
from chalicelib.domain.vocabulary import HoldReason, Level, Status, Target
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import clocks, deadlines, journal

TOO_LATE = "This was solved too long ago to be reopened. Please open a new request."
STATUS_OF_HOLD = {
    HoldReason.REQUESTER: Status.PENDING,
    HoldReason.THIRD_PARTY: Status.ON_HOLD,
    HoldReason.UNTIL: Status.ON_HOLD,
}


@journal.retried
def change(
    ticket_id: str, fields: dict[str, Any], actor: Actor, now: datetime, seen: int | None = None
) -> Ticket:
    """Set plain fields; impact and urgency set the priority, and that the targets."""
    ticket = journal.load(ticket_id, actor, seen)
    check_can_work(actor)
    before, late = {name: getattr(ticket, name) for name in fields}, deadlines.judged(ticket, now)
    for name, value in fields.items():
        setattr(ticket, name, value)
    if not fields.keys().isdisjoint({"impact", "urgency"}):  # else a rule's priority stays
        ticket.priority = priority_of(Level(ticket.impact), Level(ticket.urgency)).value
    deadlines.renewed(ticket, now)
    data = {"before": _plain(before), "after": _plain(fields)}
    journal.save(ticket, [journal.entry(ticket, Kind.CHANGED, actor, now, data), *late], now)
    return ticket


@journal.retried
def hold(
    ticket_id: str, reason: HoldReason, until: datetime | None, actor: Actor, now: datetime,
    seen: int | None = None,
) -> Ticket:  # fmt: skip
    """Wait for the requester, a third party or a date. Raises Conflict, Invalid."""
    ticket = journal.load(ticket_id, actor, seen)
    check_can_work(actor)
    if (until is None and reason is HoldReason.UNTIL) or (until and until <= now):
        raise Invalid(FieldError("/until", "Say until when: an instant that is still to come."))
    late = [*deadlines.accepted(ticket, actor, now), *become(ticket, STATUS_OF_HOLD[reason], now)]
    ticket.hold = {"reason": reason.value, "until": to_text(until) if until else None}
    journal.save(ticket, [journal.entry(ticket, Kind.HELD, actor, now, ticket.hold), *late], now)
    return ticket


@journal.retried
def resume(ticket_id: str, actor: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Work on it again. Raises Conflict when it does not wait."""
    ticket = journal.load(ticket_id, actor, seen)
    check_can_work(actor)
    if ticket.status not in {Status.PENDING, Status.ON_HOLD}:
        raise Conflict("This ticket is not on hold.")
    become(ticket, Status.OPEN, now)
    journal.save(ticket, [journal.entry(ticket, Kind.RESUMED, actor, now)], now)
    return ticket


@journal.retried
def resolve(
    ticket_id: str, summary: str, code: str | None, actor: Actor, now: datetime,
    seen: int | None = None,
) -> Ticket:  # fmt: skip
    """Solved, with what solved it. The requester may say so of their own ticket."""
    ticket = journal.load(ticket_id, actor, seen)
    if ticket.status == Status.RESOLVED:
        raise Conflict("This ticket is resolved already.")
    late = resolve_loaded(ticket, now, by_staff=actor.is_staff)
    data = {"summary": summary, "code": code}
    entry = journal.entry(ticket, Kind.RESOLVED, actor, now, data)
    journal.save(ticket, [entry, *late], now)
    return ticket


@journal.retried
def reopen(ticket_id: str, actor: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Not solved after all. Raises Conflict unless it is resolved, and not for too long."""
    ticket = journal.load(ticket_id, actor, seen)
    if ticket.status != Status.RESOLVED:
        raise Conflict("Only a resolved ticket can be reopened.")
    if is_past_reopening(ticket, now):
        raise Conflict(TOO_LATE)
    late = [*become(ticket, Status.OPEN, now), *stand_alone(ticket, now)]
    if not actor.is_staff:
        deadlines.asked(ticket, now)
    entry = journal.entry(ticket, Kind.REOPENED, actor, now, {"tier": int(ticket.tier)})
    journal.save(ticket, [entry, *late], now)
    return ticket


def stand_alone(ticket: Ticket, now: datetime) -> list[TimelineEntry]:
    """What was a part of another incident is one of its own from now on, with clocks."""
    if not ticket.parent:
        return []
    parent = ticket.was_part_of = ticket.parent
    ticket.parent = None
    clocks.start(ticket, now)
    data = {"parent": parent, "tier": int(ticket.tier)}
    return [journal.entry(ticket, Kind.UNFOLDED, SYSTEM, now, data)]


@journal.retried
def cancel(
    ticket_id: str, reason: str, actor: Actor, now: datetime, seen: int | None = None
) -> Ticket:
    """Not to be worked on at all: a mistake or spam. Raises Conflict once somebody took it up."""
    ticket = journal.load(ticket_id, actor, seen)
    check_can_work(actor)
    late = become(ticket, Status.CANCELLED, now)
    entry = journal.entry(ticket, Kind.CANCELLED, actor, now, {"reason": reason})
    journal.save(ticket, [entry, *late], now)
    return ticket


def resume_waited(ticket: Ticket, now: datetime) -> None:
    """The date that a ticket waited for has come; its clocks run from then. Raises NotSaved."""
    become(ticket, Status.OPEN, journal.held_until(ticket) or now)
    journal.save(ticket, [journal.entry(ticket, Kind.RESUMED, SYSTEM, now)], now)


def close_rested(ticket: Ticket, now: datetime) -> None:
    """Close a ticket that stayed resolved. Raises NotSaved."""
    become(ticket, Status.CLOSED, now)
    ticket.closed_at = now
    journal.save(ticket, [journal.entry(ticket, Kind.CLOSED, SYSTEM, now)], now)


def check_can_go_on(ticket: Ticket, wanted: Status | None, now: datetime) -> None:
    """Raises Conflict for a resolved ticket that is to be opened too late."""
    reopens = ticket.status == Status.RESOLVED and wanted not in (None, Status.RESOLVED)
    if reopens and is_past_reopening(ticket, now):
        raise Conflict(TOO_LATE)


def is_past_reopening(ticket: Ticket, now: datetime) -> bool:
    """Whether it is closed, erased, or solved for longer than its policy lets it be reopened."""
    if is_final(Status(ticket.status)) or ticket.erased_at:
        return True
    days = timedelta(days=clocks.policy_of(ticket).reopen_within_days)
    return ticket.resolved_at is not None and now > ticket.resolved_at + days


def become(ticket: Ticket, status: Status, now: datetime) -> list[TimelineEntry]:
    """Change the status, and run or pause the clocks as it asks.

    Answers the breaches that show only now, to be saved with what happened. Raises Conflict.
    """
    before = Status(ticket.status)
    if status is before:
        return []
    check_can_become(before, status)
    ticket.status, ticket.hold, late = status.value, None, []
    if before is Status.RESOLVED and status is Status.OPEN:
        ticket.resolved_at, late = None, deadlines.reopened(ticket, now)
    return [*late, *deadlines.rest(ticket, status, now)]


def resolve_loaded(ticket: Ticket, now: datetime, *, by_staff: bool) -> list[TimelineEntry]:
    """Make a loaded ticket resolved; answers the breaches that show only now.

    Only an agent's solution is an answer: a response of a ticket that its requester or a
    monitoring tool resolves is not met, but rests.
    """
    stopped = set(Target) if by_staff else {Target.RESOLUTION}
    late = deadlines.met(ticket, stopped, now)
    ticket.resolved_at, ticket.unstaffed_since, ticket.escalated_to = now, None, None
    return [*late, *become(ticket, Status.RESOLVED, now)]


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, list | tuple) else v for k, v in fields.items()}
