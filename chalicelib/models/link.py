"""The links table: secrets that we handed out, by their hash, and what each opens."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.config import config
from chalicelib.models.base import InstantAttribute, Record, Table, Update


class ByTicket(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_ticket"
        projection = KeysOnlyProjection()

    ticket_id = UnicodeAttribute(hash_key=True)
    made_at = InstantAttribute(range_key=True)


class ByPerson(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_person"
        projection = KeysOnlyProjection()

    person_id = UnicodeAttribute(hash_key=True)
    made_at = InstantAttribute(range_key=True)


class Link(Record):
    class Meta(Table):
        table_name = config.name("links")

    link_hash = UnicodeAttribute(hash_key=True)
    action = UnicodeAttribute()
    person_id = UnicodeAttribute()
    ticket_id = UnicodeAttribute(null=True)
    made_at = InstantAttribute()
    expires_at = NumberAttribute()
    used_at = InstantAttribute(null=True)

    by_ticket = ByTicket()
    by_person = ByPerson()

    @classmethod
    def live(cls, link_hash: str, now: datetime) -> "Link | None":
        """The link unless its time is over; TTL deletes late, so the time is compared."""
        link = cls.find(link_hash)
        return link if link and link.expires_at > now.timestamp() else None

    def use(self, now: datetime) -> Update:
        """Marks it as used, unless that was done before or it was revoked meanwhile."""
        unused = Link.link_hash.exists() & Link.used_at.does_not_exist()
        return Update(self, (Link.used_at.set(now),), unused)

    @classmethod
    def of_ticket(cls, ticket_id: str) -> "Iterator[Link]":
        return cls.by_ticket.query(ticket_id)

    @classmethod
    def of_person(cls, person_id: str) -> "Iterator[Link]":
        return cls.by_person.query(person_id)
