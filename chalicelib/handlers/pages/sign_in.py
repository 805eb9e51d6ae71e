"""Signing in and out: a new session each time, the old one gone at once."""

from http import HTTPStatus
from urllib.parse import urlsplit

from chalice import Response

from chalicelib.domain.errors import NotAuthenticated
from chalicelib.handlers.pages import cookies
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import people
from chalicelib.web import forms
from chalicelib.web.desk_forms import SignInForm


@page("/sign-in", "GET", "POST")
def sign_in(visit: Visit) -> Response:
    if visit.incoming.request.method == "GET":
        return ask(visit, forms.EMPTY, HTTPStatus.OK, visit.asked("next"))
    sent = forms.read(visit.incoming.body(), SignInForm)
    if sent.value is None:
        return ask(visit, sent.shown(), HTTPStatus.UNPROCESSABLE_ENTITY, sent.typed.get("next"))
    try:
        person, secret = people.sign_in(sent.value.email, sent.value.password, visit.now)
    except NotAuthenticated as error:
        shown = sent.shown(form=str(error))
        return ask(visit, shown, HTTPStatus.UNAUTHORIZED, sent.value.next)
    home = "/desk" if people.actor_of(person).is_staff else "/requests"
    return welcome(visit, secret, sent.value.next if is_our_own(sent.value.next) else home)


@page("/sign-out", "POST")
def sign_out(visit: Visit) -> Response:
    people.sign_out(cookies.read(visit.incoming, cookies.SESSION))
    return visit.go_to("/", cookies.written(visit.incoming, cookies.SESSION, "", 0))


def ask(visit: Visit, form: object, status: HTTPStatus, wanted: str | None) -> Response:
    next_path = wanted if is_our_own(wanted) else None
    return visit.show("sign_in.html", status, form=form, next_path=next_path)


def welcome(visit: Visit, secret: str, path: str) -> Response:
    people.sign_out(cookies.read(visit.incoming, cookies.SESSION))
    lives = int(people.SESSION_LIVES.total_seconds())
    cookie = cookies.written(visit.incoming, cookies.SESSION, secret, lives)
    return visit.go_to(path, cookie)


def is_our_own(path: str | None) -> bool:
    """Whether it is a plain path on this site, so that signing in cannot lead elsewhere."""
    if not path or not path.startswith("/") or path.startswith("//") or "\\" in path:
        return False
    parts = urlsplit(path)
    return path.isprintable() and path.isascii() and not parts.scheme and not parts.netloc
