"""What a kind of long work is made of: parts, and pages of a part."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.models.base import Record
from chalicelib.models.job import Job

RECOMPUTE, WHAT_IF = "sla_recompute", "sla_what_if"
EXPORT, ERASURE = "privacy_export", "privacy_erasure"


@dataclass(frozen=True)
class Page:
    """What one page came to: how many were looked at and changed, and where the next begins."""

    seen: int
    changed: int
    next: str | None
    found: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Work:
    """A kind of long work: what its parts are, how many there is to do, and how a page is done.

    `settles_after` asks for another turn over everything, so many seconds later, until one
    changes nothing. `ended` may change a job that has come to its end, and answers what is to be
    saved with that; `frees` answers what is taken away with it.
    """

    parts: Callable[[Job], Iterable[str]]
    total: Callable[[Job, str], int]
    page: Callable[[Job, str, str | None, datetime], Page]
    settles_after: int | None = None
    ended: Callable[[Job, datetime], Iterable[Record]] | None = None
    frees: Callable[[Job], Record | None] | None = None
