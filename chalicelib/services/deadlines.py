"""What the clocks make of what is done to a ticket. None of these saves.

Those that may stop a late clock answer the breaches that show only then, as entries to be saved.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from chalicelib.domain import business_hours, sla
from chalicelib.domain.errors import Conflict, FieldError, Invalid
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import text_or_none
from chalicelib.domain.people import SYSTEM, Actor
from chalicelib.domain.vocabulary import IN_WORK, Priority, Status, Target
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import clocks, journal, settings

ANSWERED = frozenset({Target.FIRST_RESPONSE, Target.NEXT_RESPONSE, Target.TIME_TO_ACCEPT})


def answered(ticket: Ticket, now: datetime) -> list[TimelineEntry]:
    """An agent spoke to the requester: in public, or by telephone."""
    return met(ticket, ANSWERED, now)


def asked(ticket: Ticket, now: datetime) -> None:
    """A message of the requester waits for an answer, unless an older one does already."""
    running = clocks.clocks_of(ticket)
    if not sla.is_awaited(running):
        _begin(ticket, running, Target.NEXT_RESPONSE, now)


def accepted(ticket: Ticket, actor: Actor, now: datetime) -> list[TimelineEntry]:
    """A person of the desk works on it, which is more than being assigned by the machine."""
    return met(ticket, {Target.TIME_TO_ACCEPT}, now) if actor.is_staff else []


def acceptance_due(ticket: Ticket, now: datetime) -> datetime | None:
    """When whom it is given to now loses it again: the tier's time to accept, by its hours.

    None where no time is promised, or the ticket waits for somebody else.
    """
    within = clocks.within_of(ticket, Target.TIME_TO_ACCEPT)
    if not within or ticket.status not in IN_WORK:
        return None
    try:
        return business_hours.add_working(clocks.calendar_of(ticket), now, within)
    except business_hours.NeverOpen:
        return None


def assigned(ticket: Ticket, now: datetime) -> None:
    """It is somebody's; nothing was promised about that, so no breach can show."""
    met(ticket, {Target.ASSIGNMENT}, now)


def released(ticket: Ticket, now: datetime) -> None:
    """It is nobody's again."""
    running = clocks.clocks_of(ticket)
    if any(one.kind is Target.ASSIGNMENT and one.met_at for one in running):
        _begin(ticket, running, Target.ASSIGNMENT, now)


def left(ticket: Ticket, now: datetime) -> tuple[list[dict[str, Any]], list[TimelineEntry]]:
    """It leaves its tier: the cycles in which nobody there accepted it, and what was late."""
    turned = tuple(
        sla.leave(one, now) if _is_unaccepted(one) else one for one in clocks.clocks_of(ticket)
    )
    late = _turn(ticket, turned, now)
    return [clocks.cycle_of(ticket, one) for one in turned if _is_unaccepted(one)], late


def moved(ticket: Ticket, now: datetime) -> None:
    """It came to another tier, where it is nobody's and nobody has accepted it."""
    _begin(ticket, clocks.clocks_of(ticket), Target.ASSIGNMENT, now)
    _begin(ticket, clocks.clocks_of(ticket), Target.TIME_TO_ACCEPT, now)


def met(ticket: Ticket, targets: Collection[Target], now: datetime) -> list[TimelineEntry]:
    """Stop clocks for good."""
    if Target.TIME_TO_ACCEPT in targets:
        ticket.accept_by = None
    return _turn(ticket, sla.meet_all(clocks.clocks_of(ticket), targets, now), now)


def rest(ticket: Ticket, status: Status, now: datetime) -> list[TimelineEntry]:
    """Run or pause as a status asks."""
    hours = clocks.calendar_of(ticket)
    return _turn(ticket, sla.pause_for(status, clocks.clocks_of(ticket), now, hours), now)


def reopened(ticket: Ticket, now: datetime) -> list[TimelineEntry]:
    """The resolution goes on, under the policy and the hours as they are now."""
    again = sla.reopen(clocks.clocks_of(ticket), now, clocks.calendar_of(ticket))
    clocks.set_clocks(ticket, again)
    if not ticket.assignee_id:
        released(ticket, now)
    return renewed(ticket, now)


def judged(ticket: Ticket, now: datetime) -> list[TimelineEntry]:
    """What is late by now, before something moves its deadline."""
    return _turn(ticket, sla.judge(clocks.clocks_of(ticket), now), now)


def renewed(ticket: Ticket, now: datetime) -> list[TimelineEntry]:
    """Measure by the policy and the hours that are for such a ticket now; what ran stays."""
    late = judged(ticket, now)
    policy, hours = clocks.in_force(ticket)
    settings.note_use(policy, now)
    clocks.set_clocks(ticket, sla.recalendar(clocks.clocks_of(ticket), hours, now))
    clocks.bind(ticket, policy, hours)
    priority, tier = Priority(ticket.priority), int(ticket.tier)
    again = sla.retarget(clocks.clocks_of(ticket), policy, priority, tier)
    clocks.set_clocks(ticket, again)
    sooner = acceptance_due(ticket, now) if ticket.accept_by else None
    ticket.accept_by = min(ticket.accept_by, sooner) if sooner else ticket.accept_by
    return late


def is_outdated(ticket: Ticket) -> bool:
    """Whether other versions than the ticket's own would measure it now."""
    policy, hours = clocks.in_force(ticket)
    known = (ticket.sla["policy"], ticket.sla["policy_version"],
             ticket.sla["calendar"], ticket.sla["calendar_version"])  # fmt: skip
    return known != (policy.id, policy.version, hours.id, hours.version)


@journal.retried
def set_due_date(
    ticket_id: str, target: Target, due_at: datetime | None, reason: str, actor: Actor,
    now: datetime, seen: int | None = None,
) -> Ticket:  # fmt: skip
    """Put a date in the place of the policy's deadline, or with None go back to that.

    Raises Invalid, Conflict when that clock does not run.
    """
    ticket = journal.load_to_work(ticket_id, actor, seen)
    if due_at and due_at <= now:
        raise Invalid(FieldError("/due_at", "Give an instant that is still to come."))
    running = clocks.clocks_of(ticket)
    current = next((one for one in running if one.kind is target and not one.met_at), None)
    if current is None or (due_at is None and current.override is None):
        raise Conflict(f"There is no deadline to change for {target}.")
    hand_set = sla.Override(due_at, now, actor.name, reason) if due_at else None
    before, late = sla.due_at(current), judged(ticket, now)
    clocks.set_clocks(ticket, sla.override(clocks.clocks_of(ticket), target, hand_set))
    data = {
        "target": target.value,
        "due_at": text_or_none(due_at),
        "was": text_or_none(before),
        "reason": reason,
    }
    dated = journal.entry(ticket, Kind.DUE_DATE_SET, actor, now, data)
    journal.save(ticket, [dated, *late], now)
    return ticket


def breach_entry(ticket: Ticket, clock: sla.Clock, now: datetime, **more: Any) -> TimelineEntry:
    """That a promise was broken, with what a report needs to know."""
    data = {
        "target": clock.kind.value, "cycle": clock.cycle, "due_at": text_or_none(clock.breached_at),
        "policy": ticket.sla["policy"], "tier": int(ticket.tier), "priority": ticket.priority,
        **more,
    }  # fmt: skip
    return journal.entry(ticket, Kind.SLA_BREACHED, SYSTEM, now, data)


def _begin(ticket: Ticket, running: Iterable[sla.Clock], kind: Target, now: datetime) -> None:
    """A new cycle, which rests at once if the ticket's status asks for that."""
    within, hours = clocks.within_of(ticket, kind), clocks.calendar_of(ticket)
    begun = sla.begin(running, kind, within, now, hours)
    clocks.set_clocks(ticket, sla.pause_for(Status(ticket.status), begun, now, hours))


def _is_unaccepted(clock: sla.Clock) -> bool:
    return clock.kind is Target.TIME_TO_ACCEPT and clock.met_at is None


def _turn(ticket: Ticket, turned: tuple[sla.Clock, ...], now: datetime) -> list[TimelineEntry]:
    known = {one.kind for one in clocks.clocks_of(ticket) if one.breached_at}
    clocks.set_clocks(ticket, turned)
    late = [one for one in turned if one.breached_at and one.kind not in known]
    return [breach_entry(ticket, one, now) for one in late]
