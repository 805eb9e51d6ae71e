"""The sessions table: who is signed in, kept on the server so that it can be ended at once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.config import config
from chalicelib.models.base import InstantAttribute, Record, Table
from chalicelib.models.conditional import holds

ID_LENGTH = 16


class SessionsByPerson(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_person"
        projection = AllProjection()

    person_id = UnicodeAttribute(hash_key=True)
    created_at = InstantAttribute(range_key=True)


class Session(Record):
    """`role` is what its person was at sign-in: who becomes something else signs in anew."""

    class Meta(Table):
        table_name = config.name("sessions")

    session_hash = UnicodeAttribute(hash_key=True)
    person_id = UnicodeAttribute()
    role = UnicodeAttribute()
    csrf = UnicodeAttribute()
    created_at = InstantAttribute()
    seen_at = InstantAttribute()
    address = UnicodeAttribute(null=True)
    agent = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()

    by_person = SessionsByPerson()

    @property
    def session_id(self) -> str:
        """Names it where it must not be shown; opens nothing."""
        return str(self.session_hash[:ID_LENGTH])

    @classmethod
    def live(cls, session_hash: str, now: datetime, idle: timedelta) -> "Session | None":
        """The session unless its time is over; TTL deletes late, so the time is compared."""
        session = cls.find(session_hash)
        return session if session and session.is_live(now, idle) else None

    @classmethod
    def of(cls, person_id: str) -> "Iterator[Session]":
        """Somebody's sessions, the newest first; some may be over."""
        return cls.by_person.query(person_id, scan_index_forward=False)

    def is_live(self, now: datetime, idle: timedelta) -> bool:
        """Neither too old nor too long without a request."""
        return bool(self.expires_at > now.timestamp() and now - self.seen_at < idle)

    def note_seen(self, now: datetime) -> None:
        """Write down that it is used, unless it was ended meanwhile."""
        is_there = Session.session_hash.exists()
        holds(self.update, [Session.seen_at.set(now)], condition=is_there)
