"""The timeline table: what happened to a ticket, in order. It is the audit trail and the outbox."""

from collections.abc import Iterator
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.expressions.condition import Condition

from chalicelib.config import config
from chalicelib.models.base import InstantAttribute, Record, Table, Update


class TimelineEntry(Record):
    class Meta(Table):
        table_name = config.name("timeline")

    ticket_id = UnicodeAttribute(hash_key=True)
    entry_id = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    at = InstantAttribute()
    by = JSONAttribute()
    address = UnicodeAttribute(null=True)  # whence, for the audit alone
    public = BooleanAttribute()
    tier = NumberAttribute()  # whose queue is to hear of it
    data = JSONAttribute()
    files: ListAttribute[Any] = ListAttribute(null=True)  # ids of the files it carries
    cycles: JSONAttribute = JSONAttribute(null=True)  # of clocks that ended here, with verdicts

    def guard(self) -> Condition:
        return TimelineEntry.entry_id.does_not_exist()

    def rewriting(self, **fields: Any) -> Update:
        """To be saved: other values in an entry that is there; None takes one away."""
        actions = [
            getattr(TimelineEntry, name).remove()
            if value is None
            else getattr(TimelineEntry, name).set(value)
            for name, value in fields.items()
        ]
        return Update(self, tuple(actions), TimelineEntry.entry_id.exists())

    @classmethod
    def of(cls, ticket_id: str, after: str | None, limit: int | None) -> "Iterator[TimelineEntry]":
        """A ticket's entries, oldest first, from an entry on."""
        start = cls.entry_id > after if after else None
        return cls.query(ticket_id, start, limit=limit, consistent_read=True)

    @classmethod
    def newest_of(cls, ticket_id: str, limit: int) -> "list[TimelineEntry]":
        """The last entries of a ticket, oldest first."""
        return list(cls.backwards(ticket_id, limit))[::-1]

    @classmethod
    def backwards(cls, ticket_id: str, limit: int) -> "Iterator[TimelineEntry]":
        """A ticket's entries, newest first; read as far as they are looked at."""
        return cls.query(ticket_id, limit=limit, consistent_read=True, scan_index_forward=False)
