"""How people come to sign in and how that ends: invitations, linking, lost apps, leaving."""

import secrets
from datetime import datetime

from chalicelib.adapters import accounts as pool
from chalicelib.adapters.identity import Refused, issuer
from chalicelib.config import config
from chalicelib.domain.errors import Conflict
from chalicelib.domain.people import Actor, subject_key
from chalicelib.domain.vocabulary import Role
from chalicelib.models.base import Record
from chalicelib.models.person import Person
from chalicelib.models.saving import save_together
from chalicelib.services import audit, sessions, tokens

TEMPORARY_BYTES = 12


def invite(person: Person, actor: Actor, now: datetime, *, by_mail: bool) -> str | None:
    """Give somebody a password for their first sign-in; they choose their own there.

    It is mailed by the user pool, or answered to be shown once. Raises Conflict.
    """
    if not config.user_pool_id:
        raise Conflict("USER_POOL_ID is not set, so nobody can be given a password.")
    told = audit.row("person.invited", actor, person.person_id, now, after={"by_mail": by_mail})
    save_together(told)
    temporary = None if by_mail else secrets.token_urlsafe(TEMPORARY_BYTES)
    try:
        subject = pool.create_user(person.email, temporary, permanent=False) if temporary else None
        subject = subject or pool.invite(person.email)
    except Refused as error:
        raise Conflict(str(error)) from error
    pool.enable(person.email)
    _sign_in_as(person, subject_key(issuer(), subject))
    return temporary


def link(person: Person, issuer: str, subject: str, actor: Actor, now: datetime) -> None:
    """From now on they sign in at another identity provider, as whom it calls `subject` there.

    Raises Conflict if that is somebody else already.
    """
    key = subject_key(issuer.strip(), subject.strip())
    known = Person.with_subject(key)
    if known and known.person_id != person.person_id:
        raise Conflict(f"{known.name} signs in with this already.")
    known_as = {} if person.role == Role.REQUESTER else {"known_as": subject.strip()}
    told = {"issuer": issuer.strip(), **known_as}
    _sign_in_as(person, key, audit.row("person.linked", actor, person.person_id, now, after=told))


def sign_out_everywhere(person: Person, actor: Actor, now: datetime, but: str | None = None) -> int:
    """End all sessions, perhaps but one, and whatever the user pool gave out."""
    told = {"sessions": len(sessions.but_one(person.person_id, but))}
    save_together(audit.row("session.all_ended", actor, person.person_id, now, before=told))
    ended = sessions.end_all(person.person_id, but)
    pool.sign_out_everywhere(person.email)
    return ended


def close(person: Person) -> int:
    """Who leaves is out at once: no sign-in, no session, no token.

    Answers how many of these there were, and may be done again where it was cut off.
    """
    pool.disable(person.email)
    return end_all(person.person_id)


def end_all(person_id: str) -> int:
    """All that speaks for somebody; answers how many sessions and tokens these were."""
    return sessions.end_all(person_id) + tokens.end_all(person_id)


def open_again(person: Person) -> None:
    """Who is back may sign in as before; what was revoked stays so."""
    pool.enable(person.email)


def reset_second_factor(person: Person, actor: Actor, now: datetime) -> None:
    """For somebody who lost their app; they are signed out everywhere."""
    save_together(audit.row("second_factor.reset", actor, person.person_id, now))
    pool.reset_second_factor(person.email)
    person.note_second_factor(None)
    sign_out_everywhere(person, actor, now)


def _sign_in_as(person: Person, subject: str, *told: Record) -> None:
    save_together(*told, updates=[person.profile(subject=subject)])
    sessions.end_all(person.person_id)
