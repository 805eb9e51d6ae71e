"""The way to another identity provider, and the way back."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.errors import NotAuthenticated
from chalicelib.domain.permissions import Access
from chalicelib.handlers.pages import cookies
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.sign_in import ask, is_our_own, onward_to, welcome
from chalicelib.handlers.pages.visit import HEADERS, Visit
from chalicelib.services import sign_in_elsewhere
from chalicelib.services.sign_in_elsewhere import WITHIN
from chalicelib.web import forms

BACK = "/sign-in/callback"


@page("/sign-in/oidc", "GET", access=Access.ANYONE)
def sign_in_elsewhere_start(visit: Visit) -> Response:
    wanted = visit.asked("next")
    kept = wanted if wanted and is_our_own(wanted) else ""
    try:
        departure = sign_in_elsewhere.depart(redirect_uri(visit), kept, visit.now)
    except NotAuthenticated as error:
        return refused(visit, error)
    lives = int(WITHIN.total_seconds())
    cookie = cookies.written(visit.incoming, cookies.ELSEWHERE, departure.held, lives)
    headers: dict[str, Any] = {**HEADERS, "Location": departure.address, "Set-Cookie": [cookie]}
    return Response(body="", status_code=int(HTTPStatus.SEE_OTHER), headers=headers)


@page(BACK, "GET", access=Access.ANYONE)
def sign_in_callback(visit: Visit) -> Response:
    """The cookie is good once: it is taken away whatever comes of it."""
    held = cookies.read(visit.incoming, cookies.ELSEWHERE)
    state, code = visit.asked("state") or "", visit.asked("code") or ""
    gone = cookies.written(visit.incoming, cookies.ELSEWHERE, "", 0)
    try:
        done, wanted = sign_in_elsewhere.arrive(
            held, state, code, redirect_uri(visit), visit.came_from, visit.now
        )
    except NotAuthenticated as error:
        return refused(visit, error, gone)
    return welcome(visit, done.secret, onward_to(done.person, wanted), gone)


def redirect_uri(visit: Visit) -> str:
    return f"{visit.incoming.base_url}{BACK}"


def refused(visit: Visit, error: NotAuthenticated, *set_cookies: str) -> Response:
    form = {**forms.EMPTY, "errors": {"form": str(error)}}
    answer = ask(visit, form, HTTPStatus.UNAUTHORIZED, None)
    if set_cookies:
        answer.headers["Set-Cookie"] = list(set_cookies)
    return answer
