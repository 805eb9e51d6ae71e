"""What people are told by mail: the facts first, then the words."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chalicelib.domain.links import Scope


class LetterKind(StrEnum):
    ACKNOWLEDGEMENT = "acknowledgement"
    REPLY = "reply"
    RESOLVED = "resolved"
    ESCALATED = "escalated"
    WAITING = "waiting"
    PAGE = "page"
    WATCHED = "watched"
    OWN_LINK = "own_link"


@dataclass(frozen=True)
class Letter:
    """What one person is to be told; `key` is the same each time the same event calls for it.

    `zone` is the reader's own, where they work here. `link` is what it leads to; where that
    `opens` something by a secret, the secret is made and added when the letter goes out. Only an
    address that has `proven` to be read by whoever asked is told what was asked.
    """

    kind: LetterKind
    to: str
    ticket: dict[str, Any]
    entry: dict[str, Any]
    link: str
    key: str
    channel: str = "mail"
    zone: str | None = None
    opens: Scope | None = None
    proven: bool = False


@dataclass(frozen=True)
class Mail:
    """One message to one person, written in text and HTML."""

    to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)
