"""Tickets that go elsewhere, one or many at once; who watches them; and pages acknowledged."""

from typing import Any

from chalice import Response

from chalicelib.domain.permissions import Access
from chalicelib.handlers.api import answers
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.preconditions import seen_version
from chalicelib.handlers.api.staffing_answers import OutcomesOut
from chalicelib.handlers.api.staffing_schemas import Transfer, Transfers
from chalicelib.handlers.api.tickets import answer_with
from chalicelib.handlers.entry import json_response
from chalicelib.services import ownership, transfers, watching
from chalicelib.services.transfers import Goal

ONE = "/tickets/{ticket_id}"
TICKET: dict[str, Any] = {"answers": answers.TicketOut}
STEP: dict[str, Any] = {**TICKET, "needs_version": True}
BY_PROGRAM = "api"


@endpoint("PUT", f"{ONE}/transfer", Access.STAFF, body=Transfer, **STEP)
def transfer_ticket(call: Call, ticket_id: str) -> Response:
    """Hand a ticket to a person, a team or a tier, with a note for whoever gets it."""
    asked, seen = call.body, seen_version(call)
    moved = (ticket_id, _goal(asked), asked.note, call.actor, call.now, seen)
    return answer_with(call, transfers.transfer(*moved))


@endpoint("POST", "/ticket-transfers", Access.STAFF, body=Transfers, answers=OutcomesOut)
def transfer_tickets(call: Call) -> Response:
    """Hand up to 50 tickets over, each by itself: one that cannot go keeps no other."""
    asked: Transfers = call.body
    done = transfers.transfer_all(asked.tickets, _goal(asked), asked.note, call.actor, call.now)
    return json_response({"items": [one.to_data() for one in done], "next": None})


@endpoint("PUT", f"{ONE}/watch", Access.STAFF, **TICKET)
def watch_ticket(call: Call, ticket_id: str) -> Response:
    """Watch a ticket: be told what happens on it."""
    return answer_with(call, watching.watch(ticket_id, call.actor, call.now))


@endpoint("DELETE", f"{ONE}/watch", Access.STAFF, **TICKET)
def unwatch_ticket(call: Call, ticket_id: str) -> Response:
    """Watch it no longer."""
    return answer_with(call, watching.unwatch(ticket_id, call.actor, call.now))


@endpoint("PUT", f"{ONE}/acknowledgement", Access.STAFF, **STEP)
def acknowledge_page(call: Call, ticket_id: str) -> Response:
    """Acknowledge a page: who was called takes the ticket."""
    seen = seen_version(call)
    taken = ownership.acknowledge(ticket_id, call.actor, call.now, BY_PROGRAM, seen)
    return answer_with(call, taken)


def _goal(asked: Transfer) -> Goal:
    return Goal(asked.person, asked.team, asked.tier)
