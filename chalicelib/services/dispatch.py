"""Who works on a ticket: by hand, and from each tier's queue by itself."""

from datetime import datetime

from chalicelib.domain import assignment
from chalicelib.domain.assignment import Candidate
from chalicelib.domain.errors import Conflict, FieldError, Invalid
from chalicelib.domain.events import Kind
from chalicelib.domain.people import SYSTEM, Actor
from chalicelib.domain.vocabulary import ACTIVE, LAST_TIER, STAFF, Availability, Status
from chalicelib.models.person import Person, tier_name
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import deadlines, journal, management, tickets


@journal.retried
def assign(
    ticket_id: str, person_id: str, actor: Actor, now: datetime, seen: int | None = None
) -> Ticket:
    """Give a ticket to somebody by hand; that takes a new one up. Raises Invalid, Conflict.

    Whoever takes it themselves has accepted it.
    """
    ticket = journal.load_to_work(ticket_id, actor, seen)
    person = _staff_member(actor.id if person_id == "me" else person_id)
    late = deadlines.accepted(ticket, actor, now) if person.person_id == actor.id else []
    _take_up(ticket, now)
    _give(ticket, person.person_id, person.name, now)
    data = {"assignee": {"id": person.person_id, "name": person.name}, "reason": "by hand"}
    journal.save(ticket, [journal.entry(ticket, Kind.ASSIGNED, actor, now, data), *late], now)
    return ticket


@journal.retried
def accept(ticket_id: str, actor: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Say that one works on it, which ends the time to accept. Raises Conflict if it is another's.

    What nobody has becomes one's own.
    """
    ticket = journal.load_to_work(ticket_id, actor, seen)
    if ticket.assignee_id not in (None, actor.id):
        raise Conflict(f"This ticket is assigned to {ticket.assignee_name}; take it over first.")
    late = deadlines.accepted(ticket, actor, now)
    _take_up(ticket, now)
    _give(ticket, actor.id, actor.name, now)
    data = {"assignee": {"id": actor.id, "name": actor.name}}
    journal.save(ticket, [journal.entry(ticket, Kind.ACCEPTED, actor, now, data), *late], now)
    return ticket


@journal.retried
def unassign(ticket_id: str, actor: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Put a ticket back into its tier's queue. Raises Conflict if nobody has it."""
    ticket = journal.load_to_work(ticket_id, actor, seen)
    if not ticket.assignee_id:
        raise Conflict("Nobody is assigned to this ticket.")
    data = {
        "was": {"id": ticket.assignee_id, "name": ticket.assignee_name},
        "tier": int(ticket.tier),
    }
    release(ticket, now)
    journal.save(ticket, [journal.entry(ticket, Kind.UNASSIGNED, actor, now, data)], now)
    return ticket


@journal.retried
def dispatch(
    ticket_id: str, tier: int, now: datetime, entry_id: str | None = None
) -> Ticket | None:
    """Find an agent for a ticket that reached a tier's queue; None if that is no longer needed.

    Safe to run again: an assigned, finished or moved ticket is left alone. Whoever gave it back,
    as the entry tells, does not get it again at once.
    """
    ticket = Ticket.find(ticket_id)
    if ticket is None or not _waits_in(ticket, tier):
        return None
    not_to = _gave_back(ticket_id, entry_id)
    chosen = assignment.choose(one for one in _candidates(tier, now) if one.id != not_to)
    if chosen is None:
        return _hold_for_staff(ticket, now)
    _give(ticket, chosen.id, chosen.name, now)
    data = {"assignee": {"id": chosen.id, "name": chosen.name}, "reason": assignment.reason(chosen)}
    journal.save(ticket, [journal.entry(ticket, Kind.ASSIGNED, SYSTEM, now, data)], now)
    return ticket


def release(ticket: Ticket, now: datetime) -> None:
    """Nobody's again."""
    ticket.assignee_id = ticket.assignee_name = None
    deadlines.released(ticket, now)


def eligible_now(tier: int, now: datetime) -> int:
    """How many agents of a tier could take a ticket at this moment."""
    return sum(assignment.is_eligible(candidate) for candidate in _candidates(tier, now))


def _waits_in(ticket: Ticket, tier: int) -> bool:
    return ticket.status in ACTIVE and not ticket.assignee_id and int(ticket.tier) == tier


def _gave_back(ticket_id: str, entry_id: str | None) -> str | None:
    entry = TimelineEntry.find(ticket_id, entry_id) if entry_id else None
    was = entry.data["was"] if entry and entry.kind == Kind.UNASSIGNED else None
    return was["id"] if was else None


def _available(person: Person, now: datetime) -> Availability:
    is_back = person.away_until is not None and person.away_until <= now
    return Availability.AVAILABLE if is_back else Availability(person.availability)


def _candidates(tier: int, now: datetime) -> list[Candidate]:
    return [
        Candidate(
            id=person.person_id,
            name=person.name,
            availability=_available(person, now),
            capacity=int(person.capacity),
            load=Ticket.load_of(person.person_id),
        )
        for person in Person.in_group(tier_name(tier))
    ]


def _hold_for_staff(ticket: Ticket, now: datetime) -> Ticket:
    """Nobody can take it: it says so, and past the last tier the management is told."""
    if ticket.unstaffed_since:
        return ticket
    ticket.unstaffed_since = now
    tier = int(ticket.tier)
    entries = [journal.entry(ticket, Kind.UNSTAFFED, SYSTEM, now, {"tier": tier})]
    if tier == LAST_TIER:
        reason = "Nobody in the last tier can take it."
        entries.append(management.told(ticket, "manager", SYSTEM, now, reason=reason))
    journal.save(ticket, entries, now)
    return ticket


def _take_up(ticket: Ticket, now: datetime) -> None:
    if Status(ticket.status) is Status.NEW:
        tickets.become(ticket, Status.OPEN, now)  # stops no clock, so no breach can show


def _give(ticket: Ticket, person_id: str, name: str, now: datetime) -> None:
    ticket.assignee_id, ticket.assignee_name, ticket.unstaffed_since = person_id, name, None
    deadlines.assigned(ticket, now)


def _staff_member(person_id: str) -> Person:
    person = Person.find(person_id)
    if person is None or person.role not in STAFF:
        raise Invalid(FieldError("/assignee", "There is no such agent."))
    return person
