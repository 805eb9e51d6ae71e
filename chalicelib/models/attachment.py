"""The attachments table: files that messages carry, and what the scan said of each."""

from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.config import config
from chalicelib.models.base import InstantAttribute, Record, Table, Update
from chalicelib.models.conditional import holds


class Attachment(Record):
    """A row is made when a message claims the file, with the message: before, there is none."""

    class Meta(Table):
        table_name = config.name("attachments")

    attachment_id = UnicodeAttribute(hash_key=True)
    ticket_id = UnicodeAttribute()
    entry_id = UnicodeAttribute()
    public = BooleanAttribute()
    at = InstantAttribute()
    name = UnicodeAttribute()
    size = NumberAttribute()
    type = UnicodeAttribute()
    state = UnicodeAttribute()
    key = UnicodeAttribute()
    object_version = UnicodeAttribute()  # what was scanned: nobody can put another in its place

    def guard(self) -> Condition:
        """Claimed once, by whoever comes first."""
        return Attachment.attachment_id.does_not_exist()

    @classmethod
    def many(cls, ids: "list[str]") -> "dict[str, Attachment]":
        found = cls.batch_get(ids, consistent_read=True)
        return {one.attachment_id: one for one in found}

    def become(self, seen: str, **fields: Any) -> bool:
        """Change it while its state is the one that was seen; answers whether it was."""
        change = self.becoming(**fields)
        return holds(self.update, list(change.actions), condition=Attachment.state == seen)

    def becoming(self, **fields: Any) -> Update:
        """The same to be saved with something else, whatever its state is."""
        actions = (getattr(Attachment, name).set(value) for name, value in fields.items())
        return Update(self, tuple(actions))
