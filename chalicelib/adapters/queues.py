"""SQS: sending batches, and what lies in each queue."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from chalicelib.adapters.aws import client
from chalicelib.config import config

BATCH = 10
NAMES = (
    "tier1", "tier2", "tier3", "notifications", "alerts", "sweep", "verdicts", "jobs", "staffing",
    "files",
)  # fmt: skip
_DEPTHS = {
    "waiting": "ApproximateNumberOfMessages",
    "in_flight": "ApproximateNumberOfMessagesNotVisible",
    "delayed": "ApproximateNumberOfMessagesDelayed",
}


def send(queue: str, messages: Sequence[dict[str, Any]]) -> list[int]:
    """Send messages in batches of ten; answers the positions that the queue refused."""
    refused = []
    for start in range(0, len(messages), BATCH):
        batch = messages[start : start + BATCH]
        refused += [start + position for position in _send_batch(queue, batch)]
    return refused


def send_one(queue: str, message: dict[str, Any], delay_seconds: int = 0) -> None:
    """Send one message, to be seen after the delay (at most 900 seconds)."""
    send_text(queue, json.dumps(message), delay_seconds)


def send_text(queue: str, text: str, delay_seconds: int = 0) -> None:
    """Send one message as it is, to be seen after the delay (at most 900 seconds)."""
    client("sqs").send_message(QueueUrl=_url(queue), MessageBody=text, DelaySeconds=delay_seconds)


def depth(queue: str) -> dict[str, int]:
    """`{waiting, in_flight, delayed, dead}` as SQS estimates them."""
    return {**_attributes(queue), "dead": dead_letters(queue)}


def depth_now(queue: str) -> dict[str, int]:
    """The same without the dead letters, in one call."""
    return _attributes(queue)


def dead_letters(queue: str) -> int:
    return _attributes(f"{queue}-dead")["waiting"]


def redrive(queue: str) -> Iterator[str]:
    """Move dead letters back to their queue one by one; yields each id once it is safe there."""
    sqs, source = client("sqs"), _url(f"{queue}-dead")
    while received := _receive(source):
        for message in received:
            send_text(queue, message["Body"])
            sqs.delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])
            yield message["MessageId"]


def _send_batch(queue: str, messages: Sequence[dict[str, Any]]) -> list[int]:
    entries = [{"Id": str(n), "MessageBody": json.dumps(m)} for n, m in enumerate(messages)]
    answer = client("sqs").send_message_batch(QueueUrl=_url(queue), Entries=entries)
    return [int(failure["Id"]) for failure in answer.get("Failed", [])]


def _receive(url: str) -> list[dict[str, Any]]:
    answer = client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=BATCH, WaitTimeSeconds=0
    )
    return list(answer.get("Messages", []))


def _attributes(queue: str) -> dict[str, int]:
    names = list(_DEPTHS.values())
    answer = client("sqs").get_queue_attributes(QueueUrl=_url(queue), AttributeNames=names)
    return {ours: int(answer["Attributes"].get(name, 0)) for ours, name in _DEPTHS.items()}


@cache
def _url(queue: str) -> str:
    return str(client("sqs").get_queue_url(QueueName=config.name(queue))["QueueUrl"])
