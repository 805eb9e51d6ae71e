"""The page behind a page's mail: whoever the link called can take the ticket, without signing in.

Mail scanners open links, so looking changes nothing; only the button does, and it carries the key.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.errors import Busy, Conflict, NotFound, NotPermitted
from chalicelib.domain.vocabulary import ACTIVE
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.handlers.problems import STATUS_OF
from chalicelib.services import journal, members, ownership, paging, people, views
from chalicelib.web import forms, tracker
from chalicelib.web.staffing_forms import TakeForm

VIA = "link"
NOTHING = (
    "It is not complete, or older than two days, or the ticket is out of your sight. "
    "Sign in to see which tickets have called you."
)
SHOWN = ("id", "subject", "status", "priority", "tier", "created_at", "sla", "page", "assignee")


@page("/on-call/{ticket_id}", "GET", "POST", same_for_all=True)
def on_call_link(visit: Visit, ticket_id: str) -> Response:
    try:
        return answer(visit, ticket_id)
    except NotFound:
        return nothing(visit)


def answer(visit: Visit, ticket_id: str) -> Response:
    if visit.incoming.request.method == "GET":
        return look(visit, ticket_id, visit.asked("key") or "")
    sent = forms.read(visit.incoming.body(), TakeForm)
    return take(visit, ticket_id, sent.value.key if sent.value else "")


def nothing(visit: Visit) -> Response:
    return visit.show(
        "problem.html", HTTPStatus.NOT_FOUND, title="This link opens nothing", advice=NOTHING,
        home="/desk/on-call", home_title="To what calls me", request_id=None,
    )  # fmt: skip


def take(visit: Visit, ticket_id: str, key: str) -> Response:
    called = people.actor_of(called_by(visit, ticket_id, key))
    try:
        ownership.acknowledge(ticket_id, called, visit.now, VIA)
    except (Conflict, Busy, NotPermitted) as error:
        return look(visit, ticket_id, key, STATUS_OF[type(error)], str(error))
    return visit.go_to(f"/on-call/{ticket_id}?key={key}")


def look(
    visit: Visit, ticket_id: str, key: str, status: HTTPStatus = HTTPStatus.OK,
    problem: str | None = None,
) -> Response:  # fmt: skip
    """What the ticket is, without what is said on it; and whose it is by now."""
    person = called_by(visit, ticket_id, key)
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


def called_by(visit: Visit, ticket_id: str, key: str) -> Any:
    """Whom the link was sent to, if they still work here. Raises NotFound."""
    return members.member(paging.called_by(ticket_id, key, visit.now))
