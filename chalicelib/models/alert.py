"""The alerts table: for each identity of each integration, its last episode and incident."""

from pynamodb.attributes import (
    BooleanAttribute,
    NumberAttribute,
    UnicodeAttribute,
    VersionAttribute,
)

from chalicelib.config import config
from chalicelib.models.base import InstantAttribute, Record, Table


class AlertRecord(Record):
    class Meta(Table):
        table_name = config.name("alerts")

    alert_id = UnicodeAttribute(hash_key=True)
    version = VersionAttribute()
    ticket_id = UnicodeAttribute()
    firing = BooleanAttribute()
    started_at = InstantAttribute()
    ended_at = InstantAttribute(null=True)
    last_at = InstantAttribute()
    times = NumberAttribute(default=1)
