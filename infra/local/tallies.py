"""Counts what lies in each queue."""

from typing import Any

DEAD = "-dead"
NAMES = {
    "depth": "ApproximateNumberOfMessages",
    "in_flight": "ApproximateNumberOfMessagesNotVisible",
    "delayed": "ApproximateNumberOfMessagesDelayed",
}


def of(sqs: Any, prefix: str) -> list[dict[str, Any]]:
    """`{name, depth, in_flight, delayed, dead_letters}` of each queue of the stage."""
    urls = sqs.list_queues(QueueNamePrefix=f"{prefix}-").get("QueueUrls", [])
    counts = {_name(url, prefix): _count(sqs, url) for url in urls}
    names = sorted({name.removesuffix(DEAD) for name in counts})
    return [_tally(name, counts) for name in names]


def _tally(name: str, counts: dict[str, dict[str, int]]) -> dict[str, Any]:
    own = counts.get(name, dict.fromkeys(NAMES, 0))
    dead = sum(counts.get(name + DEAD, {}).values())
    return {"name": name, **own, "dead_letters": dead}


def _name(url: str, prefix: str) -> str:
    return url.rpartition("/")[2].removeprefix(f"{prefix}-")


def _count(sqs: Any, url: str) -> dict[str, int]:
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(NAMES.values()))
    return {ours: int(answer["Attributes"][theirs]) for ours, theirs in NAMES.items()}
