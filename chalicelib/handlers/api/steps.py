"""Changes of state, each a noun: assignment, hold, resolution; and the queues."""

from typing import Any

from chalice import Response

from chalicelib.domain.permissions import Access
from chalicelib.handlers.api import answers
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.preconditions import seen_version
from chalicelib.handlers.api.schemas import Assignment, Cancellation, Hold, Resolution
from chalicelib.handlers.api.tickets import answer_with
from chalicelib.handlers.entry import json_response
from chalicelib.services import ownership, tickets, worklist

ONE = "/tickets/{ticket_id}"
STEP: dict[str, Any] = {"answers": answers.TicketOut, "needs_version": True}


@endpoint("PUT", f"{ONE}/assignment", Access.STAFF, body=Assignment, **STEP)
def assign_ticket(call: Call, ticket_id: str) -> Response:
    """Assign a ticket, to oneself with `me`."""
    seen, person = seen_version(call), call.body.assignee
    return answer_with(call, ownership.assign(ticket_id, person, call.actor, call.now, seen))


@endpoint("DELETE", f"{ONE}/assignment", Access.STAFF, **STEP)
def unassign_ticket(call: Call, ticket_id: str) -> Response:
    """Put a ticket back into its tier's queue."""
    seen = seen_version(call)
    return answer_with(call, ownership.unassign(ticket_id, call.actor, call.now, seen))


@endpoint("PUT", f"{ONE}/hold", Access.STAFF, body=Hold, **STEP)
def hold_ticket(call: Call, ticket_id: str) -> Response:
    """Wait for the requester, a third party or a date."""
    seen, asked = seen_version(call), call.body
    held = tickets.hold(ticket_id, asked.reason, asked.until, call.actor, call.now, seen)
    return answer_with(call, held)


@endpoint("DELETE", f"{ONE}/hold", Access.STAFF, **STEP)
def resume_ticket(call: Call, ticket_id: str) -> Response:
    """Work on it again."""
    seen = seen_version(call)
    return answer_with(call, tickets.resume(ticket_id, call.actor, call.now, seen))


@endpoint("PUT", f"{ONE}/resolution", Access.PERSON, body=Resolution, **STEP)
def resolve_ticket(call: Call, ticket_id: str) -> Response:
    """Resolve, with what solved it."""
    seen, asked = seen_version(call), call.body
    done = tickets.resolve(ticket_id, asked.summary, asked.code, call.actor, call.now, seen)
    return answer_with(call, done)


@endpoint("DELETE", f"{ONE}/resolution", Access.PERSON, **STEP)
def reopen_ticket(call: Call, ticket_id: str) -> Response:
    """Reopen a resolved ticket."""
    seen = seen_version(call)
    return answer_with(call, tickets.reopen(ticket_id, call.actor, call.now, seen))


@endpoint("PUT", f"{ONE}/cancellation", Access.STAFF, body=Cancellation, **STEP)
def cancel_ticket(call: Call, ticket_id: str) -> Response:
    """Cancel a new ticket that is not to be worked on."""
    seen, reason = seen_version(call), call.body.reason
    return answer_with(call, tickets.cancel(ticket_id, reason, call.actor, call.now, seen))


@endpoint("GET", "/queues", Access.DESK, answers=answers.QueuesOut, tags=("queues",))
def read_queues(call: Call) -> Response:
    """Each tier's queue: how many wait, since when, what is due, and who could help."""
    return json_response({"items": worklist.queues(call.now), "next": None})
