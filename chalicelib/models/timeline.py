"""The timeline table: what happened to a ticket, in order. It is the audit trail and the outbox."""

from collections.abc import Iterator

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.config import config
from chalicelib.models.base import InstantAttribute, Record, Table


class TimelineEntry(Record):
    class Meta(Table):
        table_name = config.name("timeline")

    ticket_id = UnicodeAttribute(hash_key=True)
    entry_id = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    at = InstantAttribute()
    by = JSONAttribute()
    public = BooleanAttribute()
    tier = NumberAttribute()  # whose queue is to hear of it
    data = JSONAttribute()
    cycles: JSONAttribute = JSONAttribute(null=True)  # of clocks that ended here, with verdicts

    def guard(self) -> Condition:
        return TimelineEntry.entry_id.does_not_exist()

    @classmethod
    def of(cls, ticket_id: str, after: str | None, limit: int | None) -> "Iterator[TimelineEntry]":
        """A ticket's entries, oldest first, from an entry on."""
        start = cls.entry_id > after if after else None
        return cls.query(ticket_id, start, limit=limit, consistent_read=True)

    @classmethod
    def newest_of(cls, ticket_id: str, limit: int) -> "list[TimelineEntry]":
        """The last entries of a ticket, oldest first."""
        found = cls.query(ticket_id, limit=limit, consistent_read=True, scan_index_forward=False)
        return list(found)[::-1]
