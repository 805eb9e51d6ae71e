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
        session = cls.find(session_hash)
        return session if session and session.expires_at > now.timestamp() else None
