"""One's own second factor: an app that shows a code, set up and dropped with the password."""

from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from chalicelib.adapters import identity
from chalicelib.adapters.identity import Asked, Proved
from chalicelib.config import config
from chalicelib.domain.errors import Conflict, FieldError, Invalid, NotAuthenticated
from chalicelib.domain.instants import to_text
from chalicelib.models.person import Person
from chalicelib.services import attempts
from chalicelib.services.attempts import Try
from chalicelib.services.sign_in import (
    SET_UP,
    WRONG_CODE,
    Step,
    ask_for_codes,
    fresh_code,
    opened,
    set_up,
    use_up,
)

ISSUER = "Tierline"
AGAIN = "That took too long. Please begin again."
SIGN_IN_ANEW = "Your password has to be replaced first. Sign out, then sign in anew."
WRONG_PASSWORD = "This is not your password."  # noqa: S105


def has_password(person: Person) -> bool:
    """Whether they sign in here; of others their own identity provider takes care."""
    return (person.subject or "").startswith(f"{identity.issuer()}|")


def is_needed(person: Person) -> bool:
    return person.role in config.second_factor_roles


def begin(person: Person, password: str, address: str | None, now: datetime) -> Step:
    """A key for their app. Raises Invalid for a wrong password, Conflict, TooMany."""
    with attempts.trying(person.email, address, now) as one:
        said = _password(person, password, one)
        if isinstance(said, Asked):
            one.take_back()
            raise Conflict("You have a second factor already; remove it first.")
        one.succeeded()
    return set_up(person.email, said, now)


def again(person: Person, state: str, now: datetime) -> Step:
    """The same key once more, after a wrong code. Raises Conflict when it is too late."""
    held = _held(person, state, now)
    return Step(SET_UP, state, held["email"], held["key"])


def confirm(person: Person, state: str, code: str, address: str | None, now: datetime) -> None:
    """From now on a code is asked for. Raises Invalid, TooMany, Conflict when it is too late."""
    held = _held(person, state, now)
    with attempts.trying(person.email, address, now) as one:
        try:
            identity.prove_second_factor(held["access"], fresh_code(person.email, code, now))
            use_up(state, now)
            ask_for_codes(person, held["access"], True, now)
        except identity.WrongCode as error:
            one.failed()
            raise Invalid(FieldError("/code", WRONG_CODE)) from error
        except (identity.WrongCredentials, NotAuthenticated) as error:
            raise Conflict(AGAIN) from error
        one.succeeded()


def drop(person: Person, password: str, code: str, address: str | None, now: datetime) -> None:
    """No code is asked for any more. Raises Invalid, Conflict where one is needed, TooMany."""
    if is_needed(person):
        raise Conflict("Your role needs a second factor.")
    with attempts.trying(person.email, address, now) as one:
        said = _proved(person, _password(person, password, one), code, one)
        one.succeeded()
    ask_for_codes(person, said.access, False, now)


def view(person: Person) -> dict[str, Any]:
    """What their account's page says of it."""
    since = person.second_factor_at
    return {
        "here": has_password(person),
        "needed": is_needed(person),
        "since": to_text(since) if since else None,
    }


def uri(email: str, key: str) -> str:
    """What an app reads from a picture (Key URI Format)."""
    label = quote(f"{ISSUER}:{email}", safe="@:")
    return f"otpauth://totp/{label}?{urlencode({'secret': key, 'issuer': ISSUER})}"


def _held(person: Person, state: str, now: datetime) -> dict[str, Any]:
    try:
        held = opened(state, now)
    except NotAuthenticated as error:
        raise Conflict(AGAIN) from error
    if held["kind"] != SET_UP or held["email"] != person.email:
        raise Conflict(AGAIN)
    return held


def _password(person: Person, password: str, one: Try) -> Proved | Asked:
    """They are proved, or a code is asked for. Raises Invalid, Conflict."""
    try:
        said = identity.sign_in(person.email, password)
    except identity.WrongCredentials as error:
        one.failed()
        raise Invalid(FieldError("/password", WRONG_PASSWORD)) from error
    if isinstance(said, Asked) and said.challenge != identity.CODE:
        raise Conflict(SIGN_IN_ANEW)
    return said


def _proved(person: Person, said: Proved | Asked, code: str, one: Try) -> Proved:
    """With the code as well, where one is asked for. Raises Invalid, Conflict."""
    if isinstance(said, Proved):
        return said
    try:
        answered = identity.answer(person.email, said, fresh_code(person.email, code, one.now))
    except (identity.WrongCode, identity.WrongCredentials) as error:
        one.failed()
        raise Invalid(FieldError("/code", WRONG_CODE)) from error
    if isinstance(answered, Asked):
        raise Conflict(SIGN_IN_ANEW)
    return answered
