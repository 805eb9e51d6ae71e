"""People: who they are, their tokens, signing in and out."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters import identity
from chalicelib.config import config
from chalicelib.domain.errors import Conflict, FieldError, Invalid, NotAuthenticated, NotFound
from chalicelib.domain.people import Actor, normal_email, requester_id, staff_id
from chalicelib.domain.vocabulary import STAFF, Availability, Role
from chalicelib.models.person import STAFF_DESK, Person
from chalicelib.models.saving import save_together
from chalicelib.models.session import Session
from chalicelib.models.token import ApiToken
from chalicelib.services import staff
from chalicelib.services.signing import digest

TOKEN_PREFIX = "tl_"  # noqa: S105
SESSION_LIVES = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
WRONG = "The mail address or the password is wrong."


@dataclass(frozen=True)
class SignedIn:
    """A live session: who, and the token that unsafe requests must carry."""

    person: Person
    csrf: str


def by_token(token: str | None, now: datetime) -> Actor:
    """Whose API token this is. Raises NotAuthenticated."""
    found = ApiToken.find(digest(token)) if token and token.startswith(TOKEN_PREFIX) else None
    if found is None or (found.expires_at and found.expires_at <= now):
        raise NotAuthenticated("Send a valid token: `Authorization: Bearer <token>`.")
    person = find(found.person_id)
    if person.left_at:
        raise NotAuthenticated("Send a valid token: `Authorization: Bearer <token>`.")
    return actor_of(person)


def issue_token(person_id: str, label: str, now: datetime, lives: timedelta | None = None) -> str:
    """A new API token; only its hash is kept, so this is the one time it can be read."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    ApiToken(
        digest(token), person_id=find(person_id).person_id, label=label,
        created_at=now, expires_at=now + lives if lives else None,
    ).save()  # fmt: skip
    return token


def sign_in(email: str, password: str, now: datetime) -> tuple[Person, str]:
    """Who signed in and a new session's secret, for the cookie. Raises NotAuthenticated."""
    try:
        claims = identity.sign_in(normal_email(email), password)
    except identity.WrongCredentials as error:
        raise NotAuthenticated(WRONG) from error
    person = Person.with_email(normal_email(email))
    if person is None or person.left_at or person.subject != claims["sub"]:
        raise NotAuthenticated(WRONG)
    return person, _start_session(person, now)


def by_session(secret: str | None, now: datetime) -> SignedIn | None:
    """Who a session cookie belongs to; None when it is over or was never ours."""
    session = Session.live(digest(secret), now) if secret else None
    person = Person.find(session.person_id) if session else None
    here = person is not None and not person.left_at
    return SignedIn(person, session.csrf) if session and person and here else None


def sign_out(secret: str | None) -> None:
    """End a session at once."""
    if secret:
        Session(digest(secret)).delete()


def find(person_id: str) -> Person:
    """Raises NotFound."""
    person = Person.find(person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return person


def named(person: str) -> Person:
    """Somebody by id or mail address. Raises NotFound."""
    known = Person.with_email(normal_email(person)) if "@" in person else Person.find(person)
    if known is None:
        raise NotFound(f"There is nobody called {person}.")
    return known


def actor_of(person: Person) -> Actor:
    """The acting person, with what their team lets them see: little, if there is no such team."""
    role, outside = Role(person.role), staff.is_outside(person)
    return Actor(person.person_id, person.name, role, person.email, person.team, outside)


def roster() -> list[Person]:
    """All who work in a tier, to choose from, without their addresses."""
    return sorted((one for one in staff.rows().values() if one.tiers), key=lambda one: one.name)


def managers() -> list[Person]:
    """Leads and admins."""
    return with_addresses(_of_role(Role.LEAD, Role.ADMIN))


def leads() -> list[Person]:
    """Those who are told when the desk cannot keep a promise."""
    return with_addresses(_of_role(Role.LEAD))


def with_addresses(ids: Iterable[str]) -> list[Person]:
    """These people in whole, sorted by name; who is not there is left out."""
    found = Person.batch_get(list(dict.fromkeys(ids)))
    return sorted((one for one in found if one.name and not one.left_at), key=lambda one: one.name)


def note_seen(person: Person, now: datetime) -> None:
    """That they are at the console; written down every few minutes."""
    if person.seen_at is None or now - person.seen_at >= SEEN_EVERY:
        person.note_seen(now)


def add(
    name: str, email: str, role: Role, password: str | None = None, tier: int | None = None,
    **profile: Any,
) -> Person:  # fmt: skip
    """Add a person, or bring one with this address up to date; with a password they can sign in.

    Of somebody who is known, only what is given here is changed.
    """
    email = normal_email(email)
    known = Person.with_email(email)
    person = known or Person(_new_id(email, role), version=0)
    subject = _subject(email, password) if password else person.subject
    fresh = {} if known else {"availability": Availability.AVAILABLE.value, "load": 0,
                              "capacity": Person.capacity.default, "locale": "en",
                              "time_zone": "UTC"}  # fmt: skip
    tiers = {"tiers": [tier]} if tier else {}
    fields = {
        **fresh, "name": name, "email": email, "role": role.value, "subject": subject or None,
        "desk": STAFF_DESK if role in STAFF else None, "left_at": None, **tiers, **profile,
    }  # fmt: skip
    save_together(updates=[person.profile(**fields)])
    staff.forget()
    return find(person.person_id)


def _of_role(*roles: Role) -> list[str]:
    """Of the desk itself: what a group outside may not see, it is not told."""
    return [
        one.person_id
        for one in staff.rows().values()
        if one.role in roles and not staff.is_outside(one)
    ]


def _start_session(person: Person, now: datetime) -> str:
    secret = secrets.token_urlsafe(32)
    Session(
        digest(secret), person_id=person.person_id, csrf=secrets.token_urlsafe(32),
        expires_at=int((now + SESSION_LIVES).timestamp()),
    ).save()  # fmt: skip
    return secret


def _subject(email: str, password: str) -> str:
    if not config.user_pool_id:
        raise Conflict("USER_POOL_ID is not set, so nobody can be given a password.")
    try:
        return identity.create_user(email, password)
    except identity.Refused as error:
        raise Invalid(FieldError("/password", str(error))) from error


def _new_id(email: str, role: Role) -> str:
    return requester_id(email) if role is Role.REQUESTER else staff_id(email)
