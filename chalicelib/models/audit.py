"""The audit table: who did what, from where; only ever added to. Its chain covers every row."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from pynamodb.attributes import JSONAttribute, ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.config import config
from chalicelib.domain.audit import digest_of
from chalicelib.models.base import InstantAttribute, Record, Table
from chalicelib.models.conditional import holds

CHAIN = "chain"
KEYS = ["day", "row_id"]


class ByActor(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_actor"
        projection = AllProjection()

    actor_id = UnicodeAttribute(hash_key=True)
    row_id = UnicodeAttribute(range_key=True)


class AuditRow(Record):
    """`row_id` begins with the instant, so that a day's rows are in order."""

    class Meta(Table):
        table_name = config.name("audit")

    day = UnicodeAttribute(hash_key=True)
    row_id = UnicodeAttribute(range_key=True)
    at = InstantAttribute()
    action = UnicodeAttribute()
    actor_id = UnicodeAttribute()
    actor = JSONAttribute()
    about = UnicodeAttribute()
    address = UnicodeAttribute(null=True)
    before: JSONAttribute = JSONAttribute(null=True)
    after: JSONAttribute = JSONAttribute(null=True)

    by_actor = ByActor()

    def guard(self) -> Condition:
        return AuditRow.row_id.does_not_exist()

    def add(self) -> None:
        """Write it, unless it is there: whoever tells of it again tells nothing new."""
        holds(self.save, condition=self.guard())

    def digest(self) -> str:
        """Of all that it says."""
        said = {name: value for name, value in self.attribute_values.items() if value is not None}
        return digest_of({**said, "at": self.at.isoformat()})

    @classmethod
    def of_day(cls, day: date, upto: str | None, limit: int | None) -> "list[AuditRow]":
        """Newest first, from before a row on."""
        start = cls.row_id < upto if upto else None
        return list(cls.query(day.isoformat(), start, limit=limit, scan_index_forward=False))

    @classmethod
    def keys_of_day(cls, day: str) -> "Iterator[tuple[str, str]]":
        """Of all its rows, in order."""
        found = cls.query(day, attributes_to_get=KEYS)
        return ((one.day, one.row_id) for one in found)

    @classmethod
    def every_key(cls) -> "Iterator[tuple[str, str]]":
        """Of every row there is, in any order. Reads the whole table: for operators alone."""
        found = cls.scan(cls.day != CHAIN, attributes_to_get=KEYS)
        return ((one.day, one.row_id) for one in found)

    @classmethod
    def of_actor(cls, actor_id: str, first: str, upto: str, limit: int) -> "list[AuditRow]":
        """Newest first, of a span of row ids."""
        span = ByActor.row_id.between(first, upto)
        found = cls.by_actor.query(actor_id, span, limit=limit, scan_index_forward=False)
        return list(found)


class AuditLink(Record):
    """A link of the chain: which rows it covers, by key and hash, and the hash of the link before.

    It lies in the table of the rows, under a day that is none.
    """

    class Meta(Table):
        table_name = config.name("audit")

    day = UnicodeAttribute(hash_key=True, default_for_new=CHAIN)
    row_id = UnicodeAttribute(range_key=True)
    number = NumberAttribute()
    before = UnicodeAttribute(attr_name="link_before")
    hash = UnicodeAttribute()
    rows: ListAttribute[Any] = ListAttribute()  # [[day, row id, hash], ...]

    def guard(self) -> Condition:
        return AuditLink.row_id.does_not_exist()

    @classmethod
    def last(cls) -> "AuditLink | None":
        newest = cls.query(CHAIN, limit=1, scan_index_forward=False, consistent_read=True)
        return next(iter(newest), None)

    @classmethod
    def all(cls) -> "Any":
        """In order."""
        return cls.query(CHAIN)

    @staticmethod
    def name_of(number: int) -> str:
        return f"{number:012d}"
