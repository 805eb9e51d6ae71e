"""Following one's own requests: by the link in a mail, or signed in."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from chalice import Response

from chalicelib.domain.errors import Busy, Conflict, NotFound, Stale
from chalicelib.domain.lifecycle import is_final
from chalicelib.domain.people import Actor, requester_id
from chalicelib.domain.vocabulary import ACTIVE, Status
from chalicelib.handlers.pages import cookies
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.reading import Reading, read_ticket
from chalicelib.handlers.pages.visit import Visit
from chalicelib.handlers.problems import STATUS_OF
from chalicelib.services import conversations, guests, reading, tickets, views, worklist
from chalicelib.services.once import AlreadyDone, Once
from chalicelib.services.signing import digest
from chalicelib.services.worklist import Wanted
from chalicelib.web import forms, tracker
from chalicelib.web.portal_forms import ReplyForm, StepForm

PAGE_SIZE = 25
TOLD = {
    "replied": "Thank you. Your message has reached us.",
    "solved": "Thank you. We have marked your request as solved.",
    "reopened": "Your request is open again.",
    "followed_up": "Thank you. We go on with it in this new request.",
}
CHANGED = "Something came in meanwhile. Please read it, then decide again."


@page("/requests")
def own_requests(visit: Visit) -> Response:
    wanted = Wanted(requester=requester_id(visit.actor.email))
    found = worklist.page(wanted, visit.actor, visit.now, PAGE_SIZE, visit.asked("cursor"))
    shown = [views.ticket_view(one, visit.now, visit.incoming.base_url) for one in found.tickets]
    older = f"/requests?{urlencode({'cursor': found.next})}" if found.next else None
    return visit.show("requests.html", tickets=shown, next_href=older)


@page("/requests/{ticket_id}")
def own_request(visit: Visit, ticket_id: str) -> Response:
    key = visit.asked("key")
    if key:
        return visit.show("open_link.html", action=f"/requests/{ticket_id}/pass", key=key)
    return follow(visit, ticket_id, told=TOLD.get(visit.asked("done") or ""))


@page("/requests/{ticket_id}/{step}", "GET", "POST")
def own_request_step(visit: Visit, ticket_id: str, step: str) -> Response:
    if step not in STEPS:
        raise NotFound("There is no such page.")
    if visit.incoming.request.method == "GET":
        return visit.go_to(f"/requests/{ticket_id}")
    return STEPS[step](visit, ticket_id)


def admit(visit: Visit, ticket_id: str) -> Response:
    """Exchange the link's key for a pass in a cookie, and leave the key behind."""
    guest_pass = guests.admit(ticket_id, visit.incoming.form.get("key", ""), visit.now)
    return visit.go_to(f"/requests/{ticket_id}", pass_for(visit, ticket_id, guest_pass))


def reply(visit: Visit, ticket_id: str) -> Response:
    reader = visit.reader_of(ticket_id)
    sent = forms.read(visit.incoming.body(), ReplyForm)
    if sent.value is None:
        return follow(visit, ticket_id, sent.shown(), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        once = sent_once(reader, ticket_id, sent.value, visit.now)
        ticket, _ = conversations.reply(ticket_id, sent.value.body, reader, visit.now, once=once)
    except AlreadyDone as done:
        ticket = reading.of_reply(done.answer, ticket_id, reader)
    except (Conflict, Busy) as error:
        return follow(visit, ticket_id, sent.shown(form=str(error)), STATUS_OF[type(error)])
    if ticket.ticket_id == ticket_id:
        return visit.go_to(f"/requests/{ticket_id}?done=replied")
    return followed_up(visit, ticket)


def followed_up(visit: Visit, ticket: Any) -> Response:
    """What was finished goes on as a new request, which this reader may follow as well."""
    to = f"/requests/{ticket.ticket_id}?done=followed_up"
    if visit.person:
        return visit.go_to(to)
    return visit.go_to(to, pass_for(visit, ticket.ticket_id, guests.pass_for(ticket, visit.now)))


def pass_for(visit: Visit, ticket_id: str, guest_pass: str) -> str:
    lives = int(guests.PASS_LIVES.total_seconds())
    return cookies.written(visit.incoming, cookies.guest_name(ticket_id), guest_pass, lives)


def sent_once(reader: Actor, ticket_id: str, said: ReplyForm, now: datetime) -> Once:
    """The same words on the same state of the ticket are one message, however often sent."""
    words = digest(str(said.version), said.body)
    return Once(f"said#{ticket_id}#{reader.id}#{words}", now, words, reading.note_of_reply)


def solved(visit: Visit, ticket_id: str) -> Response:
    def change(reader: Actor, seen: int) -> None:
        tickets.resolve(ticket_id, "", None, reader, visit.now, seen)

    return decide(visit, ticket_id, change, "solved")


def reopened(visit: Visit, ticket_id: str) -> Response:
    def change(reader: Actor, seen: int) -> None:
        tickets.reopen(ticket_id, reader, visit.now, seen)

    return decide(visit, ticket_id, change, "reopened")


def decide(visit: Visit, ticket_id: str, change: Any, done: str) -> Response:
    reader = visit.reader_of(ticket_id)
    sent = forms.read(visit.incoming.body(), StepForm)
    if sent.value is None:
        return follow(visit, ticket_id, sent.shown(), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        change(reader, sent.value.version)
    except Stale:
        return follow(visit, ticket_id, sent.shown(form=CHANGED), HTTPStatus.CONFLICT)
    except (Conflict, Busy) as error:
        return follow(visit, ticket_id, sent.shown(form=str(error)), STATUS_OF[type(error)])
    return visit.go_to(f"/requests/{ticket_id}?done={done}")


STEPS = {"pass": admit, "replies": reply, "solved": solved, "reopened": reopened}


def follow(
    visit: Visit,
    ticket_id: str,
    form: dict[str, Any] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    told: str | None = None,
) -> Response:
    """The follow-up page, with what was typed and what was wrong with it."""
    seen = read_ticket(visit, ticket_id, visit.reader_of(ticket_id))
    return visit.show("request.html", status, **standing(seen), form=form or forms.EMPTY, told=told)


def standing(seen: Reading) -> dict[str, Any]:
    state = Status(seen.ticket["status"])
    entries = tracker.conversation(seen.entries)
    return {
        "ticket": seen.ticket,
        "time_zone": seen.ticket["requester"].get("time_zone"),
        "entries": entries,
        "steps": tracker.steps(seen.ticket, entries),
        "promised_at": tracker.believable(seen.ticket),
        "solved_by": tracker.solved_by(seen.ticket),
        "expected_at": seen.ticket["expected_at"],
        "finished": state not in ACTIVE,
        "can_reply": True,
        "goes_on_anew": is_final(state),
        "can_solve": state in ACTIVE,
        "can_reopen": state is Status.RESOLVED,
    }
