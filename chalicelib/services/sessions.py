"""Sessions: begun at sign-in, kept on the server, and over when time or somebody ends them."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.browsers import short_name
from chalicelib.domain.errors import NotFound
from chalicelib.domain.instants import to_text
from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import Role
from chalicelib.models.person import Person
from chalicelib.models.saving import save_together
from chalicelib.models.session import Session
from chalicelib.services import audit
from chalicelib.services.retrying import retried
from chalicelib.services.signing import digest

LIVES = timedelta(hours=12)
IDLE = timedelta(hours=2)
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True)
class From:
    """Where a sign-in comes from."""

    address: str | None = None
    user_agent: str | None = None


@dataclass(frozen=True)
class SignedIn:
    """A live session: who, its id, and the token that unsafe requests must carry."""

    person: Person
    csrf: str
    session_id: str


def start(person: Person, now: datetime, came_from: From | None = None) -> str:
    """A new session's secret, for the cookie; only its hash is kept."""
    origin, secret = came_from or From(), secrets.token_urlsafe(32)
    session = Session(
        digest(secret), person_id=person.person_id, role=person.role,
        csrf=secrets.token_urlsafe(32), created_at=now, seen_at=now,
        address=origin.address, agent=short_name(origin.user_agent),
        expires_at=int((now + LIVES).timestamp()),
    )  # fmt: skip
    who = _actor(person)
    told = {"id": session.session_id, "browser": session.agent}
    save_together(session, audit.row("session.began", who, person.person_id, now, after=told))
    return secret


def by_secret(secret: str | None, now: datetime) -> SignedIn | None:
    """Who a session cookie belongs to; None when it is over or was never ours.

    It is over as well when its person left, or is something else than at sign-in.
    """
    session = Session.live(digest(secret), now, IDLE) if secret else None
    person = Person.find(session.person_id) if session else None
    if session is None or person is None or person.left_at or person.role != session.role:
        return None
    if now - session.seen_at >= SEEN_EVERY:
        session.note_seen(now)
    return SignedIn(person, session.csrf, session.session_id)


@retried
def end(secret: str | None, now: datetime) -> None:
    """End the session of a cookie at once, whether or not an index has heard of it."""
    found = Session.live(digest(secret), now, IDLE) if secret else None
    person = Person.find(found.person_id) if found else None
    if found and person:
        _end(found, _actor(person), now)


def of(person_id: str, now: datetime) -> list[Session]:
    """Somebody's live sessions, the newest first."""
    return [one for one in Session.of(person_id) if one.is_live(now, IDLE)]


def view(session: Session) -> dict[str, Any]:
    """A session as its person sees it in a list."""
    return {
        "id": session.session_id,
        "created_at": to_text(session.created_at),
        "seen_at": to_text(session.seen_at),
        "expires_at": to_text(datetime.fromtimestamp(int(session.expires_at), UTC)),
        "address": session.address,
        "browser": session.agent,
    }


@retried
def end_one(actor: Actor, session_id: str, now: datetime) -> None:
    """Raises NotFound unless it is one's own."""
    found = next((one for one in Session.of(actor.id) if one.session_id == session_id), None)
    if found is None:
        raise NotFound("There is no such session.")
    _end(found, actor, now)


def end_all(person_id: str, but: str | None = None) -> int:
    """End all of somebody's sessions, perhaps but one; answers how many these were."""
    found = but_one(person_id, but)
    for one in found:
        one.delete()
    return len(found)


def but_one(person_id: str, but: str | None) -> list[Session]:
    """All that are kept of somebody's sessions, perhaps without one."""
    return [one for one in Session.of(person_id) if one.session_id != but]


def _end(session: Session, actor: Actor, now: datetime) -> None:
    told = {"id": session.session_id, "browser": session.agent}
    save_together(audit.row("session.ended", actor, actor.id, now, before=told), without=session)


def _actor(person: Person) -> Actor:
    return Actor(person.person_id, person.name, Role(person.role))
