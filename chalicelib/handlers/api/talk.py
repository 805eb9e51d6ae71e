"""Replies, notes, and calls by telephone."""

from typing import Any

from chalice import Response

from chalicelib.domain.permissions import Access
from chalicelib.handlers.api import answers
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.preconditions import Phrase, do_once, etag, seen_version
from chalicelib.handlers.api.schemas import NewNote, NewReply
from chalicelib.services import conversations, uploads, views
from chalicelib.services.once import Once


@endpoint("POST", "/tickets/{ticket_id}/replies", Access.PERSON, body=NewReply,
          answers=answers.EntryOut, status=201, keyed=True)  # fmt: skip
def add_reply(call: Call, ticket_id: str) -> Response:
    """Reply in public, and set a status with it."""
    said = (ticket_id, call.body.body, call.actor, call.now, call.body.status)
    return answered(
        call, f"/tickets/{ticket_id}/replies", carrying(call, conversations.reply), said
    )


@endpoint("POST", "/tickets/{ticket_id}/notes", Access.STAFF, body=NewNote,
          answers=answers.EntryOut, status=201, keyed=True)  # fmt: skip
def add_note(call: Call, ticket_id: str) -> Response:
    """Write an internal note."""
    said = (ticket_id, call.body.body, call.actor, call.now)
    return answered(call, f"/tickets/{ticket_id}/notes", carrying(call, conversations.note), said)


@endpoint("POST", "/tickets/{ticket_id}/calls", Access.STAFF, body=NewNote,
          answers=answers.EntryOut, status=201, keyed=True)  # fmt: skip
def log_call(call: Call, ticket_id: str) -> Response:
    """Log a telephone call with the requester: an answer, whose minutes stay internal."""
    said = (ticket_id, call.body.body, call.actor, call.now)
    return answered(
        call, f"/tickets/{ticket_id}/calls", carrying(call, conversations.log_call), said
    )


def answered(call: Call, path: str, do: Any, asked: tuple[Any, ...]) -> Response:
    """Carry out a keyed step that answers with its timeline entry."""
    seen = seen_version(call, required=False)
    return do_once(call, path, entry_answer(call), lambda key: do(*asked, seen=seen, once=key))


def carrying(call: Call, do: Any) -> Any:
    """The same step with the files that the body names."""

    def with_files(*asked: Any, once: Once | None = None, **more: Any) -> Any:
        files = uploads.arrived(call.body.attachments, call.actor.id, call.now, once)
        return do(*asked, files=files, once=once, **more)

    return with_files


def entry_answer(call: Call) -> Phrase:
    """Phrases body and headers of an answer that is a timeline entry; the ETag is the ticket's.

    Location names the ticket: a reply to one that is closed opened the next.
    """

    def phrase(ticket: Any, entry: Any) -> dict[str, Any]:
        where = f"{call.incoming.base_url}/api/v1/tickets/{ticket.ticket_id}"
        headers = {"ETag": etag(ticket.version), "Location": where}
        return {"body": views.entry_view(entry, call.actor), "headers": headers}

    return phrase
