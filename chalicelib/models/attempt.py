"""Failed sign-ins, in the markers table: how many, and when the next try is looked at."""

from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.config import config
from chalicelib.models.base import EPOCH, MomentAttribute, Record, Table
from chalicelib.models.conditional import holds


class Attempt(Record):
    class Meta(Table):
        table_name = config.name("markers")

    marker_id = UnicodeAttribute(hash_key=True)
    expires_at = NumberAttribute()
    failed = NumberAttribute(default=0)
    not_before = MomentAttribute(null=True)

    @classmethod
    def of(cls, name: str, now: datetime) -> "Attempt":
        """As it is counted; from nought when the last failure is long ago. TTL deletes late."""
        found = cls.find(f"attempt#{name}")
        if found and found.expires_at > now.timestamp():
            return found
        return cls(f"attempt#{name}", failed=0, expires_at=found.expires_at if found else 0)

    def waits(self, now: datetime) -> timedelta:
        return max((self.not_before or EPOCH) - now, timedelta(0))

    def claim(self, now: datetime, wait: timedelta, kept: timedelta) -> bool:
        """Count one more, if nobody else has counted since this was read."""
        as_read = Attempt.expires_at == self.expires_at
        free = as_read if self.expires_at else Attempt.marker_id.does_not_exist()
        if self.failed:
            free &= Attempt.failed == self.failed
        actions = [
            Attempt.failed.set(int(self.failed) + 1),
            Attempt.not_before.set(now + wait),
            _kept_until(now + kept),
        ]
        return self._write(actions, free)

    def add_one(self, now: datetime, kept: timedelta) -> int:
        """Count one more, however many do so at once; answers how many that makes."""
        is_live, kept_until = Attempt.expires_at > int(now.timestamp()), _kept_until(now + kept)
        more = ([Attempt.failed.add(1), kept_until], is_live)
        anew = ([Attempt.failed.set(1), kept_until], ~is_live)
        any(self._write(*one) for one in (more, anew, more))  # another may be the first meanwhile
        return int(self.failed)

    def hold(self, now: datetime, wait: timedelta) -> None:
        """Let nothing be looked at for so long, unless it has to wait longer already."""
        if wait:
            until = Attempt.not_before
            self._write([until.set(now + wait)], until.does_not_exist() | (until < now + wait))

    def count_again(self, failed: int, now: datetime) -> None:
        """So many, and no wait, unless somebody else has counted meanwhile."""
        as_counted = Attempt.failed == self.failed
        if failed:
            self._write([Attempt.failed.set(failed), Attempt.not_before.set(now)], as_counted)
        else:
            holds(self.delete, condition=as_counted)

    def _write(self, actions: list[Action], condition: Condition) -> bool:
        return holds(self.update, actions, condition=condition)


def _kept_until(until: datetime) -> Action:
    return Attempt.expires_at.set(int(until.timestamp()))
