"""What the tests of the SLA contract tell their stories with."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.domain import sla
from chalicelib.domain.vocabulary import Level, Priority, Target
from chalicelib.models.ticket import Ticket
from chalicelib.services import conversations, tickets
from tests.cast import ANA, MONDAY_9, ROSA, after
from tests.factories import a_ticket, clock_of, entries_of

FIRST, NEXT, RESOLUTION = Target.FIRST_RESPONSE, Target.NEXT_RESPONSE, Target.RESOLUTION
ACCEPT, ASSIGNMENT = Target.TIME_TO_ACCEPT, Target.ASSIGNMENT
HOUR = 3600
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
OFFICE = {
    "id": "office", "name": "Office", "zone": "UTC",
    "weekly": {day: [["09:00", "17:00"]] for day in WORKDAYS},
}  # fmt: skip


def all_targets(**target: Any) -> dict[str, Any]:
    """The same targets at every priority."""
    return {priority.value: target for priority in Priority}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def urgent(now: datetime = MONDAY_9, **fields: Any) -> Ticket:
    """P1: an answer within 15 minutes, accepted within 10, solved within 4 hours."""
    return a_ticket(now=now, impact=Level.HIGH, urgency=Level.HIGH, **fields)


def answered(ticket: Ticket, **at: float) -> None:
    conversations.reply(ticket.ticket_id, "On it.", ANA, after(**at))


def asked_again(ticket: Ticket, **at: float) -> None:
    conversations.reply(ticket.ticket_id, "And now?", ROSA, after(**at))


def resolved(ticket: Ticket, **at: float) -> None:
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, after(**at))


def due(ticket: Ticket, kind: Target) -> datetime | None:
    return sla.due_at(clock_of(ticket, kind))


def breached(ticket: Ticket) -> list[str]:
    """The targets whose breach was told, in order."""
    return [one.data["target"] for one in entries_of(ticket, "sla_breached")]


def cycles_of(ticket: Ticket, kind: Target) -> list[dict[str, Any]]:
    """The cycles of a clock that are over, as the timeline keeps them."""
    found = [cycle for entry in entries_of(ticket) for cycle in entry.cycles or []]
    return [cycle for cycle in found if cycle["kind"] == kind]
