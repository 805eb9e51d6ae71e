"""What an operator does: look into the queues and send dead letters through them again."""

from collections.abc import Iterator
from typing import Any

from chalicelib.adapters import queues
from chalicelib.domain.errors import NotFound


def depths() -> list[dict[str, Any]]:
    """`{queue, waiting, in_flight, delayed, dead}` of each queue, as SQS estimates them."""
    relay = {"waiting": 0, "in_flight": 0, "delayed": 0, "dead": queues.dead_letters("relay")}
    return [{"queue": name, **queues.depth(name)} for name in queues.NAMES] + [
        {"queue": "relay", **relay}
    ]


def redrive(queue: str) -> Iterator[str]:
    """Dead letters back into their queue, one id at a time. Raises NotFound."""
    if queue not in queues.NAMES:
        raise NotFound(f"There is no queue {queue}; there are {', '.join(queues.NAMES)}.")
    return queues.redrive(queue)
