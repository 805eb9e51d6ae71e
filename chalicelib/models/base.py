"""What all tables share: where they are, how long a call may take, and instants as text."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Self

from pynamodb.attributes import Attribute
from pynamodb.constants import NUMBER, STRING
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from chalicelib.config import config
from chalicelib.domain.instants import from_text, to_text

CONNECT_WITHIN_SECONDS, READ_WITHIN_SECONDS = 2, 3
RETRIES = 6
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Table:
    """Base of every model's Meta; PynamoDB reads its attributes when the class is made."""

    region = config.region
    host = config.endpoint_url
    connect_timeout_seconds = CONNECT_WITHIN_SECONDS
    read_timeout_seconds = READ_WITHIN_SECONDS
    max_retry_attempts = RETRIES
    table_name: str


class Record(Model):
    """A model that knows under which condition it may be written in a transaction."""

    reads_consistently: ClassVar[bool] = True

    @classmethod
    def find(cls, hash_key: str, range_key: str | None = None) -> Self | None:
        """The record with this key, or None."""
        try:
            return cls.get(hash_key, range_key, consistent_read=cls.reads_consistently)
        except cls.DoesNotExist:
            return None

    @classmethod
    def of_image(cls, image: dict[str, Any]) -> Self:
        """The record as a stream shows it."""
        found = cls()
        found.deserialize(image)
        return found

    def guard(self) -> Condition | None:
        """None where the version attribute guards, or nothing needs to."""
        return None


@dataclass(frozen=True)
class Update:
    """Attributes to change in a transaction, where its condition holds if there is one."""

    record: Model
    actions: tuple[Action, ...]
    condition: Condition | None = None


@dataclass(frozen=True)
class Check:
    """What has to hold of a record that a transaction does not change."""

    model: type[Model]
    key: str
    condition: Condition


class MomentAttribute(Attribute[datetime]):
    """An instant as milliseconds since 1970, where every byte counts."""

    attr_type = NUMBER

    def serialize(self, value: datetime) -> str:
        return str((value - EPOCH) // timedelta(milliseconds=1))

    def deserialize(self, value: Any) -> datetime:
        return EPOCH + timedelta(milliseconds=int(value))


class InstantAttribute(Attribute[datetime]):
    """An instant kept as UTC text that sorts."""

    attr_type = STRING

    def serialize(self, value: datetime) -> str:
        return to_text(value)

    def deserialize(self, value: Any) -> datetime:
        return from_text(value)
