"""What people are told by mail: the facts first, then the words."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class LetterKind(StrEnum):
    ACKNOWLEDGEMENT = "acknowledgement"
    REPLY = "reply"
    RESOLVED = "resolved"
    ESCALATED = "escalated"
    WAITING = "waiting"
    PAGE = "page"
    WATCHED = "watched"


@dataclass(frozen=True)
class Letter:
    """What one person is to be told; `key` is the same each time the same event calls for it.

    `zone` is the reader's own, where they work here.
    """

    kind: LetterKind
    to: str
    ticket: dict[str, Any]
    entry: dict[str, Any]
    link: str
    key: str
    channel: str = "mail"
    zone: str | None = None


@dataclass(frozen=True)
class Mail:
    """One message to one person, written in text and HTML."""

    to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)
