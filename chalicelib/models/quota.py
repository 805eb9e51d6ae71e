"""Quotas, in the markers table: how much of something was taken in a minute."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.config import config
from chalicelib.models.base import Record, Table

LIVES_FOR_SECONDS = 3600


class Quota(Record):
    class Meta(Table):
        table_name = config.name("markers")

    marker_id = UnicodeAttribute(hash_key=True)
    expires_at = NumberAttribute()
    taken = NumberAttribute(default=0)

    @classmethod
    def take(cls, name: str, minute: int) -> int:
        """Take one more in a minute since 1970; answers how many that makes."""
        quota = cls(f"quota#{name}#{minute}")
        expires_at = minute * 60 + LIVES_FOR_SECONDS
        quota.update(actions=[cls.taken.add(1), cls.expires_at.set(expires_at)])
        return int(quota.taken)
