"""API tokens: made once, kept as hashes, for a time and for what they are needed for."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.api_tokens import EVERYTHING, Scope, is_token, token_of
from chalicelib.domain.errors import (
    Conflict,
    FieldError,
    Invalid,
    NotAuthenticated,
    NotFound,
    NotPermitted,
)
from chalicelib.domain.instants import text_or_none, to_text
from chalicelib.domain.people import SYSTEM, Actor
from chalicelib.domain.vocabulary import Role
from chalicelib.models.base import Record
from chalicelib.models.person import Person
from chalicelib.models.saving import save_together
from chalicelib.models.token import ApiToken
from chalicelib.services import audit, people
from chalicelib.services.once import Once, mark_for, raise_what_was_done
from chalicelib.services.retrying import retried
from chalicelib.services.signing import digest

LIVES = timedelta(days=365)
LONGEST_DAYS = 365
USED_EVERY = timedelta(hours=1)
MOST = 50
MOST_LABEL = 100
SEND = "Send a valid token: `Authorization: Bearer <token>`."


@dataclass(frozen=True)
class Bearer:
    """Whose a token is, what it may be used for, and how long."""

    actor: Actor
    scopes: frozenset[str]
    until: datetime | None = None

    def check_may(self, scope: Scope) -> None:
        """Raises NotPermitted."""
        if scope not in self.scopes:
            raise NotPermitted(f"This token lacks the scope {scope}.")


def bearer(token: str | None, now: datetime) -> Bearer:
    """Who comes with this token. Raises NotAuthenticated."""
    found = ApiToken.find(digest(token)) if token and is_token(token) else None
    if found is None or found.expires_at <= now:
        raise NotAuthenticated(SEND)
    person = Person.find(found.person_id)
    if person is None or person.left_at:
        raise NotAuthenticated(SEND)
    found.note_used(now, USED_EVERY)
    return Bearer(people.actor_of(person), frozenset(found.scopes), found.expires_at)


def issue(
    person_id: str, label: str, now: datetime, lives: timedelta = LIVES,
    scopes: Sequence[str] = EVERYTHING,
) -> str:  # fmt: skip
    """A new token, by an operator; only its hash is kept, so this is the one time it is read."""
    person = people.find(person_id)
    token, row = _new(person.person_id, label, now, lives, scopes)
    save_together(row, _told("created", SYSTEM, row, person.role, now))
    return token


@retried
def create(
    actor: Actor, label: str, days: int, scopes: Sequence[str], now: datetime,
    *, within: frozenset[str] = frozenset(EVERYTHING), until: datetime | None = None,
    once: Once | None = None,
) -> tuple[ApiToken, str]:  # fmt: skip
    """One's own new token, which may do no more than what it is made `within`, and none the longer.

    Raises Invalid, Conflict, NotPermitted.
    """
    if once:
        raise_what_was_done(once)
    _check(label, days, scopes)
    if not within.issuperset(scopes):
        raise NotPermitted("A token cannot make one that may do more than itself.")
    if len(list(ApiToken.of(actor.id))) >= MOST:
        raise Conflict(f"You have {MOST} tokens; revoke one first.")
    lives = min(timedelta(days=days), until - now) if until else timedelta(days=days)
    token, row = _new(actor.id, label.strip(), now, lives, scopes)
    mark = mark_for(once, row)
    told = _told("created", actor, row, actor.role, now)
    save_together(row, told, *([mark] if mark else []))
    return row, token


def of(person_id: str) -> list[ApiToken]:
    """Somebody's tokens, the newest first."""
    return list(ApiToken.of(person_id))


@retried
def revoke(person_id: str, token_id: str, actor: Actor, now: datetime) -> ApiToken:
    """End one of somebody's tokens at once. Raises NotFound."""
    found = next((one for one in ApiToken.of(person_id) if one.token_id == token_id), None)
    if found is None:
        raise NotFound("There is no such token.")
    role = actor.role if actor.id == person_id else people.find(person_id).role
    save_together(_told("revoked", actor, found, role, now), without=found)
    return found


def end_all(person_id: str) -> int:
    """Revoke all that somebody has; answers how many these were."""
    return ApiToken.delete_all_of(person_id)


def view(token: ApiToken) -> dict[str, Any]:
    """A token as its person sees it in a list: all but itself."""
    return {
        "id": token.token_id,
        "label": token.label,
        "scopes": [str(scope) for scope in token.scopes],
        "created_at": to_text(token.created_at),
        "expires_at": to_text(token.expires_at),
        "last_used_at": text_or_none(token.last_used_at),
    }


def _new(
    person_id: str, label: str, now: datetime, lives: timedelta, scopes: Sequence[str]
) -> tuple[str, ApiToken]:
    token = token_of(secrets.token_bytes(32))
    kept = [one.value for one in Scope if one in scopes]
    row = ApiToken(
        digest(token), person_id=person_id, label=label, scopes=kept,
        created_at=now, expires_at=now + lives,
    )  # fmt: skip
    return token, row


def _told(done: str, actor: Actor, row: ApiToken, role: str, now: datetime) -> Record:
    """Rows stay for good, so that of who only asks no word is in them, as a label is."""
    untold = ("last_used_at", "label") if role == Role.REQUESTER else ("last_used_at",)
    kept = {name: value for name, value in view(row).items() if name not in untold}
    before, after = (None, kept) if done == "created" else (kept, None)
    return audit.row(f"api_token.{done}", actor, row.person_id, now, before, after)


def _check(label: str, days: int, scopes: Sequence[str]) -> None:
    wrong = []
    if not label.strip() or len(label) > MOST_LABEL or not label.isprintable():
        wrong.append(FieldError("/label", f"Say what it is for, in up to {MOST_LABEL} letters."))
    if not 1 <= days <= LONGEST_DAYS:
        wrong.append(FieldError("/days", f"Give 1 to {LONGEST_DAYS} days."))
    known = [one.value for one in Scope]
    if not scopes or not set(scopes) <= set(known):
        wrong.append(FieldError("/scopes", f"Give at least one of {', '.join(known)}."))
    if wrong:
        raise Invalid(*wrong)
