"""From each tier's queue to the best of those who can take a ticket, or to a visible wait."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain import assignment, business_hours
from chalicelib.domain.assignment import Choice, Need, Strategy
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import text_or_none
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.vocabulary import ACTIVE, LAST_TIER, Priority, Target
from chalicelib.models.saving import NotSaved
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import (
    clocks,
    journal,
    management,
    needs,
    ownership,
    paging,
    settings,
    staff,
)


@journal.retried
def dispatch(ticket_id: str, tier: int, now: datetime) -> Ticket | None:
    """Find an agent for a ticket that reached a tier's queue; None if that is no longer needed.

    Safe to run again: an assigned, finished or moved ticket is left alone. The tickets of a team
    that pulls wait until somebody takes them.
    """
    ticket = Ticket.find(ticket_id)
    if ticket is None or not _waits_in(ticket, tier) or strategy_of(ticket) is Strategy.PULL:
        return None
    need = _need_of(ticket, now)
    choice = choose(ticket, need, now)
    if choice.candidate is None:
        return _hold_for_staff(ticket, choice, need, now)
    data = {"assignee": named(choice), "reason": choice.reason}
    hand_out(ticket, choice, [journal.entry(ticket, Kind.ASSIGNED, SYSTEM, now, data)], now)
    return ticket


def choose(ticket: Ticket, need: Need, now: datetime) -> Choice:
    """Who of everybody should take it, by the rule of its team."""
    return assignment.choose(staff.candidates(now), need, strategy_of(ticket))


def would_choose(ticket: Ticket, now: datetime) -> Choice:
    """Who would get it at this moment and why; or why nobody."""
    return choose(ticket, _need_of(ticket, now), now)


def hand_out(ticket: Ticket, choice: Choice, entries: list[TimelineEntry], now: datetime) -> None:
    """Save that the machine gives a ticket to the one it chose, if they still have room.

    They have the tier's time to accept it. Raises NotSaved.
    """
    chosen = staff.rows()[choice.candidate.id]  # type: ignore[union-attr]
    ownership.give(ticket, chosen.person_id, chosen.name, now)
    ticket.accept_by = _accept_by(ticket, now)
    memory = needs.remembered(ticket, chosen.person_id, now)
    try:
        journal.save(ticket, entries, now, *memory, chosen=chosen)
    except NotSaved:
        staff.forget()
        raise
    staff.note_given(chosen.person_id, int(ticket.carried["weight"]), now)


def unstaffed(ticket: Ticket, choice: Choice, need: Need, now: datetime) -> list[TimelineEntry]:
    """What is to be saved when nobody can take it: it says so, and whoever is on call is paged.

    Past the last tier the management is told.
    """
    ticket.unstaffed_since = now
    ticket.expected_at = staff.next_at(_able(need, now), now)
    tier = int(ticket.tier)
    data = {"tier": tier, "why": choice.reason, "expected_at": text_or_none(ticket.expected_at)}
    entries = [journal.entry(ticket, Kind.UNSTAFFED, SYSTEM, now, data)]
    entries += paging.begun(ticket, now)
    if tier == LAST_TIER:
        reason = "Nobody in the last tier can take it."
        entries.append(management.told(ticket, "manager", SYSTEM, now, reason=reason))
    return entries


def named(choice: Choice) -> dict[str, str] | None:
    one = choice.candidate
    return {"id": one.id, "name": one.name} if one else None


def strategy_of(ticket: Ticket) -> Strategy:
    return Strategy(settings.team_of(ticket.team).strategy)


def eligible_now(tier: int, now: datetime) -> int:
    """How many agents of a tier could take a ticket at this moment."""
    return sum(assignment.is_eligible(one, tier) for one in staff.candidates(now))


def _waits_in(ticket: Ticket, tier: int) -> bool:
    return ticket.status in ACTIVE and not ticket.assignee_id and int(ticket.tier) == tier


def _need_of(ticket: Ticket, now: datetime) -> Need:
    """With one read more: who knows the requester; or where room is short, what is more urgent."""
    need = needs.need_of(ticket, now)
    best = choose(ticket, need, now).candidate
    if best is None:
        return need
    if assignment.is_tight(best, need):
        return replace(need, behind=_more_urgent(ticket, now))
    return needs.need_of(ticket, now, needs.helper_of(ticket, now))


def _more_urgent(ticket: Ticket, now: datetime) -> Need | None:
    """What the most urgent waiting ticket of the tier asks, if it is more urgent than this one.

    Places come free one by one: without this, light tickets would take each of them before a heavy
    one fits.
    """
    first = next(iter(Ticket.waiting_in(int(ticket.tier), 1)), None)
    is_behind = first is not None and first.priority < ticket.priority
    return needs.need_of(first, now) if first and is_behind else None


def _hold_for_staff(ticket: Ticket, choice: Choice, need: Need, now: datetime) -> Ticket:
    if not ticket.unstaffed_since:
        journal.save(ticket, unstaffed(ticket, choice, need, now), now)
    return ticket


def _able(need: Need, now: datetime) -> list[str]:
    """Those who could take it if they were there."""
    group, asked = assignment.group_for(staff.candidates(now), need)
    return [one.id for one in group if assignment.is_able(one, asked) and one.id not in need.not_to]


def _accept_by(ticket: Ticket, now: datetime) -> datetime | None:
    """When it is lost again: the tier's time to accept, by the hours of the ticket."""
    policy, hours = clocks.policy_of(ticket), clocks.calendar_of(ticket)
    within = policy.within(Priority(ticket.priority), Target.TIME_TO_ACCEPT, int(ticket.tier))
    try:
        return business_hours.add_working(hours, now, within) if within else None
    except business_hours.NeverOpen:
        return None
