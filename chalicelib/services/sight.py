"""What a ticket is, for deciding who may see it."""

from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import can_read
from chalicelib.domain.sight import About
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.services import people, settings


def about(ticket: Ticket, reader: Actor) -> About:
    """With its branch only for a reader whose sight is limited: most need no look-up."""
    return About(
        ticket.requester_id,
        ticket.team,
        ticket.assignee_id,
        branch_of(ticket) if reader.sight.is_limited else None,
        ticket.organisation,
    )


def sees(person: Person, ticket: Ticket) -> bool:
    """Whether somebody who works here may see a ticket, and so be told of it."""
    reader = people.actor_of(person)
    return can_read(reader, about(ticket, reader))


def branch_of(ticket: Ticket) -> str | None:
    """Tickets name a branch as people do; sights and agents know it by its id."""
    known = settings.branch(ticket.branch) if ticket.branch else None
    return str(known["id"]) if known else ticket.branch
