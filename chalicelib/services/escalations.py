"""Escalation: by hand to the next tier, and by the clock, each step exactly once."""

from datetime import datetime

from chalicelib.domain import sla
from chalicelib.domain.errors import Conflict, FieldError, Invalid
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import from_text, to_text
from chalicelib.domain.people import SYSTEM, Actor
from chalicelib.domain.permissions import check_can_work
from chalicelib.domain.vocabulary import ACTIVE, LAST_TIER, Status
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import journal, settings, tickets
from chalicelib.services.dispatch import release
from chalicelib.services.once import Once

TELLS = {"tell_lead": "lead", "tell_manager": "manager"}


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
    """Functional escalation by hand. Raises Invalid or Conflict when there is no such next tier."""
    ticket = journal.load(ticket_id, actor, seen)
    check_can_work(actor)
    if ticket.status not in ACTIVE:
        raise Conflict(f"This ticket is {ticket.status}; reopen it first.")
    tier = _next_tier(int(ticket.tier), to_tier)
    data = {"from_tier": int(ticket.tier), "tier": tier, "reason": reason, "tried": tried}
    _move(ticket, tier)
    moved = journal.entry(ticket, Kind.ESCALATED, actor, now, data)
    journal.save(ticket, [moved], now, once=once)
    return ticket, moved


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
    entries = [_take(ticket, step, now) for step in _steps_due(ticket, now)]
    if entries:
        journal.save(ticket, entries, now)
    elif ticket.due_at and from_text(ticket.due_at) <= now:
        journal.place_again(ticket)
    return entries


def due(now: datetime, shard: str, limit: int) -> list[tuple[str, float]]:
    """Tickets with a step due in one shard of the index, each with its lag in seconds."""
    found = Ticket.due_in(shard, now, limit)
    return [(ticket_id, (now - from_text(at)).total_seconds()) for ticket_id, at in found]


def push_ahead(ticket_id: str, until: datetime) -> None:
    """Look at a ticket that cannot be handled again later, so that it does not stop the rest."""
    Ticket.push_ahead(ticket_id, until)


def _steps_due(ticket: Ticket, now: datetime) -> list[sla.Step]:
    policy = settings.policy(ticket.sla["policy"])
    return sla.steps_due(journal.clocks_of(ticket), policy, now)


def _take(ticket: Ticket, step: sla.Step, now: datetime) -> TimelineEntry:
    journal.set_clocks(ticket, sla.take(journal.clocks_of(ticket), step))
    data = {"target": step.target.value, "step": step.name, "due_at": to_text(step.at)}
    if step.action == "warn":
        return journal.entry(ticket, Kind.SLA_WARNED, SYSTEM, now, data)
    if step.action == "breach":
        return journal.entry(ticket, Kind.SLA_BREACHED, SYSTEM, now, data)
    return _escalate_by_clock(ticket, step.action, data, now)


def _escalate_by_clock(
    ticket: Ticket, action: str, data: dict[str, str], now: datetime
) -> TimelineEntry:
    tier = int(ticket.tier)
    goes_up = action == "next_tier" and tier < LAST_TIER
    told = TELLS.get(action) or (None if goes_up else "manager")
    if goes_up:
        _move(ticket, tier + 1)
    facts = {**data, "from_tier": tier, "tier": int(ticket.tier), "told": told, "moved": goes_up}
    return journal.entry(ticket, Kind.ESCALATED, SYSTEM, now, facts)


def _move(ticket: Ticket, tier: int) -> None:
    ticket.tier = tier
    ticket.unstaffed_since = None
    release(ticket)


def _next_tier(tier: int, wanted: int | None) -> int:
    if wanted is not None and not tier < wanted <= LAST_TIER:
        raise Invalid(FieldError("/to_tier", f"Choose a tier above {tier}, up to {LAST_TIER}."))
    if tier == LAST_TIER:
        raise Conflict("This ticket is in the last tier already.")
    return wanted or tier + 1


def _close_if_rested(ticket: Ticket, now: datetime) -> list[TimelineEntry]:
    if ticket.resolved_at and now >= ticket.resolved_at + journal.CLOSES_AFTER:
        tickets.close_rested(ticket, now)
    return []
