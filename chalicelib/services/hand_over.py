"""When an agent goes: what is urgent moves on with a note, the rest waits for them."""

from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from chalicelib.domain import assignment, sla
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import text_or_none, to_text
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.teams import AWAY, LEFT, OUT_OF_OFFICE, SHIFT_END
from chalicelib.domain.vocabulary import Availability, Status
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import clocks, dispatch, journal, needs, ownership, settings, staff

IN_WORK = (Status.NEW, Status.OPEN)
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
    """Move on what the rule of the person's team says; answers how many tickets that were."""
    held = [one.ticket_id for one in Ticket.open_of(person.person_id)]
    moved = (move(ticket_id, person, reason, now) for ticket_id in held)
    return sum(islice(filter(None, moved), at_most))


@journal.retried
def move(ticket_id: str, person: Person, reason: str, now: datetime) -> bool:
    """Give one ticket to the next who can take it, or let it visibly wait; with a note."""
    ticket = Ticket.find(ticket_id)
    if ticket is None or not _moves(ticket, person, reason):
        return False
    stand_in = next((one for one in staff.stand_ins(person.person_id, now)
                     if one != person.person_id), None)  # fmt: skip
    need = needs.need_of(ticket, now, stand_in or needs.helper_of(ticket, now))
    choice = dispatch.choose(ticket, need, now)
    handed = _entry(ticket, person, reason, choice, now)
    if choice.candidate:
        dispatch.hand_out(ticket, choice, [handed], now)
        return True
    ownership.release(ticket, now)
    journal.save(ticket, [handed, *dispatch.unstaffed(ticket, choice, need, now)], now)
    return True


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
    ticket: Ticket, person: Person, reason: str, choice: assignment.Choice, now: datetime
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
    return {"kind": said.kind, "by": said.by["name"], "at": to_text(said.at)} if said else None


def _is_short(person: Person, now: datetime) -> bool:
    break_at_most = timedelta(minutes=settings.team_of(person.team).short_break)
    return person.away_until is not None and person.away_until - now <= break_at_most
