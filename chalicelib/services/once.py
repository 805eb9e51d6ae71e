"""Keyed requests: each takes effect once, and is answered the same each time it comes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.errors import DeskError, KeyReused
from chalicelib.models.marker import Marker
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry

KEY_LIVES_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Once:
    """Makes a request take effect once: whose key, when, a digest of the body, what is answered."""

    scope: str
    at: datetime
    digest: str
    phrase: Callable[[Any, Any], dict[str, Any]]


class AlreadyDone(DeskError):
    """The keyed request was carried out before; `answer` is what was said then."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__("This request was carried out before.")
        self.answer = answer


def raise_what_was_done(once: Once) -> None:
    """Raises AlreadyDone if the key was used for this request, KeyReused if for another."""
    marker = Marker.live(once.scope, once.at)
    if marker is None:
        return
    if marker.digest != once.digest:
        raise KeyReused("This Idempotency-Key was used before, with a different request.")
    raise AlreadyDone(marker.answer)


def mark_of(once: Once, ticket: Ticket, first: TimelineEntry, version: int) -> Marker:
    """The mark to be saved with what is done; it holds the answer, to be given again."""
    before = ticket.version
    ticket.version = version  # the answer shows the version that is being written
    answer = once.phrase(ticket, first)
    ticket.attribute_values["version"] = before  # the attribute itself takes no None
    return mark_with(once, answer)


def mark_for(once: Once | None, *done: Any) -> Marker | None:
    """The mark to be saved with what a keyed request does; None without a key."""
    return mark_with(once, once.phrase(*done)) if once else None


def mark_with(once: Once, answer: dict[str, Any]) -> Marker:
    """The mark that keeps this answer."""
    kept = {"digest": once.digest, "answer": answer}
    return Marker.lasting(once.scope, once.at, KEY_LIVES_FOR, **kept)
