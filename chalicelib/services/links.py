"""Secrets that open something without a sign-in: handed out, looked up, used and revoked.

Only the hash of a secret is kept, so this is the one time it can be read.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.errors import NotFound
from chalicelib.domain.links import LIVES, ONCE, Action, Scope, is_key
from chalicelib.domain.people import Actor
from chalicelib.models.base import Record
from chalicelib.models.link import Link
from chalicelib.models.saving import save_together
from chalicelib.services import audit
from chalicelib.services.signing import digest

INVALID = "This link is not valid or has expired."
USED = "This link has been used. It works once."


def issue(scope: Scope, now: datetime) -> str:
    """A new secret that opens this; each works beside those handed out before."""
    key, link = made(scope, now)
    link.save()
    return key


def made(scope: Scope, now: datetime) -> tuple[str, Link]:
    """A new secret, and its row that is yet to be saved."""
    key = secrets.token_urlsafe(32)
    link = Link(
        digest(key), action=scope.action.value, person_id=scope.person_id,
        ticket_id=scope.ticket_id, made_at=now,
        expires_at=int((now + LIVES[scope.action]).timestamp()),
    )  # fmt: skip
    return key, link


def find(action: Action, key: str | None, now: datetime, ticket_id: str | None = None) -> Link:
    """What a secret opens, for this action and about this ticket. Raises NotFound."""
    link = live(key, now, action)
    if link is None or link.ticket_id != ticket_id:
        raise NotFound(INVALID)
    if action in ONCE and link.used_at:
        raise NotFound(USED)
    return link


def live(key: str | None, now: datetime, *actions: Action) -> Link | None:
    """What a secret opens, if it is for one of these actions and its time is not over."""
    link = Link.live(digest(key), now) if key and is_key(key) else None
    return link if link and link.action in actions else None


def exchange(link: Link, action: Action, now: datetime, *others: Record) -> str:
    """A new secret in place of a link, which is used in the same write as others are saved.

    Raises NotSaved where it was used meanwhile.
    """
    key, row = made(Scope(action, link.person_id, link.ticket_id), now)
    uses = [] if link.used_at else [link.use(now)]
    save_together(row, *others, updates=uses)
    return key


def end(key: str | None) -> None:
    """Whatever it opened, it opens no more."""
    if key and is_key(key):
        Link(digest(key)).delete()


def revoke_all_of_ticket(ticket_id: str, actor: Actor, now: datetime) -> int:
    """Every link and pass that is about a ticket; answers how many there were.

    A link that is being made at this very moment may be missed: the index follows a little later.
    """
    return _revoke(ticket_id, Link.of_ticket(ticket_id), actor, now)


def revoke_all_of_person(person_id: str, actor: Actor, now: datetime) -> int:
    """Every link and pass of a requester or of somebody who works here."""
    return _revoke(person_id, Link.of_person(person_id), actor, now)


def _revoke(about: str, found: Iterable[Link], actor: Actor, now: datetime) -> int:
    rows = list(found)
    save_together(audit.row("links.revoked", actor, about, now, before={"links": len(rows)}))
    for link in rows:
        Link(link.link_hash).delete()
    return len(rows)
