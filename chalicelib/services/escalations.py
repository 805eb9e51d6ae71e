"""Escalation: to another tier or to the management, by hand and by the clock, each step once."""

from datetime import datetime
from typing import Any

from chalicelib.domain import sla_steps
from chalicelib.domain.errors import Conflict, FieldError, Invalid
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import from_text, to_text
from chalicelib.domain.people import SYSTEM, Actor
from chalicelib.domain.policies import NEXT_TIER, TELL_LEAD, TELL_MANAGER
from chalicelib.domain.sla_steps import BREACH, WARN, Step
from chalicelib.domain.vocabulary import ACTIVE, FIRST_TIER, LAST_TIER, Status
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import clocks, deadlines, journal, management, paging, tickets
from chalicelib.services.once import Once
from chalicelib.services.ownership import assignee_of, release

TELLS = {TELL_LEAD: management.LEAD, TELL_MANAGER: management.MANAGER}
LOSSES_THAT_ESCALATE = 3
UNACCEPTED = "Three times it was given to somebody who did not accept it in time."
AT_ONCE = 40  # steps in one write; DynamoDB takes 100 items, and what is left is due still


@journal.retried
def escalate(
    ticket_id: str,
    reason: str,
    tried: str,
    to_tier: int | None,
    actor: Actor,
    now: datetime,
    seen: int | None = None,
    *,
    once: Once | None = None,
) -> tuple[Ticket, TimelineEntry]:
    """By hand to a higher tier. Raises Invalid or Conflict when there is no such next tier."""
    ticket = journal.load_to_work(ticket_id, actor, seen)
    data = {"reason": reason, "tried": tried, "told": None}
    tier = _next_tier(int(ticket.tier), to_tier)
    entry, *late = moved(ticket, Kind.ESCALATED, tier, actor, now, data)
    journal.save(ticket, [entry, *late], now, once=once)
    return ticket, entry


@journal.retried
def tell(
    ticket_id: str, whom: str, reason: str, actor: Actor, now: datetime,
    seen: int | None = None, *, once: Once | None = None,
) -> tuple[Ticket, TimelineEntry]:  # fmt: skip
    """By hand to the `lead` or the `manager`; the ticket stays where it is. Raises Conflict."""
    ticket = journal.load_to_work(ticket_id, actor, seen)
    told = management.told(ticket, whom, actor, now, reason=reason)
    journal.save(ticket, [told], now, once=once)
    return ticket, told


@journal.retried
def de_escalate(
    ticket_id: str, reason: str, to_tier: int | None, actor: Actor, now: datetime,
    seen: int | None = None, *, once: Once | None = None,
) -> tuple[Ticket, TimelineEntry]:  # fmt: skip
    """Back to a lower tier, whose people have to accept it anew. Raises Invalid, Conflict."""
    ticket = journal.load_to_work(ticket_id, actor, seen)
    tier = _lower_tier(int(ticket.tier), to_tier)
    ticket.escalated_to = None
    entry, *late = moved(ticket, Kind.DE_ESCALATED, tier, actor, now, {"reason": reason})
    journal.save(ticket, [entry, *late], now, once=once)
    return ticket, entry


@journal.retried
def advance(ticket_id: str, now: datetime) -> list[TimelineEntry]:
    """Take every step whose time has come, in order; running it again takes none."""
    ticket = Ticket.find(ticket_id)
    if ticket is None:
        return []
    if ticket.status == Status.RESOLVED:
        return _close_if_rested(ticket, now)
    if ticket.status not in ACTIVE:
        return []
    until = journal.held_until(ticket)
    if until and until <= now:
        tickets.resume_waited(ticket, now)
    at = max(now, ticket.updated_at)  # the tick may be older than what was done since
    entries = _take_steps(ticket, now, at)
    entries += _chances_lost(ticket, now, at)
    if entries:
        journal.save(ticket, entries, at)
    elif ticket.due_at and from_text(ticket.due_at) <= now:
        journal.place_again(ticket)
    return entries


def push_ahead(ticket_id: str, until: datetime) -> None:
    """Look at a ticket that cannot be handled again later, so that it does not stop the rest."""
    Ticket.push_ahead(ticket_id, until)


def moved(
    ticket: Ticket, kind: Kind, tier: int, actor: Actor, now: datetime, data: dict[str, Any],
    at: datetime | None = None,
) -> list[TimelineEntry]:  # fmt: skip
    """Bring a ticket to another tier, nobody's; the first entry keeps the cycles left behind.

    `at` is when it should have left, if a sweep comes late: what it left is judged as of then.
    """
    facts = {**data, "from_tier": int(ticket.tier), "tier": tier, "moved": True}
    cycles, late = deadlines.left(ticket, at or now)
    ticket.tier, ticket.unstaffed_since, ticket.page = tier, None, None
    ticket.lost_by = ticket.given_back_by = ticket.skills = None  # those were for the tier it left
    deadlines.moved(ticket, now)
    release(ticket, now)
    entry = journal.entry(ticket, kind, actor, now, facts)
    entry.cycles = cycles or None
    return [entry, *late]


def _told_once(ticket: Ticket, now: datetime) -> list[TimelineEntry]:
    if ticket.escalated_to == management.MANAGER:
        return []
    return [management.told(ticket, management.MANAGER, SYSTEM, now, reason=UNACCEPTED)]


def _take_steps(ticket: Ticket, now: datetime, at: datetime) -> list[TimelineEntry]:
    """Judged by the tick, written down as of when the ticket was last changed if that is later."""
    policy = clocks.policy_of(ticket)
    steps = sla_steps.steps_due(clocks.clocks_of(ticket), policy, now)[:AT_ONCE]
    taken = (_take(ticket, step, at) for step in steps if _is_current(ticket, step))
    return [entry for entries in taken for entry in entries]


def _is_current(ticket: Ticket, step: Step) -> bool:
    """A step before it may have moved the ticket, and so ended the cycle that this belongs to."""
    cycles = {one.kind: one.cycle for one in clocks.clocks_of(ticket)}
    return cycles.get(step.target) == step.cycle


def _take(ticket: Ticket, step: Step, now: datetime) -> list[TimelineEntry]:
    running = sla_steps.take(clocks.clocks_of(ticket), step)
    clocks.set_clocks(ticket, running)
    if step.action == BREACH:
        clock = next(one for one in running if one.kind is step.target)
        return [deadlines.breach_entry(ticket, clock, now, step=step.name)]
    data = {"target": step.target.value, "cycle": step.cycle, "step": step.name,
            "due_at": to_text(step.at)}  # fmt: skip
    if step.action == WARN:
        return [journal.entry(ticket, Kind.SLA_WARNED, SYSTEM, now, data)]
    return _escalate_by_clock(ticket, step, data, now)


def _escalate_by_clock(
    ticket: Ticket, step: Step, data: dict[str, Any], now: datetime
) -> list[TimelineEntry]:
    """Past the last tier there is only the management."""
    tier = int(ticket.tier)
    if step.action == NEXT_TIER and tier < LAST_TIER:
        facts = {**data, "told": None}
        return moved(ticket, Kind.ESCALATED, tier + 1, SYSTEM, now, facts, step.at)
    whom = TELLS.get(step.action, management.MANAGER)
    return [management.told(ticket, whom, SYSTEM, now, **data)]


def _chances_lost(ticket: Ticket, now: datetime, at: datetime) -> list[TimelineEntry]:
    """Who did not accept in time loses it; who did not acknowledge passes it up."""
    lost = _not_accepted(ticket, at) if ticket.accept_by and ticket.accept_by <= now else []
    gone_up_at = journal.page_goes_up_at(ticket)
    return [*lost, *(paging.gone_up(ticket, at) if gone_up_at and gone_up_at <= now else [])]


def _not_accepted(ticket: Ticket, now: datetime) -> list[TimelineEntry]:
    """It goes to the next one; each third loss in a tier escalates it."""
    was = assignee_of(ticket)
    ticket.lost_by = [*(ticket.lost_by or ()), ticket.assignee_id]
    losses, tier = len(ticket.lost_by), int(ticket.tier)
    release(ticket, now)
    lost = journal.entry(ticket, Kind.NOT_ACCEPTED, SYSTEM, now,
                         {"was": was, "tier": tier, "loss": losses})  # fmt: skip
    if losses % LOSSES_THAT_ESCALATE:
        return [lost]
    if tier == LAST_TIER:
        ticket.lost_by = None  # it goes round again
        return [lost, *_told_once(ticket, now)]
    facts = {"reason": UNACCEPTED, "tried": "", "told": None}
    return [lost, *moved(ticket, Kind.ESCALATED, tier + 1, SYSTEM, now, facts)]


def _next_tier(tier: int, wanted: int | None) -> int:
    if wanted is not None and not tier < wanted <= LAST_TIER:
        raise Invalid(FieldError("/to_tier", f"Choose a tier above {tier}, up to {LAST_TIER}."))
    if tier == LAST_TIER:
        raise Conflict("This ticket is in the last tier already; tell the management instead.")
    return wanted or tier + 1


def _lower_tier(tier: int, wanted: int | None) -> int:
    if wanted is not None and not FIRST_TIER <= wanted < tier:
        raise Invalid(FieldError("/to_tier", f"Choose a tier below {tier}."))
    if tier == FIRST_TIER:
        raise Conflict("This ticket is in the first tier already.")
    return wanted or tier - 1


def _close_if_rested(ticket: Ticket, now: datetime) -> list[TimelineEntry]:
    if ticket.resolved_at and now >= ticket.resolved_at + journal.CLOSES_AFTER:
        tickets.close_rested(ticket, now)
    return []
