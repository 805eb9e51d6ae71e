"""People: who they are, their tokens, signing in and out."""

import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from ulid import ULID

from chalicelib.adapters import identity
from chalicelib.config import config
from chalicelib.domain.errors import Conflict, FieldError, Invalid, NotAuthenticated, NotFound
from chalicelib.domain.people import Actor, normal_email, requester_id
from chalicelib.domain.permissions import check_can_work
from chalicelib.domain.vocabulary import TIERS, Availability, Role
from chalicelib.models.person import Person, tier_name
from chalicelib.models.session import Session
from chalicelib.models.token import ApiToken
from chalicelib.services.signing import digest

GROUPS = {Role.LEAD: Role.LEAD.value, Role.ADMIN: Role.ADMIN.value}
TOKEN_PREFIX = "tl_"  # noqa: S105
SESSION_LIVES = timedelta(hours=12)
ROSTER_KEPT_FOR_SECONDS = 60
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
    return find(found.person_id).actor


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
    if person is None or person.subject != claims["sub"]:
        raise NotAuthenticated(WRONG)
    return person, _start_session(person, now)


def by_session(secret: str | None, now: datetime) -> SignedIn | None:
    """Who a session cookie belongs to; None when it is over or was never ours."""
    session = Session.live(digest(secret), now) if secret else None
    person = Person.find(session.person_id) if session else None
    return SignedIn(person, session.csrf) if session and person else None


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


def agents() -> list[Person]:
    """Everybody who works in a tier."""
    return [person for tier in TIERS for person in Person.in_group(tier_name(tier))]


def roster() -> list[Person]:
    """All agents, to choose from; as they were at most a minute ago."""
    return _roster(int(time.monotonic() // ROSTER_KEPT_FOR_SECONDS))


def managers() -> list[Person]:
    """Leads and admins."""
    return [person for name in GROUPS.values() for person in Person.in_group(name)]


def leads() -> list[Person]:
    """Those who are told when the desk cannot keep a promise."""
    return list(Person.in_group(Role.LEAD.value))


def add(
    name: str, email: str, role: Role, password: str | None = None, tier: int | None = None,
    **profile: Any,
) -> Person:  # fmt: skip
    """Add a person, or bring one with this address up to date; with a password they can sign in."""
    email = normal_email(email)
    known = Person.with_email(email)
    person_id = known.person_id if known else _new_id(email, role)
    subject = _subject(email, password) if password else (known and known.subject)
    person = Person(
        person_id, name=name, email=email, role=role.value, subject=subject or None,
        tier_name=tier_name(tier) if tier else GROUPS.get(role), **profile,
    )  # fmt: skip
    person.save()
    return person


def set_availability(actor: Actor, availability: Availability, until: datetime | None) -> Person:
    """Say whether one takes new tickets now."""
    check_can_work(actor)
    person = find(actor.id)
    person.set_availability(availability, until)
    return person


@lru_cache(maxsize=1)
def _roster(minute: int) -> list[Person]:
    return agents()


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
    return requester_id(email) if role is Role.REQUESTER else f"P-{ULID()}"
