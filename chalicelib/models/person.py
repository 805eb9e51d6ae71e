"""The people table: staff and those requesters who sign in."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pynamodb.attributes import (
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.config import config
from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import Availability, Role
from chalicelib.models.base import InstantAttribute, Record, Table


class ByEmail(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_email"
        projection = AllProjection()

    email = UnicodeAttribute(hash_key=True)


class ByTier(GlobalSecondaryIndex[Any]):
    """Staff by the group they work in: a tier, or `lead`."""

    class Meta:
        index_name = "by_tier"
        projection = AllProjection()

    tier_name = UnicodeAttribute(hash_key=True)
    person_id = UnicodeAttribute(range_key=True)


class Person(Record):
    class Meta(Table):
        table_name = config.name("people")

    reads_consistently = False

    person_id = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute()
    email = UnicodeAttribute()
    role = UnicodeAttribute()
    tier_name = UnicodeAttribute(null=True)
    time_zone = UnicodeAttribute(default="UTC")
    locale = UnicodeAttribute(default="en")
    languages: ListAttribute[str] = ListAttribute(null=True)
    capacity = NumberAttribute(default=8)
    availability = UnicodeAttribute(default="available")
    away_until = InstantAttribute(null=True)
    subject = UnicodeAttribute(null=True)  # issuer and subject at the identity provider

    by_email = ByEmail()
    by_tier = ByTier()

    @property
    def actor(self) -> Actor:
        return Actor(id=self.person_id, name=self.name, role=Role(self.role), email=self.email)

    def set_availability(self, availability: Availability, until: datetime | None) -> None:
        """Write these two alone: whoever changes the role meanwhile is not undone."""
        until_then = Person.away_until.set(until) if until else Person.away_until.remove()
        self.update(
            [Person.availability.set(availability.value), until_then],
            condition=Person.person_id.exists(),
        )

    @classmethod
    def with_email(cls, email: str) -> "Person | None":
        return next(iter(cls.by_email.query(email, limit=1)), None)

    @classmethod
    def in_group(cls, name: str) -> "Iterator[Person]":
        """Those of a tier (`tier1`), or the leads."""
        return cls.by_tier.query(name)


def tier_name(tier: int) -> str:
    return f"tier{tier}"
