"""When an agent goes: what is urgent moves on with a note, the rest waits for them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain import sla
from chalicelib.domain.assignment import Choice, Need, Strategy
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import text_or_none, to_text
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.teams import AWAY, LEFT, OUT_OF_OFFICE, SHIFT_END
from chalicelib.domain.vocabulary import IN_WORK, Availability, Role
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.observability import logger
from chalicelib.services import clocks, dispatch, journal, needs, ownership, settings, staff

SAID = (Kind.REPLY, Kind.NOTE, Kind.CALL)


def why_gone(person: Person, now: datetime) -> str | None:
    """Why somebody is not at work, as a team's rule names it; None while they are.

    Who is away for a short break only is not gone.
    """
    if person.left_at or not person.desk:
        return LEFT
    said = staff.availability_of(person, now)
    if said is Availability.OUT_OF_OFFICE:
        return OUT_OF_OFFICE
    if not staff.candidate(person, now).on_shift:
        return SHIFT_END
    return AWAY if said is Availability.AWAY and not _is_short(person, now) else None


def move_all(person: Person, reason: str, now: datetime, at_most: int) -> int:
    """Move on what the rule of the person's team says; answers how many tickets that were.

    One that cannot be moved keeps no other back; its failure is raised when the rest is done.
    """
    moved, failures = 0, []
    for ticket_id in [one.ticket_id for one in Ticket.open_of(person.person_id)]:
        try:
            moved += move(ticket_id, person, reason, now)
        except Exception as failure:
            logger.exception("ticket could not be handed over", ticket_id=ticket_id)
            failures.append(failure)
        if moved == at_most:
            break
    if failures:
        raise failures[0]
    return moved


@journal.retried
def move(ticket_id: str, person: Person, reason: str, now: datetime) -> bool:
    """Give one ticket to the next who can take it, or let it visibly wait; with a note.

    That of a team that pulls waits for whoever takes it.
    """
    ticket = Ticket.find(ticket_id)
    if ticket is None or not _moves(ticket, person, reason):
        return False
    need = _need_of(ticket, person, now)
    if dispatch.strategy_of(ticket) is Strategy.PULL:
        choice = Choice(None, "its team pulls")
    else:
        choice = dispatch.choose(ticket, need, now)
    handed = _entry(ticket, person, reason, choice, now)
    if choice.candidate:
        dispatch.hand_out(ticket, choice, [handed], now)
        return True
    ownership.release(ticket, now)
    waits = (
        []
        if dispatch.strategy_of(ticket) is Strategy.PULL
        else dispatch.unstaffed(ticket, choice, needs.need_of(ticket, now), now)
    )
    journal.save(ticket, [handed, *waits], now)
    return True


def _need_of(ticket: Ticket, person: Person, now: datetime) -> Need:
    """Not to the one who goes, whatever an index says; to who stands in for them first."""
    need = needs.need_of(ticket, now)
    stand_ins = [one for one in staff.stand_ins(person.person_id, now) if one != person.person_id]
    prefer = (*stand_ins, *needs.preferred(ticket, now))
    return replace(need, prefer=prefer, not_to=need.not_to | {person.person_id})


def _moves(ticket: Ticket, person: Person, reason: str) -> bool:
    """What they have not even accepted moves whatever its priority; what waits for others stays."""
    if ticket.assignee_id != person.person_id:
        return False
    if reason == LEFT:
        return True
    rule = settings.team_of(person.team)
    urgent = ticket.status in IN_WORK and rule.moves(ticket.priority, reason)
    return urgent or ticket.accept_by is not None


def _entry(
    ticket: Ticket, person: Person, reason: str, choice: Choice, now: datetime
) -> TimelineEntry:
    data: dict[str, Any] = {
        "from": ownership.assignee_of(ticket), "assignee": dispatch.named(choice),
        "why": reason, "reason": choice.reason, "tier": int(ticket.tier),
        "priority": ticket.priority, "status": ticket.status,
        "due_at": text_or_none(sla.next_deadline_at(clocks.clocks_of(ticket))),
        "last": _last_said(ticket), "note": person.away_note or "",
    }  # fmt: skip
    return journal.entry(ticket, Kind.HANDED_OVER, SYSTEM, now, data)


def _last_said(ticket: Ticket) -> dict[str, Any] | None:
    """Who spoke last, for the next one to begin with."""
    newest = reversed(TimelineEntry.newest_of(ticket.ticket_id, 30))
    said = next((one for one in newest if one.kind in SAID), None)
    return {"kind": said.kind, "by": _called(said.by), "at": to_text(said.at)} if said else None


def _called(by: dict[str, Any]) -> str:
    """Whoever asked is not named: this outlives them, and some are known by their address alone."""
    return "the requester" if by["role"] == Role.REQUESTER else str(by["name"])


def _is_short(person: Person, now: datetime) -> bool:
    break_at_most = timedelta(minutes=settings.team_of(person.team).short_break)
    return person.away_until is not None and person.away_until - now <= break_at_most
