"""The markers table: that a keyed request was carried out, and what was answered."""

from datetime import datetime

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
        marker = cls.find(marker_id)
        return marker if marker and marker.expires_at > now.timestamp() else None
