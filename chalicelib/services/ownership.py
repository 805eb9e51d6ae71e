"""Whose a ticket is, by hand: given, taken, accepted, given back, acknowledged."""

from datetime import datetime
from typing import Any

from chalicelib.domain.errors import Conflict, FieldError, Invalid, NotPermitted
from chalicelib.domain.events import Kind
from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import STAFF, Status
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.services import deadlines, journal, needs, paging, tickets

BY_HAND = "by hand"
KEPT_APART = 20  # how many are remembered who gave one ticket back


@journal.retried
def assign(
    ticket_id: str, person_id: str, actor: Actor, now: datetime, seen: int | None = None,
    note: str = "",
) -> Ticket:  # fmt: skip
    """Give a ticket to somebody by hand; that takes a new one up. Raises Invalid, Conflict.

    Whoever takes it themselves has accepted it. It may take them over their capacity: that is the
    decision of who does it.
    """
    ticket = journal.load_to_work(ticket_id, actor, seen)
    person = _staff_member(actor.id if person_id == "me" else person_id)
    late = deadlines.accepted(ticket, actor, now) if person.person_id == actor.id else []
    was = assignee_of(ticket)
    _take_up(ticket, now)
    give(ticket, person.person_id, person.name, now)
    data = {"assignee": assignee_of(ticket), "reason": BY_HAND, "was": was, "note": note}
    assigned = journal.entry(ticket, Kind.ASSIGNED, actor, now, _told(data))
    memory = needs.remembered(ticket, person.person_id, now)
    journal.save(ticket, [assigned, *late], now, *memory, by_hand=True)
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
    give(ticket, actor.id, actor.name, now)
    data = {"assignee": assignee_of(ticket)}
    accepted = journal.entry(ticket, Kind.ACCEPTED, actor, now, data)
    memory = needs.remembered(ticket, actor.id, now)
    journal.save(ticket, [accepted, *late], now, *memory, by_hand=True)
    return ticket


@journal.retried
def unassign(ticket_id: str, actor: Actor, now: datetime, seen: int | None = None) -> Ticket:
    """Put a ticket back into its tier's queue. Raises Conflict if nobody has it.

    Who had it does not get it again by the machine while it stays in the tier.
    """
    ticket = journal.load_to_work(ticket_id, actor, seen)
    if not ticket.assignee_id:
        raise Conflict("Nobody is assigned to this ticket.")
    data = {"was": assignee_of(ticket), "tier": int(ticket.tier)}
    ticket.given_back_by = [*(ticket.given_back_by or ()), ticket.assignee_id][-KEPT_APART:]
    release(ticket, now)
    journal.save(ticket, [journal.entry(ticket, Kind.UNASSIGNED, actor, now, data)], now)
    return ticket


@journal.retried
def acknowledge(
    ticket_id: str, actor: Actor, now: datetime, via: str, seen: int | None = None
) -> Ticket:
    """Who was called for a ticket says that they take it, `via` their link or the console.

    Saying it again changes nothing. Raises NotPermitted, Conflict if somebody else was faster.
    """
    ticket = journal.load_to_work(ticket_id, actor, seen)
    if ticket.assignee_id == actor.id:
        return ticket
    if ticket.assignee_id:
        raise Conflict(f"{ticket.assignee_name} has taken this ticket already.")
    if not paging.may_acknowledge(ticket, actor):
        raise NotPermitted("This ticket has not called you.")
    late = deadlines.accepted(ticket, actor, now)
    _take_up(ticket, now)
    give(ticket, actor.id, actor.name, now)
    data = {"assignee": assignee_of(ticket), "via": via}
    done = journal.entry(ticket, Kind.PAGE_ACKNOWLEDGED, actor, now, data)
    journal.save(ticket, [done, *late], now, by_hand=True)
    return ticket


def give(ticket: Ticket, person_id: str, name: str, now: datetime) -> None:
    """Somebody's, who has accepted it unless the machine chose them."""
    ticket.assignee_id, ticket.assignee_name, ticket.accept_by = person_id, name, None
    deadlines.assigned(ticket, now)


def release(ticket: Ticket, now: datetime) -> None:
    """Nobody's again."""
    ticket.assignee_id = ticket.assignee_name = ticket.accept_by = None
    deadlines.released(ticket, now)


def assignee_of(ticket: Ticket) -> dict[str, str] | None:
    if not ticket.assignee_id:
        return None
    return {"id": ticket.assignee_id, "name": ticket.assignee_name}


def _take_up(ticket: Ticket, now: datetime) -> None:
    if Status(ticket.status) is Status.NEW:
        tickets.become(ticket, Status.OPEN, now)  # stops no clock, so no breach can show


def _told(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}


def _staff_member(person_id: str) -> Person:
    person = Person.find(person_id)
    if person is None or person.role not in STAFF or person.left_at:
        raise Invalid(FieldError("/assignee", "There is no such agent."))
    return person
