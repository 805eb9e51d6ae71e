"""The page behind a page's mail: whoever the link called can take the ticket, without signing in.

Mail scanners open links, so looking changes nothing; only the button does. It uses the key up, and
leaves a pass with which its reader may look at what they took, at an address without a secret.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.errors import Busy, Conflict, NotFound, NotPermitted
from chalicelib.domain.identifiers import check_ticket_id
from chalicelib.domain.links import LIVES, Action
from chalicelib.domain.permissions import Access
from chalicelib.domain.vocabulary import ACTIVE
from chalicelib.handlers.pages import cookies
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.handlers.problems import STATUS_OF
from chalicelib.services import journal, links, members, ownership, paging, people, views
from chalicelib.web import forms, tracker
from chalicelib.web.staffing_forms import TakeForm

VIA = "link"
NOTHING = (
    "It is not complete, or older than two days, or the ticket is out of your sight. "
    "Sign in to see which tickets have called you."
)
GONE = (
    "If it was you a moment ago, the ticket is yours, and nobody else is called. "
    "Sign in to work on it."
)
SHOWN = ("id", "subject", "status", "priority", "tier", "created_at", "sla", "page", "assignee")


@page("/on-call/{ticket_id}", "GET", "POST", access=Access.KEY, same_for_all=True)
def on_call_link(visit: Visit, ticket_id: str) -> Response:
    try:
        return answer(visit, ticket_id)
    except NotFound as error:
        return nothing(visit, was_used=str(error) == links.USED)


def answer(visit: Visit, ticket_id: str) -> Response:
    check_ticket_id(ticket_id)
    if visit.incoming.request.method == "GET":
        key = visit.asked("key")
        return look(visit, ticket_id, key) if key else look_again(visit, ticket_id)
    sent = forms.read(visit.incoming.body(), TakeForm)
    return take(visit, ticket_id, sent.value.key if sent.value else "")


def nothing(visit: Visit, was_used: bool) -> Response:
    title = "This link has been used" if was_used else "This link opens nothing"
    return visit.show(
        "problem.html", HTTPStatus.NOT_FOUND, title=title, advice=GONE if was_used else NOTHING,
        home="/desk/on-call", home_title="To what calls me", request_id=None,
    )  # fmt: skip


def take(visit: Visit, ticket_id: str, key: str) -> Response:
    link = paging.called_by(ticket_id, key, visit.now)
    called = people.actor_of(members.member(link.person_id))
    try:
        ownership.acknowledge(ticket_id, called, visit.now, VIA)
    except (Conflict, Busy, NotPermitted) as error:
        return look(visit, ticket_id, key, STATUS_OF[type(error)], str(error))
    return visit.go_to(f"/on-call/{ticket_id}", pass_cookie(visit, ticket_id, link))


def pass_cookie(visit: Visit, ticket_id: str, link: Any) -> str:
    lives = int(LIVES[Action.CALLED].total_seconds())
    looker_pass = paging.answered(link, visit.now)
    return cookies.written(visit.incoming, cookies.call_name(ticket_id), looker_pass, lives)


def look_again(visit: Visit, ticket_id: str) -> Response:
    """What was taken a little while ago; there is no button any more."""
    looker_pass = cookies.read(visit.incoming, cookies.call_name(ticket_id))
    person_id = paging.looked_by(ticket_id, looker_pass, visit.now)
    return show(visit, ticket_id, members.member(person_id), key=None)


def look(
    visit: Visit, ticket_id: str, key: str, status: HTTPStatus = HTTPStatus.OK,
    problem: str | None = None,
) -> Response:  # fmt: skip
    """What the link is about. Whom it was sent to must still work here."""
    link = paging.called_by(ticket_id, key, visit.now)
    return show(visit, ticket_id, members.member(link.person_id), key, status, problem)


def show(
    visit: Visit, ticket_id: str, person: Any, key: str | None,
    status: HTTPStatus = HTTPStatus.OK, problem: str | None = None,
) -> Response:  # fmt: skip
    """What the ticket is, without what is said on it; and whose it is by now."""
    ticket = journal.load(ticket_id, people.actor_of(person))
    view = views.ticket_view(ticket, visit.now, visit.incoming.base_url)
    return visit.show(
        "on_call_link.html",
        status,
        ticket={name: view[name] for name in SHOWN},
        due=tracker.promised_at(view) or tracker.solved_by(view),
        called=person.name,
        time_zone=person.time_zone,
        standing=standing(view, person.person_id),
        problem=problem,
        key=key,
    )


def standing(ticket: dict[str, Any], called: str) -> str:
    """`mine`, `taken` by somebody else, `waits` for whom it called, or it is `over`."""
    if ticket["status"] not in ACTIVE:
        return "over"
    if ticket["assignee"]:
        return "mine" if ticket["assignee"]["id"] == called else "taken"
    return "waits" if called in (ticket["page"] or {}).get("called", ()) else "over"
