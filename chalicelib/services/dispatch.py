"""From each tier's queue to the best of those who can take a ticket, or to a visible wait."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain import assignment
from chalicelib.domain.assignment import Choice, Need, Strategy
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import text_or_none
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.vocabulary import ACTIVE, IN_WORK, LAST_TIER
from chalicelib.models.person import Person
from chalicelib.models.saving import NotSaved
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import (
    deadlines,
    journal,
    management,
    needs,
    ownership,
    paging,
    settings,
    staff,
)

LOOKED_AT = 20  # more urgent waiting tickets, for which somebody may be kept free


@journal.retried
def dispatch(
    ticket_id: str, tier: int, now: datetime, kept: frozenset[str] | None = None
) -> Ticket | None:
    """Find an agent for a ticket that reached a tier's queue; None if that is no longer needed.

    Safe to run again: an assigned, finished or moved ticket is left alone. The tickets of a team
    that pulls wait until somebody takes them. `kept` are those who are kept for more urgent ones,
    where that is known already.
    """
    ticket = Ticket.find(ticket_id)
    if ticket is None or not _waits_in(ticket, tier) or strategy_of(ticket) is Strategy.PULL:
        return None
    need = _need_of(ticket, now, kept)
    choice = choose(ticket, need, now)
    if choice.candidate is None:
        return _hold_for_staff(ticket, choice, need, now)
    data = {"assignee": named(choice), "reason": choice.reason}
    hand_out(ticket, choice, [journal.entry(ticket, Kind.ASSIGNED, SYSTEM, now, data)], now)
    return ticket


def try_again(ticket: Ticket, tier: int, kept: frozenset[str], now: datetime) -> Ticket | None:
    """One that waits, as an index has it: dispatched if somebody could take it.

    What it says of itself is brought up to date where that has changed.
    """
    need = replace(needs.need_of(ticket, now), kept=kept)
    is_outdated = (
        ticket.expected_at != _expected_at(ticket, need, now)
        or (ticket.page is None and paging.rotation_for(ticket) is not None)
    )  # fmt: skip
    if choose(ticket, need, now).candidate is None and not is_outdated:
        return None
    return dispatch(ticket.ticket_id, tier, now, kept)


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
    chosen = _as_chosen(choice, now)
    ownership.give(ticket, chosen.person_id, chosen.name, now)
    ticket.accept_by = deadlines.acceptance_due(ticket, now)
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
    ticket.expected_at = _expected_at(ticket, need, now)
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


def _as_chosen(choice: Choice, now: datetime) -> Person:
    """The row of the one who was chosen. Raises NotSaved if they are not as they were then."""
    row = staff.rows().get(choice.candidate.id) if choice.candidate else None
    if row is None or staff.candidate(row, now) != choice.candidate:
        raise NotSaved([])
    return row


def _waits_in(ticket: Ticket, tier: int) -> bool:
    """A part of another incident waits for nobody: whoever has that one has its parts."""
    is_free = not ticket.assignee_id and not ticket.parent
    return ticket.status in ACTIVE and is_free and int(ticket.tier) == tier


def _need_of(ticket: Ticket, now: datetime, kept: frozenset[str] | None = None) -> Need:
    """With one read more: who knows the requester; or where room is short, who is kept."""
    need = replace(needs.need_of(ticket, now), kept=kept or frozenset())
    best = choose(ticket, need, now).candidate
    if best is None:
        return need
    if kept is None and assignment.is_tight(best, need):
        return replace(need, kept=_kept_for_others(ticket, now))
    return replace(need, prefer=needs.preferred(ticket, now))


def _kept_for_others(ticket: Ticket, now: datetime) -> frozenset[str]:
    """Whom the most urgent waiting tickets of the tier wait for, that are before this one.

    Places come free one by one: without this, light tickets would take each of them before a heavy
    one fits.
    """
    waiting = Ticket.waiting_in(int(ticket.tier), LOOKED_AT)
    ids = (kept_for(one, now) for one in waiting if one.priority < ticket.priority)
    return frozenset[str]().union(*ids)


def kept_for(waiting: Ticket, now: datetime) -> frozenset[str]:
    """Who is kept free for a ticket that waits; nobody for one whose team pulls."""
    if strategy_of(waiting) is Strategy.PULL:
        return frozenset()
    return assignment.kept_for(staff.candidates(now), needs.need_of(waiting, now))


def _hold_for_staff(ticket: Ticket, choice: Choice, need: Need, now: datetime) -> Ticket:
    """It says so once; after that, what has changed since is made good."""
    if not ticket.unstaffed_since:
        journal.save(ticket, unstaffed(ticket, choice, need, now), now)
        return ticket
    expected, paged = ticket.expected_at, paging.begun(ticket, now)
    ticket.expected_at = _expected_at(ticket, need, now)
    if paged:
        journal.save(ticket, paged, now)
    elif ticket.expected_at != expected:
        journal.place_again(ticket)
    return ticket


def _expected_at(ticket: Ticket, need: Need, now: datetime) -> datetime | None:
    """When the first who could take it is expected; for one that is being worked on."""
    if ticket.status not in IN_WORK:
        return None
    group, asked = assignment.group_for(staff.candidates(now), need)
    able = (one for one in group if assignment.is_able(one, asked) and one.capacity > 0)
    return staff.next_at((one.id for one in able if one.id not in need.not_to), now)
