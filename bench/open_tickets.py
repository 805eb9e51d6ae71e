"""Open tickets in any number, made as the desk makes them and stored in batches."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from chalicelib.domain.identifiers import CROCKFORD
from chalicelib.domain.people import SYSTEM, Requester, requester_id
from chalicelib.models.ticket import Ticket
from chalicelib.services import intake, journal

FIRST_OPENED_AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
IDLE_AT = FIRST_OPENED_AT + timedelta(minutes=1)  # some minutes look for stalled jobs too
FIRST_DUE_AT = FIRST_OPENED_AT + timedelta(hours=2)  # half of a P3's four hours
SPACE = len(CROCKFORD) ** 7
ADDRESS = "rosa@lunabakery.example"
ROSA = Requester(requester_id(ADDRESS), ADDRESS, "Rosa Delgado")


def due_by(count: int) -> datetime:
    """The instant at which this many tickets have a step due that none was taken of."""
    return FIRST_DUE_AT + timedelta(seconds=count - 1)


def fill(count: int) -> None:
    """Store tickets that were opened a second apart; the same ones under the same ids each time."""
    with Ticket.batch_write() as batch:
        for ticket in _tickets(count):
            batch.save(ticket)


def ids(count: int) -> list[str]:
    """The ids of the first tickets, in the order in which they were opened."""
    return [_id(number) for number in range(count)]


def _id(number: int) -> str:
    """As spread as random ones are, and none twice: what is multiplied by is odd."""
    spread = number * 8_675_309_041 % SPACE
    return "HD-" + "".join(CROCKFORD[spread >> shift & 31] for shift in range(0, 35, 5))


def _tickets(count: int) -> Iterator[Ticket]:
    for number, ticket_id in enumerate(ids(count)):
        at = FIRST_OPENED_AT + timedelta(seconds=number)
        draft = intake.Draft("The till is frozen", "Since nine, nothing works.", ROSA)
        ticket, opened = intake.new_ticket(draft, SYSTEM, at)
        ticket.ticket_id = ticket_id
        ticket.version = journal.prepare(ticket, [opened], at)
        yield ticket
