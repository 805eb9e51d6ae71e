"""Quotas and buckets, in the markers table: how much of something was taken, and how fast."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.config import config
from chalicelib.models.base import Record, Table
from chalicelib.models.conditional import holds

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


class Bucket(Record):
    """A token bucket as one number: the instant at which it will be full again.

    That is the generic cell rate algorithm (ITU-T I.371, annex A).
    """

    class Meta(Table):
        table_name = config.name("markers")

    marker_id = UnicodeAttribute(hash_key=True)
    expires_at = NumberAttribute()
    full_at = NumberAttribute(null=True)  # in milliseconds since 1970

    @classmethod
    def take(cls, name: str, cost_ms: int, room_ms: int, now_ms: int) -> int | None:
        """Take what comes again within `cost_ms`; answers when the bucket is full, None if empty.

        One call where the bucket was full or was used a moment ago, and a second one else.
        """
        full = ~cls.full_at.exists() | (cls.full_at <= now_ms)
        room = (cls.full_at > now_ms) & (cls.full_at <= now_ms + room_ms - cost_ms)
        return cls._put(name, cls.full_at.set(now_ms + cost_ms), full, now_ms + room_ms) or (
            cls._put(name, cls.full_at.set(cls.full_at + cost_ms), room, now_ms + room_ms)
        )

    @classmethod
    def _put(cls, name: str, filled: Action, condition: Condition, ends_ms: int) -> int | None:
        bucket = cls(f"limit#{name}")
        ends = cls.expires_at.set(ends_ms // 1000 + LIVES_FOR_SECONDS)
        if not holds(bucket.update, [filled, ends], condition=condition):
            return None
        return int(bucket.full_at or 0)
