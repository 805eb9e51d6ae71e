"""The markers table: that a keyed request was carried out, and what was answered."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.config import config
from chalicelib.models.base import Record, Table


class Marker(Record):
    class Meta(Table):
        table_name = config.name("markers")

    marker_id = UnicodeAttribute(hash_key=True)
    expires_at = NumberAttribute()
    digest = UnicodeAttribute(null=True)
    answer: JSONAttribute = JSONAttribute(null=True)
    written_at = NumberAttribute(null=True)

    def guard(self) -> Condition:
        """Free, or left over from before: TTL deletes late."""
        taken = Marker.marker_id.exists() & (Marker.expires_at > self.written_at)
        return ~taken

    @classmethod
    def live(cls, marker_id: str, now: datetime) -> "Marker | None":
        try:
            marker = cls.get(marker_id, consistent_read=True)
        except cls.DoesNotExist:
            return None
        return marker if marker.expires_at > now.timestamp() else None


Answer = dict[str, Any]
