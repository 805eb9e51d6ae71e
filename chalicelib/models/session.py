"""The sessions table: who is signed in, kept on the server so that it can be ended at once."""

from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.config import config
from chalicelib.models.base import Record, Table


class Session(Record):
    class Meta(Table):
        table_name = config.name("sessions")

    session_hash = UnicodeAttribute(hash_key=True)
    person_id = UnicodeAttribute()
    csrf = UnicodeAttribute()
    expires_at = NumberAttribute()

    @classmethod
    def live(cls, session_hash: str, now: datetime) -> "Session | None":
        """The session unless its time is over; TTL deletes late, so the time is compared."""
        try:
            session = cls.get(session_hash, consistent_read=True)
        except cls.DoesNotExist:
            return None
        return session if session.expires_at > now.timestamp() else None
