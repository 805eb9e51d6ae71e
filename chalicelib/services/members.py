"""The desk's people as admins change them, and what each says about their own time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain import member_checks
from chalicelib.domain.audit import profile_difference
from chalicelib.domain.errors import Conflict, FieldError, Invalid, NotPermitted, Stale
from chalicelib.domain.member_checks import Known
from chalicelib.domain.people import Actor, normal_email, staff_id
from chalicelib.domain.permissions import (
    can_configure,
    can_report,
    check_can_configure,
    check_can_work,
)
from chalicelib.domain.sight import Sight
from chalicelib.domain.vocabulary import STAFF, Availability, Role
from chalicelib.models.base import Check
from chalicelib.models.person import STAFF_DESK, Person
from chalicelib.models.saving import save_together
from chalicelib.services import (
    accounts,
    audit,
    changing,
    journal,
    people,
    sessions,
    settings,
    staff,
)
from chalicelib.services.audit import Act
from chalicelib.services.once import Once, mark_for

Data = dict[str, Any]
DEFAULTS: Data = {
    "tiers": [], "team": None, "skills": {}, "languages": [], "branch": None, "shift": None,
    "time_zone": "UTC", "locale": "en", "capacity": 8, "sees": {},
}  # fmt: skip
WHAT = "This person"
FRESH: Data = {
    "availability": Availability.AVAILABLE.value, "away_until": None, "substitute": None,
    "away_note": None,
}  # fmt: skip


def everybody() -> list[Person]:
    """All who work here, in whole, sorted by name."""
    return people.with_addresses(staff.rows())


def member(person_id: str) -> Person:
    """Somebody who works here. Raises NotFound."""
    found = Person.find(person_id)
    is_here = found is not None and found.role in STAFF and not found.left_at
    return changing.found(found if is_here else None, "agent")


@journal.retried
def add(data: Data, actor: Actor, now: datetime, *, once: Once | None = None) -> Person:
    """Somebody new, back again, or who only asked so far.

    Raises Invalid field by field, Conflict if the address is that of somebody who works here.
    """
    changing.begin(actor, once)
    whole = _checked({**DEFAULTS, **data})
    known = Person.with_email(whole["email"])
    if known and known.role in STAFF and not known.left_at:
        raise Conflict(f"{known.name} has this address already.")
    person = known or Person(staff_id(whole["email"]), version=0)
    was_away = person.left_at
    if was_away:
        accounts.end_all(person.person_id)  # before they are back: their leaving may be half done
    new = _store(person, {**whole, **FRESH, "left_at": None}, Act(actor, now), "added", once)
    if was_away:
        accounts.open_again(new)
    return new


@journal.retried
def change(
    person_id: str, data: Data, actor: Actor, now: datetime, seen: int | None = None
) -> Person:
    """Another profile in the place of the whole. Raises NotFound, Invalid, Stale."""
    changing.begin(actor)
    person = member(person_id)
    _check_seen(person, seen)
    whole = _checked({**DEFAULTS, "email": person.email, **data})
    if whole["email"] != person.email:
        raise Invalid(FieldError("/email", "An address never changes; add a new person instead."))
    checks = [] if _configures(person, **whole) else _other_admin(person)
    return _store(person, whole, Act(actor, now), "changed", checks=checks)


@journal.retried
def change_own(actor: Actor, data: Data, now: datetime, seen: int | None = None) -> Person:
    """What everybody may say of themselves, in place of what they said. Raises Invalid, Stale."""
    person = people.find(actor.id)
    _check_seen(person, seen)
    own = {name: DEFAULTS.get(name) for name in member_checks.OWN_FIELDS} | data
    changing.refuse(member_checks.check_own(own))
    return _write(person, _emptied(own), Act(actor, now), "changed")


@journal.retried
def remove(person_id: str, actor: Actor, now: datetime) -> Person:
    """Somebody leaves: they can sign in no more, and all their tickets go to others.

    Of who has left already, whatever was open still is closed.
    Raises NotFound, Conflict for oneself and for the last admin.
    """
    check_can_configure(actor)
    known = Person.find(person_id)
    if known and known.role in STAFF and known.left_at and accounts.close(known):
        return known
    person = member(person_id)
    if person_id == actor.id:
        raise Conflict("You cannot remove yourself.")
    left: Data = {"desk": None, "left_at": now}
    gone = _write(person, left, Act(actor, now), "left", checks=_other_admin(person))
    accounts.close(gone)
    return gone


@journal.retried
def set_availability(
    actor: Actor, status: Availability, until: datetime | None, now: datetime,
    *, person_id: str | None = None, substitute: str | None = None, note: str = "",
) -> Person:  # fmt: skip
    """Say whether one takes new tickets now; leads and admins may say it of others.

    Raises NotPermitted, NotFound, Invalid for a past date or a circle of substitutes.
    """
    check_can_work(actor)
    if person_id not in (None, actor.id) and not can_report(actor):
        raise NotPermitted("Only leads and admins may say this of others.")
    person = member(person_id or actor.id)
    if until and until <= now:
        raise Invalid(FieldError("/until", "Give an instant that is still to come."))
    staff.forget()
    changing.refuse(_substitute_wrong(person.person_id, status, substitute))
    _say(person, status, until, substitute, note, Act(actor, now))
    return person


def check_profile(email: str, data: Data) -> None:
    """Raises Invalid for what could not be stored of somebody, who may be known already."""
    known = Person.with_email(normal_email(email))
    tiers = [int(tier) for tier in known.tiers or ()] if known else []
    _checked({**DEFAULTS, "tiers": tiers, "email": email, **data})


def _say(
    person: Person, status: Availability, until: datetime | None, substitute: str | None,
    note: str, act: Act,
) -> None:  # fmt: skip
    """What somebody is now, and since when; nobody needs to see what they left as a note."""
    is_here = status is Availability.AVAILABLE
    said = person.be(status, None if is_here else until, substitute, None if is_here else note)
    was = {"availability": person.availability}
    became = {"availability": status.value, "until": until, "substitute": substitute}
    told = audit.row("person.said", act.actor, person.person_id, act.now, was, became)
    save_together(told, updates=[said])
    person.refresh(consistent_read=True)
    staff.forget()


def _check_seen(person: Person, seen: int | None) -> None:
    if seen is not None and seen != int(person.version):
        raise Stale(int(person.version), WHAT)


def _checked(data: Data) -> Data:
    known = Known(
        [one.id for one in settings.teams()],
        [one["id"] for one in settings.branches()],
        [one.id for one in settings.calendars()],
    )
    changing.refuse(member_checks.check(data, known))
    return {**data, "email": normal_email(data["email"])}


def _store(
    person: Person, whole: Data, act: Act, done: str, once: Once | None = None,
    checks: Sequence[Check] = (),
) -> Person:  # fmt: skip
    return _write(person, {**_emptied(whole), "desk": STAFF_DESK}, act, done, once, checks)


def _emptied(whole: Data) -> Data:
    return {name: value if value not in ([], {}) else None for name, value in whole.items()}


def _write(
    person: Person, fields: Data, act: Act, done: str, once: Once | None = None,
    checks: Sequence[Check] = (),
) -> Person:  # fmt: skip
    update = person.profile(**fields)
    was = {name: getattr(person, name) for name in fields}
    changes = profile_difference(person.role, was, fields)
    told = audit.row(f"person.{done}", act.actor, person.person_id, act.now, *changes)
    for name, value in {**fields, "version": int(person.version) + 1}.items():
        setattr(person, name, value)
    mark = mark_for(once, person)
    save_together(told, *([mark] if mark else []), updates=[update], checks=checks)
    staff.forget()
    if was.get("role") not in (None, person.role):
        sessions.end_all(person.person_id)
    return person


def _configures(
    person: Person, role: str, sees: Data | None = None, team: str | None = None, **_: Any
) -> bool:  # fmt: skip
    """Whether they could still change settings with this role, sight and team."""
    outside = settings.team_of(team).outside
    changed = Actor(person.person_id, "", Role(role), "", team, outside, Sight.of(sees))
    return can_configure(changed)


def _other_admin(person: Person) -> list[Check]:
    """What must hold of somebody else if an admin is one no longer. Raises Conflict."""
    if not can_configure(people.actor_of(person)):
        return []
    others = [one for one in people.admins() if one.person_id != person.person_id]
    if not others:
        raise Conflict(people.NEEDS_ADMIN)
    return [Check(Person, others[0].person_id, Person.is_admin())]


def _substitute_wrong(
    person_id: str, status: Availability, substitute: str | None
) -> list[FieldError]:
    if substitute is None:
        return []
    rows = staff.rows()
    if status is not Availability.OUT_OF_OFFICE:
        return [FieldError("/substitute", "A substitute is for when one is out of office.")]
    if substitute not in rows:
        return [FieldError("/substitute", "There is no such agent.")]
    known = {one.person_id: one.substitute for one in rows.values()}
    return list(member_checks.cycle_wrong(person_id, {**known, person_id: substitute}))
