"""Tickets: open, list, read, change; their timeline and the explanation of their deadlines."""

from typing import Any

from chalice import Response

from chalicelib.domain.errors import FieldError, Invalid
from chalicelib.domain.people import Actor, Requester, requester_id
from chalicelib.domain.permissions import Access
from chalicelib.domain.vocabulary import Channel
from chalicelib.handlers.api import answers
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.preconditions import do_once, etag, seen_version, ticket_answer
from chalicelib.handlers.api.schemas import NewTicket, PageQuery, TicketChange, TicketQuery
from chalicelib.handlers.api.sla_answers import SlaExplanationOut
from chalicelib.handlers.entry import json_response
from chalicelib.services import (
    attachments,
    intake,
    reading,
    tickets,
    uploads,
    views,
    worklist,
)
from chalicelib.services.worklist import SETS, Wanted
from chalicelib.web import sla_words


@endpoint("POST", "/tickets", Access.PERSON, body=NewTicket, answers=answers.TicketOut,
          status=201, keyed=True)  # fmt: skip
def open_ticket(call: Call) -> Response:
    """Open a ticket."""
    draft = _draft(call.body, call.actor)

    def phrase(ticket: Any, entry: Any) -> dict[str, Any]:
        return ticket_answer(call, ticket, draft.description)

    def do(key: Any) -> tuple[Any, Any]:
        files = uploads.arrived(call.body.attachments, call.actor.id, call.now, key)
        opened = intake.open_ticket(draft, call.actor, call.now, files=files, once=key)
        return opened.ticket, opened.entry

    return do_once(call, "/tickets", phrase, do)


@endpoint("GET", "/tickets", Access.PERSON, query=TicketQuery, answers=answers.TicketsOut)
def list_tickets(call: Call) -> Response:
    """List tickets, most urgent first."""
    asked: TicketQuery = call.query
    page = worklist.page(_wanted(call, asked), call.actor, call.now, asked.limit, asked.cursor)
    texts = reading.descriptions_of(page.tickets) if page.tickets else {}
    attachments.refresh(page.tickets)
    items = [ticket_answer(call, t, texts.get(t.ticket_id, ""))["body"] for t in page.tickets]
    return json_response({"items": items, "next": page.next})


@endpoint("GET", "/tickets/{ticket_id}", Access.PERSON, answers=answers.TicketOut)
def read_ticket(call: Call, ticket_id: str) -> Response:
    """Read a ticket."""
    ticket, description = reading.read(ticket_id, call.actor)
    return answer_with(call, ticket, description)


@endpoint("PATCH", "/tickets/{ticket_id}", Access.STAFF, body=TicketChange,
          answers=answers.TicketOut, needs_version=True)  # fmt: skip
def change_ticket(call: Call, ticket_id: str) -> Response:
    """Change a ticket's plain fields; impact and urgency set its priority."""
    seen = seen_version(call)
    fields = call.body.model_dump(mode="json", exclude_unset=True)
    if not fields:
        raise Invalid(FieldError("", "Send at least one field to change."))
    return answer_with(call, tickets.change(ticket_id, fields, call.actor, call.now, seen))


@endpoint("GET", "/tickets/{ticket_id}/timeline", Access.PERSON, query=PageQuery,
          answers=answers.TimelineOut)  # fmt: skip
def read_timeline(call: Call, ticket_id: str) -> Response:
    """Read what happened to a ticket, oldest first."""
    asked: PageQuery = call.query
    entries, more = reading.timeline(ticket_id, call.actor, call.now, asked.cursor, asked.limit)
    return json_response(
        {"items": [views.entry_view(entry, call.actor) for entry in entries], "next": more}
    )


@endpoint("GET", "/tickets/{ticket_id}/sla", Access.PERSON, answers=SlaExplanationOut)
def explain_sla(call: Call, ticket_id: str) -> Response:
    """Explain each deadline: what ran, what was paused, what is left."""
    found = reading.explain(ticket_id, call.actor, call.now)
    return json_response({**found, "words": sla_words.told(found)})


def answer_with(call: Call, ticket: Any, description: str | None = None) -> Response:
    """200 with the ticket as it is now."""
    attachments.refresh([ticket])
    text = reading.description_of(ticket) if description is None else description
    body = ticket_answer(call, ticket, text)["body"]
    return json_response(body, headers={"ETag": etag(body["version"])})


def _draft(body: NewTicket, actor: Actor) -> intake.Draft:
    asked = body.requester.model_dump()
    own = actor.id == requester_id(asked["email"])
    asked["name"] = asked["name"] or (actor.name if own else None)
    if not actor.is_staff and body.channel is not Channel.API:
        raise Invalid(FieldError("/channel", "Only the desk's staff may name another channel."))
    fields = body.model_dump(exclude={"requester", "attachments"})
    return intake.Draft(**fields, requester=Requester(id=requester_id(asked["email"]), **asked))


def _wanted(call: Call, asked: TicketQuery) -> Wanted:
    sets: dict[str, Any] = {name: frozenset(getattr(asked, name)) for name in SETS}
    return Wanted(
        **sets,
        unstaffed=asked.unstaffed,
        assignee=call.actor.id if asked.assignee == "me" else asked.assignee or None,
        requester=_requester(asked.requester),
    )


def _requester(asked: str | None) -> str | None:
    return requester_id(asked) if asked and "@" in asked else asked
