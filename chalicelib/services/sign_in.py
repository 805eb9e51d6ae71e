"""Signing in: a password, then perhaps a code, and a session at the end.

What is still to be given travels with the form, sealed: a page of ours needs no memory for it.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters import identity
from chalicelib.adapters.identity import Asked, Proved
from chalicelib.config import config
from chalicelib.domain.errors import FieldError, Invalid, NotAuthenticated
from chalicelib.domain.people import Actor, normal_email, subject_key
from chalicelib.domain.vocabulary import Role
from chalicelib.models.marker import Marker
from chalicelib.models.person import Person
from chalicelib.models.saving import NotSaved, save_together
from chalicelib.services import attempts, audit, sessions
from chalicelib.services.attempts import Try
from chalicelib.services.sessions import From
from chalicelib.services.signing import STEP, Forged, digest, seal, unseal

CODE, NEW_PASSWORD, SET_UP = "code", "new_password", "set_up"
KINDS = {identity.CODE: CODE, identity.NEW_PASSWORD: NEW_PASSWORD}
CHALLENGES = {kind: challenge for challenge, kind in KINDS.items()}
STEP_WITHIN = timedelta(minutes=10)
CODE_COUNTS_FOR = timedelta(minutes=3)
SIX_DIGITS = re.compile("[0-9]{6}")
SHORTEST_PASSWORD = 12  # as the user pool has it
WRONG = "The mail address or the password is wrong."
WRONG_CODE = "This is not the code that your app shows now."
TOO_LATE = "That took too long. Please sign in again."


@dataclass(frozen=True)
class Done:
    """Who signed in, and their new session's secret, for the cookie."""

    person: Person
    secret: str


@dataclass(frozen=True)
class Step:
    """What else is needed; `state` comes back with it, `key` is for setting an app up."""

    kind: str
    state: str
    email: str
    key: str = ""


def with_password(email: str, password: str, came_from: From, now: datetime) -> Done | Step:
    """Raises NotAuthenticated, and TooMany before anything is looked at."""
    email = normal_email(email)
    with attempts.trying(email, came_from.address, now) as one:
        try:
            said = identity.sign_in(email, password)
            return _next(email, said, came_from, now, one)
        except (identity.WrongCredentials, NotAuthenticated) as error:
            one.failed()
            raise NotAuthenticated(WRONG) from error


def with_answer(state: str, typed: str, came_from: From, now: datetime) -> Done | Step:
    """The code or the new password that a step asked for.

    Raises Invalid with words for the field, NotAuthenticated when it is too late, and TooMany.
    """
    held = opened(state, now)
    with attempts.trying(held["email"], came_from.address, now) as one:
        try:
            said = _answered(held, typed, now)
            use_up(state, now)
            return _next(held["email"], said, came_from, now, one, after=held["kind"])
        except identity.WrongCode as error:
            one.failed()
            raise Invalid(FieldError("/answer", WRONG_CODE)) from error
        except identity.Refused as error:
            raise Invalid(FieldError("/answer", str(error))) from error
        except (identity.WrongCredentials, NotAuthenticated) as error:
            one.failed()
            raise NotAuthenticated(TOO_LATE) from error


def peek(state: str, now: datetime) -> Step:
    """A step as it was asked for, to ask again. Raises NotAuthenticated."""
    held = opened(state, now)
    return Step(held["kind"], state, held["email"], held.get("key", ""))


def sealed(now: datetime, **held: Any) -> str:
    """What a form carries back: nobody reads or changes it, for ten minutes."""
    until = int((now + STEP_WITHIN).timestamp())
    return seal(STEP, json.dumps({**held, "until": until}))


def opened(state: str, now: datetime) -> dict[str, Any]:
    """Raises NotAuthenticated for what is not ours, or too old."""
    try:
        held: dict[str, Any] = json.loads(unseal(STEP, state))
        is_late = held["until"] < now.timestamp()
    except (Forged, ValueError, KeyError, TypeError) as error:
        raise NotAuthenticated(TOO_LATE) from error
    if is_late:
        raise NotAuthenticated(TOO_LATE)
    return held


def use_up(state: str, now: datetime) -> None:
    """A step that was answered rightly is over. Raises NotAuthenticated when it was before."""
    try:
        save_together(Marker.lasting(f"step#{digest(state)}", now, STEP_WITHIN))
    except NotSaved as error:
        raise NotAuthenticated(TOO_LATE) from error


def ask_for_codes(person: Person, access: str, on: bool, now: datetime) -> None:
    """From now on, or not any more; told before it is done. Raises WrongCredentials."""
    who = Actor(person.person_id, person.name, Role(person.role))
    done = "second_factor.on" if on else "second_factor.off"
    save_together(audit.row(done, who, person.person_id, now))
    identity.ask_for_codes(access, on)
    person.note_second_factor(now if on else None)


def fresh_code(email: str, typed: str, now: datetime) -> str:
    """The six digits that were typed. Raises WrongCode for all else.

    A code counts once, however long it is shown (RFC 6238, 5.2).
    """
    code = typed.replace(" ", "")
    if not SIX_DIGITS.fullmatch(code):
        raise identity.WrongCode
    mark = Marker.lasting(f"code#{digest(email, code)}", now, CODE_COUNTS_FOR)
    try:
        save_together(mark)
    except NotSaved as error:
        raise identity.WrongCode from error
    return code


def _answered(held: dict[str, Any], typed: str, now: datetime) -> Proved | Asked:
    email, kind = held["email"], held["kind"]
    if kind == NEW_PASSWORD:
        if len(typed) < SHORTEST_PASSWORD:
            raise identity.Refused(f"Use at least {SHORTEST_PASSWORD} characters.")
        return identity.answer(email, Asked(CHALLENGES[kind], held["session"]), typed)
    code = fresh_code(email, typed, now)
    if kind == CODE:
        return identity.answer(email, Asked(CHALLENGES[kind], held["session"]), code)
    identity.prove_second_factor(held["access"], code)
    return Proved({"iss": held["iss"], "sub": held["sub"]}, held["access"])


def _next(
    email: str, said: Proved | Asked, came_from: From, now: datetime, one: Try,
    after: str = "",
) -> Done | Step:  # fmt: skip
    """In, or one step further, `after` whichever was the last."""
    if isinstance(said, Asked):
        return _asked(email, said, now, one)
    person = Person.with_subject(subject_key(said.claims["iss"], said.claims["sub"]))
    if person is None or person.left_at:
        raise NotAuthenticated(WRONG)
    if after not in (CODE, SET_UP) and person.role in config.second_factor_roles:
        one.take_back()
        return set_up(email, said, now)
    if after == SET_UP:
        ask_for_codes(person, said.access, True, now)
    one.succeeded()
    return Done(person, sessions.start(person, now, came_from))


def _asked(email: str, said: Asked, now: datetime, one: Try) -> Step:
    """Right so far, so that its owner does not wait before they give the rest."""
    if said.challenge not in KINDS:
        raise NotAuthenticated(WRONG)
    one.take_back()
    kind = KINDS[said.challenge]
    return Step(kind, sealed(now, kind=kind, email=email, session=said.session), email)


def set_up(email: str, said: Proved, now: datetime) -> Step:
    """A key for somebody's app, which counts when a code of it comes back."""
    key = identity.begin_second_factor(said.access)
    held = {"kind": SET_UP, "email": email, "access": said.access, "key": key,
            "iss": said.claims["iss"], "sub": said.claims["sub"]}  # fmt: skip
    return Step(SET_UP, sealed(now, **held), email, key)
