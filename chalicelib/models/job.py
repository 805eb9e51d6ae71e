"""The jobs table: long work done in the background, how far it is, and what came of it."""

from collections.abc import Iterator
from typing import Any

from pynamodb.attributes import (
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    VersionAttribute,
)
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.config import config
from chalicelib.models.base import InstantAttribute, Record, Table


class ByKind(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_kind"
        projection = AllProjection()

    kind = UnicodeAttribute(hash_key=True)
    created_at = InstantAttribute(range_key=True)


class Job(Record):
    """`parts` are worked on side by side: `{name: {cursor, turn, seen, changed, total, done}}`."""

    class Meta(Table):
        table_name = config.name("jobs")

    job_id = UnicodeAttribute(hash_key=True)
    version = VersionAttribute()
    kind = UnicodeAttribute()
    created_at = InstantAttribute()
    moved_at = InstantAttribute()
    finished_at = InstantAttribute(null=True)
    by = JSONAttribute()
    about = JSONAttribute()
    parts = JSONAttribute()
    expires_at = NumberAttribute()

    by_kind = ByKind()

    @classmethod
    def all_of(cls, kind: str) -> "Iterator[Job]":
        """Those that are kept still."""
        return cls.by_kind.query(kind)

    @classmethod
    def latest(cls, kind: str, limit: int) -> "Iterator[Job]":
        """The newest first."""
        return cls.by_kind.query(kind, limit=limit, scan_index_forward=False)
