"""All that somebody asked: signed in, or by a link that we mail to their address."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from chalice import Response

from chalicelib.domain.errors import NotFound, TooMany
from chalicelib.domain.people import Actor, requester_id
from chalicelib.domain.permissions import Access
from chalicelib.domain.vocabulary import Role
from chalicelib.handlers.pages import cookies
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.handlers.problems import headers_of
from chalicelib.services import guests, limits, links, views, worklist
from chalicelib.services.worklist import Wanted
from chalicelib.web import forms
from chalicelib.web.portal_forms import LinkForm

PAGE_SIZE = 25
USED = "This link has been used, and it works once. Have a new one sent to you."
OVER = "This link is not complete, or older than ten minutes. Have a new one sent to you."


@page("/requests", "GET", "POST", access=Access.ANYONE)
def own_requests(visit: Visit) -> Response:
    if visit.incoming.request.method == "POST":
        return changed(visit, visit.incoming.form)
    if key := visit.asked("key"):
        return visit.show("open_link.html", action="/requests", key=key, all_of_them=True)
    reader = reader_of(visit)
    return listed(visit, reader) if reader else ask(visit)


def changed(visit: Visit, sent: dict[str, str]) -> Response:
    if "key" in sent:
        return enter(visit, sent["key"])
    if "leave" in sent:
        return leave(visit)
    return mail_link(visit)


def enter(visit: Visit, key: str) -> Response:
    """Exchange the link's key for a pass in a cookie, and leave the key behind."""
    try:
        own_pass = guests.enter(key, visit.now)
    except NotFound as error:
        if reader_of(visit):  # the button was pressed twice
            return visit.go_to("/requests")
        problem = USED if str(error) == links.USED else OVER
        return ask(visit, {**forms.EMPTY, "errors": {"form": problem}}, HTTPStatus.NOT_FOUND)
    lives = int(guests.PASS_LIVES.total_seconds())
    return visit.go_to("/requests", cookies.written(visit.incoming, cookies.OWN, own_pass, lives))


def leave(visit: Visit) -> Response:
    links.end(cookies.read(visit.incoming, cookies.OWN))
    return visit.go_to("/requests", cookies.written(visit.incoming, cookies.OWN, "", 0))


def mail_link(visit: Visit) -> Response:
    """The same answer to every address, after the same work."""
    sent = forms.read(visit.incoming.body(), LinkForm)
    if sent.value is None:
        return ask(visit, sent.shown(), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        limits.take(limits.LINK_BLOCK, limits.block_of(visit.incoming.address), visit.now)
        limits.take(limits.LINK_MAIL, requester_id(sent.value.email), visit.now)
    except TooMany as error:
        answer = ask(visit, sent.shown(form=str(error)), HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers.update(headers_of(error))
        return answer
    guests.ask_for_link(sent.value.email)
    return ask(visit, is_sent=True)


def reader_of(visit: Visit) -> Actor | None:
    """Whose requests are to be shown; None to somebody of whom we know nothing."""
    if visit.person:  # also staff are requesters here, who see what was said in public
        who = visit.actor
        return Actor(requester_id(who.email), who.name, Role.REQUESTER, who.email)
    return guests.owner(cookies.read(visit.incoming, cookies.OWN), visit.now)


def listed(visit: Visit, reader: Actor) -> Response:
    cursor = visit.asked("cursor")
    found = worklist.page(Wanted(requester=reader.id), reader, visit.now, PAGE_SIZE, cursor)
    shown = [views.ticket_view(one, visit.now, visit.incoming.base_url) for one in found.tickets]
    older = f"/requests?{urlencode({'cursor': found.next})}" if found.next else None
    return visit.show("requests.html", tickets=shown, next_href=older, by_link=not visit.person)


def ask(
    visit: Visit, form: dict[str, Any] | None = None, status: HTTPStatus = HTTPStatus.OK,
    is_sent: bool = False,
) -> Response:  # fmt: skip
    """A page for strangers: where shall the link go."""
    return visit.show("ask_for_link.html", status, form=form or forms.EMPTY, is_sent=is_sent)
