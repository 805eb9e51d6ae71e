"""The people table: staff and those requesters who sign in.

An agent's `load` is counted in the same write as the tickets they get and lose, so it is never set
here with the rest of a person.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import (
    AllProjection,
    GlobalSecondaryIndex,
    IncludeProjection,
    KeysOnlyProjection,
)

from chalicelib.config import config
from chalicelib.domain.vocabulary import Availability, Role
from chalicelib.models.base import InstantAttribute, MomentAttribute, Record, Table, Update
from chalicelib.models.conditional import holds

STAFF_DESK = "staff"
# Kept small, for everybody's rows have to fit into one answer of DynamoDB (1 MB).
ON_STAFF_INDEX = (
    "name", "role", "tiers", "team", "skills", "languages", "branch", "shift", "capacity",
    "said", "away_until", "substitute", "load", "given_at", "on_shift", "sees",
)  # fmt: skip


class ByEmail(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_email"
        projection = AllProjection()

    email = UnicodeAttribute(hash_key=True)


class Staff(GlobalSecondaryIndex[Any]):
    """Sparse: everybody who works here, with what choosing among them needs."""

    class Meta:
        index_name = "staff"
        projection = IncludeProjection(list(ON_STAFF_INDEX))

    desk = UnicodeAttribute(hash_key=True)
    person_id = UnicodeAttribute(range_key=True)


class BySubject(GlobalSecondaryIndex[Any]):
    """Sparse: those who can sign in."""

    class Meta:
        index_name = "by_subject"
        projection = KeysOnlyProjection()

    subject = UnicodeAttribute(hash_key=True)


class Person(Record):
    """`skills` maps a skill to a level of 1 to 5, `shift` names a calendar, None being always."""

    class Meta(Table):
        table_name = config.name("people")

    reads_consistently = False

    person_id = UnicodeAttribute(hash_key=True)
    desk = UnicodeAttribute(null=True)
    name = UnicodeAttribute()
    email = UnicodeAttribute()
    role = UnicodeAttribute()
    version = NumberAttribute(default=1)
    tiers: ListAttribute[Any] = ListAttribute(null=True)
    team = UnicodeAttribute(null=True)
    skills = JSONAttribute(null=True)
    languages: ListAttribute[Any] = ListAttribute(null=True)
    branch = UnicodeAttribute(null=True)
    shift = UnicodeAttribute(null=True)
    sees = JSONAttribute(null=True)  # the limits of their sight, by their names
    time_zone = UnicodeAttribute(default="UTC")
    locale = UnicodeAttribute(default="en")
    capacity = NumberAttribute(default=8)
    subject = UnicodeAttribute(null=True)  # `issuer|subject` at the identity provider
    second_factor_at = InstantAttribute(null=True)
    left_at = InstantAttribute(null=True)

    availability = UnicodeAttribute(attr_name="said", default="available")
    away_until = InstantAttribute(null=True)
    substitute = UnicodeAttribute(null=True)
    away_note = UnicodeAttribute(null=True)  # what they leave to whoever takes over
    seen_at = InstantAttribute(null=True)
    on_shift = BooleanAttribute(null=True)  # as the clock's tick last saw it
    shift_seen_at = InstantAttribute(null=True)
    load = NumberAttribute(default=0)
    assigned_at = MomentAttribute(attr_name="given_at", null=True)

    by_email = ByEmail()
    staff = Staff()
    by_subject = BySubject()

    @classmethod
    def is_admin(cls) -> Condition:
        """What must hold of a row for the desk to have this admin: none who sees a part only."""
        here = (cls.role == Role.ADMIN.value) & cls.desk.exists()
        return here & cls.sees.does_not_exist()

    def be(
        self, availability: Availability, until: datetime | None,
        substitute: str | None, note: str | None,
    ) -> Update:  # fmt: skip
        """Writes these alone: whoever changes the role meanwhile is not undone."""
        actions = (
            Person.availability.set(availability.value),
            _given(Person.away_until, until),
            _given(Person.substitute, substitute),
            _given(Person.away_note, note or None),
        )
        return Update(self, actions, Person.person_id.exists())

    def come_back(self) -> None:
        """The time until which they were away is over, unless they have said something new."""
        as_seen = Person.away_until == self.away_until
        gone = [Person.away_until, Person.substitute, Person.away_note]
        actions = [Person.availability.set(Availability.AVAILABLE.value)]
        removed = [_given(one, None) for one in gone]
        holds(self.update, [*actions, *removed], condition=as_seen)

    def note_shift(self, on_shift: bool | None, now: datetime) -> None:
        """Remember whether their shift runs, as of an instant."""
        actions = [_given(Person.on_shift, on_shift), Person.shift_seen_at.set(now)]
        holds(self.update, actions, condition=Person.desk.exists())

    def note_second_factor(self, since: datetime | None) -> None:
        """That the provider asks for a code from now on, or not any more."""
        said = [_given(Person.second_factor_at, since)]
        holds(self.update, said, condition=Person.person_id.exists())

    def note_seen(self, now: datetime) -> None:
        holds(self.update, [Person.seen_at.set(now)], condition=Person.person_id.exists())

    def carries(self, weight: int, now: datetime) -> Update:
        """One more ticket, if they are as this row says and have room for it."""
        fits = Person.load <= int(self.capacity) - weight
        room = fits | (Person.load <= 0) | Person.load.does_not_exist()
        same = (Person.availability == self.availability) & (Person.capacity == self.capacity)
        back = (
            (Person.away_until == self.away_until) if self.away_until
            else Person.away_until.does_not_exist()
        )  # fmt: skip
        on = (
            Person.on_shift.does_not_exist()
            if self.on_shift is None
            else (Person.on_shift == self.on_shift)
        )
        here = Person.desk.exists() & on
        return _load_change(self.person_id, weight, now, here & room & same & back)

    @classmethod
    def load_change(
        cls, person_id: str, weight: int, given_at: datetime | None, is_here: bool = False
    ) -> Update:
        """So much more, or less, whatever they hold; perhaps only if they have not left."""
        here = Person.left_at.does_not_exist() if is_here else None
        return _load_change(person_id, weight, given_at, here)

    @classmethod
    def as_now(cls, person_id: str) -> "Person | None":
        """As the last write left them, for what must not be decided by an older state."""
        try:
            found = cls.get(person_id, consistent_read=True)
        except cls.DoesNotExist:
            return None
        return found if found.name else None

    @classmethod
    def forget(cls, person_id: str) -> bool:
        """Take a profile away, unless they work here; answers whether it is gone."""
        gone = cls.left_at.exists() | (cls.role == Role.REQUESTER.value) | ~cls.name.exists()
        return holds(cls(person_id).delete, condition=gone)

    @classmethod
    def set_load(cls, person_id: str, seen: int, truth: int) -> None:
        """Correct a load, unless it has changed since it was seen."""
        as_seen = (cls.load == seen) | ~cls.load.exists()
        holds(cls(person_id).update, [cls.load.set(truth)], condition=as_seen)

    @classmethod
    def with_email(cls, email: str) -> "Person | None":
        return next(iter(cls.by_email.query(email, limit=1)), None)

    @classmethod
    def with_subject(cls, subject: str) -> "Person | None":
        """Whom an identity provider means; never found by their mail address."""
        found = (cls.as_now(one.person_id) for one in cls.by_subject.query(subject))
        return next((one for one in found if one and one.subject == subject), None)

    @classmethod
    def all_staff(cls) -> "Iterator[Person]":
        """Everybody who works here, as the index holds them: without address and the like."""
        return cls.staff.query(STAFF_DESK)

    @classmethod
    def find(cls, hash_key: str, range_key: str | None = None) -> "Person | None":
        """A row that only counts a load is of somebody who is not there any more."""
        found = super().find(hash_key, range_key)
        return found if found and found.name else None

    def profile(self, **values: Any) -> Update:
        """Profile fields to be written, those that are None taken away; the version guards."""
        as_seen = Person.version == self.version
        actions = [_given(getattr(Person, name), value) for name, value in values.items()]
        stored = (Person.person_id.exists() & as_seen) if self.name else ~Person.name.exists()
        return Update(self, (*actions, Person.version.set(int(self.version) + 1)), stored)


def _load_change(
    person_id: str, weight: int, given_at: datetime | None, condition: Condition | None
) -> Update:
    actions: list[Action] = [Person.load.add(weight)]
    if given_at:
        actions.append(Person.assigned_at.set(given_at))
    return Update(Person(person_id), tuple(actions), condition)


def _given(attribute: Any, value: Any) -> Action:
    return attribute.remove() if value is None else attribute.set(value)
