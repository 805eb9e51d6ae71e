"""One's own account: where one is signed in, the second factor, and API tokens."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.errors import Conflict, Invalid, TooMany
from chalicelib.domain.permissions import Access
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.sign_in import waiting
from chalicelib.handlers.pages.visit import Visit
from chalicelib.handlers.problems import Refusal
from chalicelib.services import accounts, second_factor, sessions, tokens
from chalicelib.web import forms, qr
from chalicelib.web.account_forms import (
    MAY,
    CodeForm,
    OneForm,
    PasswordForm,
    RemovalForm,
    TokenForm,
)

HERE = "/account"
TOLD = {
    "ended": "That session is over.",
    "others": "You are signed out everywhere else.",
    "revoked": "That token opens nothing any more.",
    "on": "From now on you sign in with a code as well.",
    "off": "From now on your password alone signs you in.",
}


@page(HERE, "GET", access=Access.PERSON)
def account(visit: Visit) -> Response:
    return show(visit, told=TOLD.get(visit.asked("done") or ""))


@page(f"{HERE}/sessions/end", "POST", access=Access.PERSON)
def end_session(visit: Visit) -> Response:
    sent = forms.read(visit.incoming.body(), OneForm)
    if sent.value is None:
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "Choose one of your sessions.")
    sessions.end_one(visit.actor, sent.value.id, visit.now)
    return visit.go_to(f"{HERE}?done=ended")


@page(f"{HERE}/sessions/end-others", "POST", access=Access.PERSON)
def end_other_sessions(visit: Visit) -> Response:
    accounts.sign_out_everywhere(visit.person, visit.actor, visit.now, but=visit.session_id)
    return visit.go_to(f"{HERE}?done=others")


@page(f"{HERE}/tokens", "POST", access=Access.PERSON)
def create_token(visit: Visit) -> Response:
    """The one page that ever shows the token; reloading it asks the browser first."""
    sent = forms.read(visit.incoming.body(), TokenForm)
    asked = sent.value
    if asked is None:
        return show(visit, sent.shown("token"), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        row, secret = tokens.create(visit.actor, asked.label, asked.days, MAY[asked.may], visit.now)
    except (Invalid, Conflict) as error:
        return show(visit, sent.shown("token", form=str(error)), HTTPStatus.UNPROCESSABLE_ENTITY)
    return show(visit, made={"label": row.label, "token": secret})


@page(f"{HERE}/tokens/revoke", "POST", access=Access.PERSON)
def revoke_token(visit: Visit) -> Response:
    sent = forms.read(visit.incoming.body(), OneForm)
    if sent.value is None:
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "Choose one of your tokens.")
    tokens.revoke(visit.actor.id, sent.value.id, visit.actor, visit.now)
    return visit.go_to(f"{HERE}?done=revoked")


@page(f"{HERE}/second-factor", "POST", access=Access.PERSON)
def begin_second_factor(visit: Visit) -> Response:
    sent = forms.read(visit.incoming.body(), PasswordForm)

    def begin(asked: PasswordForm) -> Response:
        address = visit.incoming.address
        step = second_factor.begin(visit.person, asked.password, address, visit.now)
        return show_key(visit, step)

    return attempted(visit, sent, "begin", begin)


@page(f"{HERE}/second-factor/code", "POST", access=Access.PERSON)
def confirm_second_factor(visit: Visit) -> Response:
    sent = forms.read(visit.incoming.body(), CodeForm)
    state = sent.typed.get("state", "")
    try:
        if sent.value is None:
            return show_key(
                visit, second_factor.again(visit.person, state, visit.now), sent.shown()
            )
        second_factor.confirm(
            visit.person, state, sent.value.code, visit.incoming.address, visit.now
        )
    except (Invalid, TooMany) as error:
        step = second_factor.again(visit.person, state, visit.now)
        return waiting(show_key(visit, step, sent.shown(code=str(error))), error)
    except Conflict as error:
        return show(visit, sent.shown("begin", form=str(error)), HTTPStatus.CONFLICT)
    return visit.go_to(f"{HERE}?done=on")


@page(f"{HERE}/second-factor/removal", "POST", access=Access.PERSON)
def remove_second_factor(visit: Visit) -> Response:
    sent = forms.read(visit.incoming.body(), RemovalForm)

    def remove(asked: RemovalForm) -> Response:
        address = visit.incoming.address
        second_factor.drop(visit.person, asked.password, asked.code, address, visit.now)
        return visit.go_to(f"{HERE}?done=off")

    return attempted(visit, sent, "removal", remove)


def attempted(visit: Visit, sent: Any, name: str, act: Callable[[Any], Response]) -> Response:
    """What was done, or the page again with what is wrong in the form of this name."""
    if sent.value is None:
        return show(visit, sent.shown(name), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        return act(sent.value)
    except Invalid as error:
        wrong = {one.pointer.lstrip("/"): one.detail for one in error.errors}
        return show(visit, sent.shown(name, **wrong), HTTPStatus.UNPROCESSABLE_ENTITY)
    except (Conflict, TooMany) as error:
        return waiting(show(visit, sent.shown(name, form=str(error)), HTTPStatus.CONFLICT), error)


def show(
    visit: Visit, form: dict[str, Any] | None = None, status: HTTPStatus = HTTPStatus.OK,
    *, told: str | None = None, made: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    person = visit.person
    return visit.show(
        "account.html",
        status,
        form=form or forms.EMPTY,
        told=told,
        made=made,
        here_now=visit.session_id,
        sessions=[sessions.view(one) for one in sessions.of(person.person_id, visit.now)],
        tokens=[tokens.view(one) for one in tokens.of(person.person_id)],
        factor=second_factor.view(person),
    )


def show_key(visit: Visit, step: Any, form: dict[str, Any] | None = None) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    picture = qr.picture(second_factor.uri(step.email, step.key))
    return visit.show(
        "second_factor.html", status, step=step, picture=picture, form=form or forms.EMPTY
    )
