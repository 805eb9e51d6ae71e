"""What is done to a ticket as a whole: changed, held, resumed, resolved, reopened, closed."""

from datetime import datetime
from typing import Any

from chalicelib.domain import sla
from chalicelib.domain.errors import Conflict, FieldError, Invalid
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import to_text
from chalicelib.domain.lifecycle import check_can_become
from chalicelib.domain.people import SYSTEM, Actor
from chalicelib.domain.permissions import check_can_work
from chalicelib.domain.policies import Policy
from chalicelib.domain.priority import priority_of
from chalicelib.domain.vocabulary import HoldReason, Level, Priority, Status, Target
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import journal, settings

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
    before = {name: getattr(ticket, name) for name in fields}
    for name, value in fields.items():
        setattr(ticket, name, value)
    _reprioritise(ticket)
    data = {"before": _plain(before), "after": _plain(fields)}
    journal.save(ticket, [journal.entry(ticket, Kind.CHANGED, actor, now, data)], now)
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
    late = become(ticket, STATUS_OF_HOLD[reason], now)
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
    late = resolve_loaded(ticket, now, by_staff=actor.is_staff)
    data = {"summary": summary, "code": code}
    entry = journal.entry(ticket, Kind.RESOLVED, actor, now, data)
    journal.save(ticket, [entry, *late], now)
    return ticket


@journal.retried
def reopen(ticket_id: str, actor: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Not solved after all. Raises Conflict unless it is resolved."""
    ticket = journal.load(ticket_id, actor, seen)
    if ticket.status != Status.RESOLVED:
        raise Conflict("Only a resolved ticket can be reopened.")
    become(ticket, Status.OPEN, now)
    entry = journal.entry(ticket, Kind.REOPENED, actor, now, {"tier": int(ticket.tier)})
    journal.save(ticket, [entry], now)
    return ticket


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
    """The date that a ticket waited for has come. Raises NotSaved."""
    become(ticket, Status.OPEN, now)
    journal.save(ticket, [journal.entry(ticket, Kind.RESUMED, SYSTEM, now)], now)


def close_rested(ticket: Ticket, now: datetime) -> None:
    """Close a ticket that stayed resolved. Raises NotSaved."""
    become(ticket, Status.CLOSED, now)
    ticket.closed_at = now
    journal.save(ticket, [journal.entry(ticket, Kind.CLOSED, SYSTEM, now)], now)


def become(ticket: Ticket, status: Status, now: datetime) -> list[TimelineEntry]:
    """Change the status, and run or pause the clocks as it asks.

    Answers the breaches that show only now, to be saved with what happened. Raises Conflict.
    """
    before = Status(ticket.status)
    if status is before:
        return []
    check_can_become(before, status)
    clocks = journal.clocks_of(ticket)
    if before is Status.RESOLVED and status is Status.OPEN:
        clocks = sla.retarget(sla.reopen(clocks, now), _policy(ticket), Priority(ticket.priority))
        ticket.resolved_at = None
    ticket.status, ticket.hold = status.value, None
    return _turn(ticket, sla.pause_for(status, clocks, now), now)


def resolve_loaded(ticket: Ticket, now: datetime, *, by_staff: bool) -> list[TimelineEntry]:
    """Make a loaded ticket resolved; answers the breaches that show only now.

    Only an agent's solution is an answer: the first response of a ticket that its requester or a
    monitoring tool resolves is not met, but rests.
    """
    late = meet(ticket, set(Target) if by_staff else {Target.RESOLUTION}, now)
    ticket.resolved_at, ticket.unstaffed_since = now, None
    return [*late, *become(ticket, Status.RESOLVED, now)]


def meet(ticket: Ticket, targets: set[Target], now: datetime) -> list[TimelineEntry]:
    """Stop clocks for good; answers an entry for each that turns out to be late."""
    clocks = journal.clocks_of(ticket)
    return _turn(ticket, tuple(sla.meet(c, now) if c.kind in targets else c for c in clocks), now)


def _turn(ticket: Ticket, clocks: tuple[sla.Clock, ...], now: datetime) -> list[TimelineEntry]:
    known = {clock.kind for clock in journal.clocks_of(ticket) if clock.breached_at}
    journal.set_clocks(ticket, clocks)
    late = [clock for clock in clocks if clock.breached_at and clock.kind not in known]
    return [_breach(ticket, clock, now) for clock in late]


def _breach(ticket: Ticket, clock: sla.Clock, now: datetime) -> TimelineEntry:
    due = to_text(clock.breached_at) if clock.breached_at else None
    data = {"target": clock.kind.value, "due_at": due}
    return journal.entry(ticket, Kind.SLA_BREACHED, SYSTEM, now, data)


def _policy(ticket: Ticket) -> Policy:
    return settings.policy(ticket.sla["policy"])


def _reprioritise(ticket: Ticket) -> None:
    priority = priority_of(Level(ticket.impact), Level(ticket.urgency))
    if priority != ticket.priority:
        ticket.priority = priority.value
        clocks = sla.retarget(journal.clocks_of(ticket), _policy(ticket), priority)
        journal.set_clocks(ticket, clocks)


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, list | tuple) else v for k, v in fields.items()}
