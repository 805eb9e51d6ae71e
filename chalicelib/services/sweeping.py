"""What is due: the oldest of it for the tick to do at once, the rest handed to a queue."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import TypeVar

from chalicelib.adapters import queues
from chalicelib.domain.instants import from_text, to_text
from chalicelib.domain.worklists import due_shards
from chalicelib.models.ticket import Ticket
from chalicelib.observability import count, logger

QUEUE = "sweep"
PAGE = 100
AT_ONCE = 500
IN_A_MESSAGE = 10  # ten such messages are one batch of a worker, which has thirty seconds
MESSAGES_AT_ONCE = 100

T = TypeVar("T")


@dataclass(frozen=True)
class Due:
    """The longest overdue tickets, the lag of the first in seconds, and how many were handed on."""

    ticket_ids: list[str]
    lag: float
    handed_on: int


def find(now: datetime) -> Due:
    """The oldest due tickets. What is more than a tick can do goes to the queue, oldest first.

    While the queue still holds tickets of an earlier tick, nothing is handed on again: they are
    in the index until they are done, and would only come twice.
    """
    rows = _oldest_first(now)
    first = list(islice(rows, AT_ONCE))
    lag = (now - from_text(first[0].due_at)).total_seconds() if first else 0.0
    following = next(rows, None)
    handed_on = _try_to_hand_on(chain([following], rows), now) if following else 0
    return Due([row.ticket_id for row in first], lag, handed_on)


def _oldest_first(now: datetime) -> Iterator[Ticket]:
    shards = [Ticket.due_in(shard, now, PAGE) for shard in due_shards()]
    return heapq.merge(*shards, key=lambda row: str(row.due_at))


def _try_to_hand_on(rows: Iterator[Ticket], now: datetime) -> int:
    """A queue that fails must not keep the tick from the oldest; the rest stays due."""
    try:
        return 0 if _is_busy() else _hand_on(rows, now)
    except Exception:
        logger.exception("due tickets could not be handed on")
        count("HandOnFailed")
        return 0


def _is_busy() -> bool:
    depth = queues.depth_now(QUEUE)
    return depth["waiting"] + depth["in_flight"] > 0


def _hand_on(rows: Iterator[Ticket], now: datetime) -> int:
    """Each message has the tick's instant: steps are judged by that, whenever it is read."""
    messages = (
        {"now": to_text(now), "ticket_ids": [row.ticket_id for row in group]}
        for group in _groups(rows, IN_A_MESSAGE)
    )
    handed_on = 0
    for some in _groups(messages, MESSAGES_AT_ONCE):
        refused = set(queues.send(QUEUE, some))
        taken = (one for place, one in enumerate(some) if place not in refused)
        handed_on += sum(len(message["ticket_ids"]) for message in taken)
    return handed_on


def _groups(items: Iterator[T], size: int) -> Iterator[list[T]]:
    return iter(lambda: list(islice(items, size)), [])
