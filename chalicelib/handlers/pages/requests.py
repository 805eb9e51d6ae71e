"""Following one request of one's own: by the link in a mail, or signed in."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.errors import Busy, Conflict, Invalid, NotFound, Stale, TooMany
from chalicelib.domain.identifiers import check_ticket_id
from chalicelib.domain.lifecycle import is_final
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import Access
from chalicelib.domain.vocabulary import ACTIVE, Status
from chalicelib.handlers.pages import attachments, cookies
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.reading import Reading, read_ticket
from chalicelib.handlers.pages.visit import Visit
from chalicelib.handlers.problems import STATUS_OF, headers_of
from chalicelib.services import conversations, guests, limits, reading, tickets
from chalicelib.services.once import AlreadyDone, Once, raise_what_was_done
from chalicelib.services.signing import digest
from chalicelib.web import forms, tracker
from chalicelib.web.portal_forms import ReplyForm, StepForm

TOLD = {
    "replied": "Thank you. Your message has reached us.",
    "solved": "Thank you. We have marked your request as solved.",
    "reopened": "Your request is open again.",
    "followed_up": "Thank you. We go on with it in this new request.",
}
CHANGED = "Something came in meanwhile. Please read it, then decide again."


@page("/requests/{ticket_id}", access=Access.GUEST)
def own_request(visit: Visit, ticket_id: str) -> Response:
    check_ticket_id(ticket_id)
    key = visit.asked("key")
    if key:
        action = f"/requests/{ticket_id}/pass"
        return visit.show("open_link.html", action=action, key=key, all_of_them=False)
    return follow(visit, ticket_id, told=TOLD.get(visit.asked("done") or ""))


@page("/requests/{ticket_id}/{step}", "GET", "POST", access=Access.GUEST)
def own_request_step(visit: Visit, ticket_id: str, step: str) -> Response:
    if step not in STEPS:
        raise NotFound("There is no such page.")
    check_ticket_id(ticket_id)
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
        raise_what_was_done(once)
        limit(reader, ticket_id, visit.now)
        files = attachments.carried(sent.value.attachments, reader.id, visit, once)
        ticket, _ = conversations.reply(
            ticket_id, sent.value.body, reader, visit.now, files=files, once=once
        )
    except Invalid as error:
        wrong = sent.shown(attachments=str(error))
        return follow(visit, ticket_id, wrong, HTTPStatus.UNPROCESSABLE_ENTITY)
    except AlreadyDone as done:
        ticket = reading.of_reply(done.answer, ticket_id, reader)
    except (Conflict, Busy, TooMany) as error:
        return refused(visit, ticket_id, sent, error)
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
    words = digest(str(said.version), said.body, said.attachments)
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
        limit(reader, ticket_id, visit.now)
        change(reader, sent.value.version)
    except Stale:
        return follow(visit, ticket_id, sent.shown(form=CHANGED), HTTPStatus.CONFLICT)
    except (Conflict, Busy, TooMany) as error:
        return refused(visit, ticket_id, sent, error)
    return visit.go_to(f"/requests/{ticket_id}?done={done}")


def limit(reader: Actor, ticket_id: str, now: datetime) -> None:
    """What anybody can send who has the link must not bury the request. Raises TooMany."""
    limits.take(limits.OWN_REQUEST, f"{reader.id} {ticket_id}", now)


def refused(
    visit: Visit, ticket_id: str, sent: forms.Submission[Any], error: Conflict | Busy | TooMany
) -> Response:
    """What was typed, why it was not taken, and when it may be sent again."""
    form, status = sent.shown(form=str(error)), STATUS_OF[type(error)]
    answer = follow(visit, ticket_id, form, status)
    answer.headers.update(headers_of(error))
    return answer


STEPS = {"pass": admit, "replies": reply, "solved": solved, "reopened": reopened}


def follow(
    visit: Visit,
    ticket_id: str,
    form: dict[str, Any] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    told: str | None = None,
) -> Response:
    """The follow-up page, with what was typed and what was wrong with it."""
    reader, form = visit.reader_of(ticket_id), form or forms.EMPTY
    seen, sent = read_ticket(visit, ticket_id, reader), attachments.shown(form, reader.id, visit)
    return visit.show("request.html", status, **standing(seen), form=form, told=told, uploads=sent)


def standing(seen: Reading) -> dict[str, Any]:
    state = Status(seen.ticket["status"])
    entries = tracker.conversation(seen.entries)
    return {
        "ticket": seen.ticket,
        "time_zone": seen.ticket["requester"].get("time_zone"),
        "entries": entries,
        "left_out": seen.left_out,
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
