"""The alerts table: for each identity of each integration, its last episode and incident.

It also holds what many identities of one service share while they storm (`Storm`).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
    VersionAttribute,
)
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection

from chalicelib.config import config
from chalicelib.domain.instants import to_text
from chalicelib.models.base import InstantAttribute, Record, Table

PAGE = 1000  # keys, of which most may not be wanted


class Watched(GlobalSecondaryIndex[Any]):
    """Sparse: alerts that have to be looked at again, by when."""

    class Meta:
        index_name = "watched"
        projection = KeysOnlyProjection()

    watch_shard = UnicodeAttribute(hash_key=True)
    watch_at = UnicodeAttribute(range_key=True)


class FiringInGroup(GlobalSecondaryIndex[Any]):
    """Sparse: what is firing of each group that a tool reports together."""

    class Meta:
        index_name = "firing_in_group"
        projection = KeysOnlyProjection()

    group = UnicodeAttribute(hash_key=True)
    alert_id = UnicodeAttribute(range_key=True)


class Parts(GlobalSecondaryIndex[Any]):
    """Sparse: the alerts whose incidents are open parts of another one, and whether they fire."""

    class Meta:
        index_name = "parts"
        projection = IncludeProjection(["firing"])

    part_of = UnicodeAttribute(hash_key=True)
    alert_id = UnicodeAttribute(range_key=True)
    firing = BooleanAttribute()


class AlertRecord(Record):
    class Meta(Table):
        table_name = config.name("alerts")

    alert_id = UnicodeAttribute(hash_key=True)
    version = VersionAttribute()
    integration = UnicodeAttribute(null=True)
    firing = BooleanAttribute(default=False)
    ticket_id = UnicodeAttribute(null=True)  # its incident, the last one
    times = NumberAttribute(default=0)  # that incident was told of so often
    held_times = NumberAttribute(null=True)  # and so often in maintenance since
    last_at = InstantAttribute()
    heard_at = InstantAttribute(null=True)  # when the newest word of it came to us
    since = InstantAttribute(null=True)  # when this episode came to us
    started_at = InstantAttribute(null=True)  # as the tool says
    ended_at = InstantAttribute(null=True)  # as the tool says
    ended_here_at = InstantAttribute(null=True)  # when we heard of it
    episode = UnicodeAttribute(null=True)
    severity = UnicodeAttribute(null=True)
    changes: ListAttribute[Any] = ListAttribute(null=True)  # the last instants of firing or ending
    flapping = BooleanAttribute(null=True)
    stale = BooleanAttribute(null=True)
    held = JSONAttribute(null=True)  # during maintenance: what it says, to open its incident later
    left_out = NumberAttribute(null=True)  # of its group, in the last delivery
    group = UnicodeAttribute(null=True)
    part_of = UnicodeAttribute(null=True)
    has_parts = BooleanAttribute(null=True)
    solved = BooleanAttribute(null=True)  # its incident, by its end and by nobody else
    watch_shard = UnicodeAttribute(null=True)
    watch_at = UnicodeAttribute(null=True)

    watched = Watched()
    firing_in_group = FiringInGroup()
    parts = Parts()

    @classmethod
    def many(cls, alert_ids: list[str]) -> "dict[str, AlertRecord]":
        """Those of these that are known, in one call for each hundred."""
        found = cls.batch_get(alert_ids, consistent_read=True)
        return {one.alert_id: one for one in found}

    @classmethod
    def to_look_at(cls, shard: str, now: datetime, limit: int) -> "Iterator[AlertRecord]":
        """The keys of alerts whose time to be looked at has come, the oldest first."""
        return cls.watched.query(shard, cls.watch_at <= to_text(now), limit=limit)

    @classmethod
    def firing_of_group(cls, group: str) -> "list[str]":
        return [one.alert_id for one in cls.firing_in_group.query(group)]

    @classmethod
    def parts_of(cls, ticket_id: str, limit: int, only_firing: bool = False) -> "list[str]":
        wanted = Parts.firing == True if only_firing else None  # noqa: E712
        found = cls.parts.query(
            ticket_id, filter_condition=wanted, limit=limit, page_size=PAGE if only_firing else None
        )
        return [one.alert_id for one in found]


class Storm(Record):
    """What one service, site or group has opened of late, and the incident that they fold into."""

    class Meta(Table):
        table_name = config.name("alerts")

    alert_id = UnicodeAttribute(hash_key=True)
    version = VersionAttribute()
    last_at = InstantAttribute()
    opened: ListAttribute[Any] = ListAttribute(null=True)  # [[instant, ticket], ...]
    parent = UnicodeAttribute(null=True)
