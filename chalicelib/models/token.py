"""The API tokens table, keyed by hash: a token itself is shown once and never kept."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import ListAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from chalicelib.config import config
from chalicelib.models.base import InstantAttribute, Record, Table
from chalicelib.models.conditional import holds

ID_LENGTH = 16


class TokensByPerson(GlobalSecondaryIndex[Any]):
    class Meta:
        index_name = "by_person"
        projection = AllProjection()

    person_id = UnicodeAttribute(hash_key=True)
    created_at = InstantAttribute(range_key=True)


class ApiToken(Record):
    """Read consistently: what was revoked must not open anything, not even for a second."""

    class Meta(Table):
        table_name = config.name("tokens")

    token_hash = UnicodeAttribute(hash_key=True)
    person_id = UnicodeAttribute()
    label = UnicodeAttribute()
    scopes: ListAttribute[Any] = ListAttribute(default=list)
    created_at = InstantAttribute()
    expires_at = InstantAttribute()
    last_used_at = InstantAttribute(null=True)

    by_person = TokensByPerson()

    @property
    def token_id(self) -> str:
        """Names it where it must not be shown; opens nothing."""
        return str(self.token_hash[:ID_LENGTH])

    @classmethod
    def of(cls, person_id: str) -> "Iterator[ApiToken]":
        """Somebody's tokens, the newest first."""
        return cls.by_person.query(person_id, scan_index_forward=False)

    @classmethod
    def delete_all_of(cls, person_id: str) -> int:
        """Answers how many these were."""
        found = list(cls.of(person_id))
        for one in found:
            one.delete()
        return len(found)

    def note_used(self, now: datetime, at_most_every: timedelta) -> None:
        """Write down that it was used; seldom, for nobody needs to know the second."""
        if self.last_used_at and now - self.last_used_at < at_most_every:
            return
        before = ApiToken.last_used_at
        is_due: Condition = before.does_not_exist() | (before <= now - at_most_every)
        is_there = ApiToken.token_hash.exists()
        holds(self.update, [before.set(now)], condition=is_there & is_due)
