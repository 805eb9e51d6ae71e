"""What is done about a ticket's promises: accepted, escalated, or given a date by hand."""

from typing import Any

from chalice import Response

from chalicelib.domain.errors import NotFound
from chalicelib.domain.permissions import Access
from chalicelib.domain.vocabulary import TARGETS, Target
from chalicelib.handlers.api import answers
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.preconditions import seen_version
from chalicelib.handlers.api.schemas import DeEscalation, DueDate, Escalation
from chalicelib.handlers.api.talk import answered
from chalicelib.handlers.api.tickets import answer_with
from chalicelib.services import deadlines, escalations, ownership

ONE = "/tickets/{ticket_id}"
STEP: dict[str, Any] = {"answers": answers.TicketOut, "needs_version": True}


@endpoint("PUT", f"{ONE}/acceptance", Access.STAFF, **STEP)
def accept_ticket(call: Call, ticket_id: str) -> Response:
    """Accept a ticket: one works on it now, and its time to accept ends."""
    seen = seen_version(call)
    return answer_with(call, ownership.accept(ticket_id, call.actor, call.now, seen))


@endpoint("POST", f"{ONE}/escalation", Access.STAFF, body=Escalation, answers=answers.EntryOut,
          status=201, keyed=True)  # fmt: skip
def escalate_ticket(call: Call, ticket_id: str) -> Response:
    """Hand a ticket to a higher tier with what was tried, or `tell` the lead or the manager."""
    asked, path = call.body, f"/tickets/{ticket_id}/escalation"
    if asked.tell:
        told = (ticket_id, asked.tell, asked.reason, call.actor, call.now)
        return answered(call, path, escalations.tell, told)
    moved = (ticket_id, asked.reason, asked.tried, asked.to_tier, call.actor, call.now)
    return answered(call, path, escalations.escalate, moved)


@endpoint("POST", f"{ONE}/de-escalation", Access.STAFF, body=DeEscalation,
          answers=answers.EntryOut, status=201, keyed=True)  # fmt: skip
def de_escalate_ticket(call: Call, ticket_id: str) -> Response:
    """Give a ticket back to a lower tier."""
    asked = call.body
    moved = (ticket_id, asked.reason, asked.to_tier, call.actor, call.now)
    path = f"/tickets/{ticket_id}/de-escalation"
    return answered(call, path, escalations.de_escalate, moved)


@endpoint("PUT", f"{ONE}/deadlines/{{target}}", Access.STAFF, body=DueDate, **STEP)
def set_due_date(call: Call, ticket_id: str, target: str) -> Response:
    """Set a due date by hand, in place of the policy's."""
    asked = call.body
    return _dated(call, ticket_id, target, asked.due_at, asked.reason)


@endpoint("DELETE", f"{ONE}/deadlines/{{target}}", Access.STAFF, **STEP)
def clear_due_date(call: Call, ticket_id: str, target: str) -> Response:
    """Go back to the policy's deadline."""
    return _dated(call, ticket_id, target, None, "")


def _dated(call: Call, ticket_id: str, target: str, due_at: Any, reason: str) -> Response:
    if target not in TARGETS:
        raise NotFound(f"There is no such target; there are {', '.join(TARGETS)}.")
    seen, kind = seen_version(call), Target(target)
    told = (ticket_id, kind, due_at, reason, call.actor, call.now, seen)
    return answer_with(call, deadlines.set_due_date(*told))
