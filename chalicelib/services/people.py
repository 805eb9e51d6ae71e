"""People: who they are, and who of them is asked and told."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters import accounts
from chalicelib.adapters.identity import Refused, issuer
from chalicelib.config import config
from chalicelib.domain.audit import profile_difference
from chalicelib.domain.errors import Conflict, FieldError, Invalid, NotFound
from chalicelib.domain.people import (
    SYSTEM,
    Actor,
    normal_email,
    requester_id,
    staff_id,
    subject_key,
)
from chalicelib.domain.permissions import can_configure
from chalicelib.domain.sight import Sight
from chalicelib.domain.vocabulary import STAFF, Availability, Role
from chalicelib.models.base import Record
from chalicelib.models.person import STAFF_DESK, Person
from chalicelib.models.saving import save_together
from chalicelib.models.token import ApiToken
from chalicelib.services import audit, clock, sessions, staff

NEEDS_ADMIN = "The desk needs an admin who sees all of it; make somebody else one first."
SEEN_EVERY = timedelta(minutes=5)


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
    sight = Sight.of(person.sees)
    return Actor(person.person_id, person.name, role, person.email, person.team, outside, sight)


def roster() -> list[Person]:
    """All who work in a tier, to choose from, without their addresses."""
    return sorted((one for one in staff.rows().values() if one.tiers), key=lambda one: one.name)


def admins() -> list[Person]:
    """Who may change settings."""
    return [one for one in staff.rows().values() if can_configure(actor_of(one))]


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
    *, now: datetime | None = None, **profile: Any,
) -> Person:  # fmt: skip
    """Add a person, or bring one with this address up to date; with a password they can sign in.

    Of somebody who is known, only what is given here is changed.
    """
    email = normal_email(email)
    known = Person.with_email(email)
    person = known or Person(_new_id(email, role), version=0)
    at = now or clock.now()
    told = audit.row("person.password_set", SYSTEM, person.person_id, at)
    subject = _subject(email, password, told) if password else person.subject
    fresh = {} if known else {"availability": Availability.AVAILABLE.value, "load": 0,
                              "capacity": Person.capacity.default, "locale": "en",
                              "time_zone": "UTC"}  # fmt: skip
    tiers = {"tiers": [tier]} if tier else {}
    fields = {
        **fresh, "name": name, "email": email, "role": role.value, "subject": subject or None,
        "desk": STAFF_DESK if role in STAFF else None, "left_at": None, **tiers, **profile,
    }  # fmt: skip
    was = {one: getattr(person, one) for one in fields}
    done = "person.changed" if known else "person.added"
    changes = profile_difference(known.role if known else None, was, fields)
    told = audit.row(done, SYSTEM, person.person_id, at, *changes)
    if known and known.left_at:
        ApiToken.delete_all_of(person.person_id)  # their leaving may have been cut off
    save_together(told, updates=[person.profile(**fields)])
    staff.forget()
    if password or was["left_at"] or was["role"] != role:
        sessions.end_all(person.person_id)
    return find(person.person_id)


def _of_role(*roles: Role) -> list[str]:
    """Of the desk itself: what a group outside may not see, it is not told."""
    return [
        one.person_id
        for one in staff.rows().values()
        if one.role in roles and not staff.is_outside(one)
    ]


def _subject(email: str, password: str, told: Record) -> str:
    if not config.user_pool_id:
        raise Conflict("USER_POOL_ID is not set, so nobody can be given a password.")
    save_together(told)
    try:
        subject = accounts.create_user(email, password)
    except Refused as error:
        raise Invalid(FieldError("/password", str(error))) from error
    accounts.enable(email)  # who comes back was shut out when they left
    return subject_key(issuer(), subject)


def _new_id(email: str, role: Role) -> str:
    return requester_id(email) if role is Role.REQUESTER else staff_id(email)
