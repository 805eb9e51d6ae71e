"""Signing in and out: a new session each time, the old one gone at once."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from chalice import Response

from chalicelib.domain.errors import Invalid, NotAuthenticated, TooMany
from chalicelib.domain.permissions import Access
from chalicelib.handlers.pages import cookies
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import people, sessions, sign_in_elsewhere
from chalicelib.services import sign_in as service
from chalicelib.services.second_factor import uri
from chalicelib.services.sign_in import Done, Step
from chalicelib.web import forms, qr
from chalicelib.web.account_forms import StepForm
from chalicelib.web.desk_forms import SignInForm


@page("/sign-in", "GET", "POST", access=Access.ANYONE)
def sign_in(visit: Visit) -> Response:
    if visit.incoming.request.method == "GET":
        return ask(visit, forms.EMPTY, HTTPStatus.OK, visit.asked("next"))
    sent = forms.read(visit.incoming.body(), SignInForm)
    asked = sent.value
    if asked is None:
        return ask(visit, sent.shown(), HTTPStatus.UNPROCESSABLE_ENTITY, sent.typed.get("next"))
    try:
        done = service.with_password(asked.email, asked.password, visit.came_from, visit.now)
    except (NotAuthenticated, TooMany) as error:
        form = sent.shown(form=str(error))
        return waiting(ask(visit, form, HTTPStatus.UNAUTHORIZED, asked.next), error)
    return onward(visit, done, asked.next)


@page("/sign-in/step", "POST", access=Access.ANYONE)
def sign_in_step(visit: Visit) -> Response:
    """The code, or the new password, that is asked for after the password."""
    sent = forms.read(visit.incoming.body(), StepForm)
    state = sent.typed.get("state", "")
    try:
        if sent.value is None:
            return ask_step(
                visit, service.peek(state, visit.now), sent.shown(), sent.typed.get("next")
            )
        done = service.with_answer(state, sent.value.answer, visit.came_from, visit.now)
    except (Invalid, TooMany) as error:
        wrong = sent.shown(answer=str(error))
        answer = ask_step(visit, service.peek(state, visit.now), wrong, sent.typed.get("next"))
        return waiting(answer, error)
    except NotAuthenticated as error:
        wrong = {**forms.EMPTY, "errors": {"form": str(error)}}
        return ask(visit, wrong, HTTPStatus.UNAUTHORIZED, sent.typed.get("next"))
    return onward(visit, done, sent.value.next)


@page("/sign-out", "POST", access=Access.ANYONE)
def sign_out(visit: Visit) -> Response:
    sessions.end(cookies.read(visit.incoming, cookies.SESSION), visit.now)
    return visit.go_to("/", cookies.written(visit.incoming, cookies.SESSION, "", 0))


def ask(visit: Visit, form: object, status: HTTPStatus, wanted: str | None) -> Response:
    next_path = wanted if is_our_own(wanted) else None
    elsewhere = sign_in_elsewhere.name()
    return visit.show("sign_in.html", status, form=form, next_path=next_path, elsewhere=elsewhere)


def ask_step(
    visit: Visit, step: Step, form: object = forms.EMPTY, wanted: str | None = None
) -> Response:
    status = HTTPStatus.OK if form is forms.EMPTY else HTTPStatus.UNPROCESSABLE_ENTITY
    picture = qr.picture(uri(step.email, step.key)) if step.key else None
    next_path = wanted if is_our_own(wanted) else None
    return visit.show(
        "sign_in_step.html", status, step=step, form=form, picture=picture, next_path=next_path
    )


def waiting(answer: Response, error: Exception) -> Response:
    """The form again; after too many tries it says how long to wait."""
    if isinstance(error, TooMany):
        answer.status_code = int(HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def onward(visit: Visit, done: Done | Step, wanted: str | None) -> Response:
    if isinstance(done, Step):
        return ask_step(visit, done, wanted=wanted)
    return welcome(visit, done.secret, onward_to(done.person, wanted))


def onward_to(person: Any, wanted: str | None) -> str:
    home = "/desk" if people.actor_of(person).is_staff else "/requests"
    return wanted if wanted and is_our_own(wanted) else home


def welcome(visit: Visit, secret: str, path: str, *others: str) -> Response:
    sessions.end(cookies.read(visit.incoming, cookies.SESSION), visit.now)
    lives = int(sessions.LIVES.total_seconds())
    return visit.go_to(
        path, cookies.written(visit.incoming, cookies.SESSION, secret, lives), *others
    )


def is_our_own(path: str | None) -> bool:
    """Whether it is a plain path on this site, so that signing in cannot lead elsewhere."""
    if not path or not path.startswith("/") or path.startswith("//") or "\\" in path:
        return False
    parts = urlsplit(path)
    return path.isprintable() and path.isascii() and not parts.scheme and not parts.netloc
