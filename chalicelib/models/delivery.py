"""The deliveries table: what each integration's tool sent, and what became of it."""

from typing import Any

from pynamodb.attributes import (
    BinaryAttribute,
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.config import config
from chalicelib.models.base import InstantAttribute, Record, Table
from chalicelib.models.conditional import holds


class Troubled(GlobalSecondaryIndex[Any]):
    """Sparse: deliveries that nobody could read, until somebody has looked after them."""

    class Meta:
        index_name = "troubled"
        projection = KeysOnlyProjection()

    trouble = UnicodeAttribute(hash_key=True)
    delivery_id = UnicodeAttribute(range_key=True)


class DeliveryRecord(Record):
    class Meta(Table):
        table_name = config.name("deliveries")

    integration = UnicodeAttribute(hash_key=True)
    delivery_id = UnicodeAttribute(range_key=True)
    source = UnicodeAttribute()
    received_at = InstantAttribute()
    outcome = UnicodeAttribute()
    detail = UnicodeAttribute(null=True)
    decisions: JSONAttribute = JSONAttribute(null=True)  # how many alerts came to which decision
    tickets: ListAttribute[Any] = ListAttribute(null=True)  # the first that it opened or changed
    parts: ListAttribute[Any] = ListAttribute(null=True)  # of a large one, what became of each
    parts_done = UnicodeSetAttribute(null=True)  # their names
    size = NumberAttribute()
    body = BinaryAttribute(null=True, legacy_encoding=False)  # deflated
    stored_as = UnicodeAttribute(null=True)  # or where in the bucket
    headers: JSONAttribute = JSONAttribute(null=True)
    asked: JSONAttribute = JSONAttribute(null=True, attr_name="query")
    path = UnicodeAttribute(null=True)
    replay_of = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()
    trouble = UnicodeAttribute(null=True)

    troubled = Troubled()

    def guard(self) -> Condition:
        """Written once; whoever handles it again finds that it was."""
        return DeliveryRecord.delivery_id.does_not_exist()

    @classmethod
    def newest_of(cls, integration: str, limit: int, before: str | None = None
                  ) -> "list[DeliveryRecord]":  # fmt: skip
        """The last deliveries of an integration, newest first."""
        start = cls.delivery_id < before if before else None
        found = cls.query(integration, start, limit=limit, scan_index_forward=False)
        return list(found)

    @classmethod
    def note_part(cls, integration: str, delivery_id: str, part: str, counts: Any) -> None:
        """What became of a part of a large delivery; once, however often that is worked on."""
        done = {"part": part, "decisions": dict(counts)}
        holds(
            cls(integration, delivery_id).update,
            [cls.parts.set(cls.parts.append([done])), cls.parts_done.add({part})],
            condition=cls.parts.exists() & ~cls.parts_done.contains(part),
        )

    @classmethod
    def in_trouble(cls, trouble: str, limit: int) -> "list[tuple[str, str]]":
        """`(integration, delivery_id)` of those that wait for somebody, newest first."""
        found = cls.troubled.query(trouble, limit=limit, scan_index_forward=False)
        return [(one.integration, one.delivery_id) for one in found]
