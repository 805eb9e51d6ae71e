"""Replies and notes."""

from typing import Any

from chalice import Response

from chalicelib.handlers.api import answers
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.preconditions import created, etag, once, replay, seen_version
from chalicelib.handlers.api.schemas import NewNote, NewReply
from chalicelib.services import conversations, views
from chalicelib.services.journal import AlreadyDone


@endpoint("POST", "/tickets/{ticket_id}/replies", body=NewReply, answers=answers.EntryOut,
          status=201, keyed=True)  # fmt: skip
def add_reply(call: Call, ticket_id: str) -> Response:
    """Reply in public, and set a status with it."""
    said = (ticket_id, call.body.body, call.actor, call.now, call.body.status)
    return _answered(call, f"/tickets/{ticket_id}/replies", conversations.reply, said)


@endpoint("POST", "/tickets/{ticket_id}/notes", body=NewNote, answers=answers.EntryOut,
          status=201, keyed=True)  # fmt: skip
def add_note(call: Call, ticket_id: str) -> Response:
    """Write an internal note."""
    said = (ticket_id, call.body.body, call.actor, call.now)
    return _answered(call, f"/tickets/{ticket_id}/notes", conversations.note, said)


def entry_answer(ticket: Any, entry: Any) -> dict[str, Any]:
    """Body and headers of an answer that is a timeline entry; the ETag is the ticket's."""
    return {"body": views.entry_view(entry), "headers": {"ETag": etag(ticket.version)}}


def _answered(call: Call, path: str, say: Any, said: tuple[Any, ...]) -> Response:
    seen = seen_version(call, required=False)
    try:
        ticket, entry = say(*said, seen=seen, once=once(call, path, entry_answer))
    except AlreadyDone as done:
        return replay(done)
    return created(entry_answer(ticket, entry))
