"""The markers table: that a keyed request was carried out, and what was answered."""

from datetime import datetime, timedelta
from typing import Any, Self

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.config import config
from chalicelib.models.base import Record, Table

WHILE_QUEUED = timedelta(days=14)  # as long as a message can live in queue and dead letters


class Marker(Record):
    class Meta(Table):
        table_name = config.name("markers")

    marker_id = UnicodeAttribute(hash_key=True)
    expires_at = NumberAttribute()
    digest = UnicodeAttribute(null=True)
    answer: JSONAttribute = JSONAttribute(null=True)
    written_at = NumberAttribute(null=True)

    def guard(self) -> Condition | None:
        """Free, or left over from before: TTL deletes late."""
        taken = Marker.marker_id.exists() & (Marker.expires_at > self.written_at)
        return ~taken

    @classmethod
    def lasting(cls, marker_id: str, now: datetime, lives: timedelta, **kept: Any) -> Self:
        """A mark to be saved, which counts for so long."""
        expires_at, written_at = int((now + lives).timestamp()), int(now.timestamp())
        return cls(marker_id, expires_at=expires_at, written_at=written_at, **kept)

    @classmethod
    def live(cls, marker_id: str, now: datetime) -> "Marker | None":
        marker = cls.find(marker_id)
        return marker if marker and marker.expires_at > now.timestamp() else None


class Memory(Marker):
    """Something remembered for a while, where the newer replaces the older."""

    def guard(self) -> None:
        return None
