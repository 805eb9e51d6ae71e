"""Events of AWS's shapes, to call functions with as Lambda does."""

from collections.abc import Iterable
from typing import Any


class Context:
    """What Lambda tells a function; there is always time left."""

    function_name = "sweep"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:sweep"
    aws_request_id = "bench"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def scheduled(time: str) -> dict[str, Any]:
    """A tick of EventBridge's schedule; `time` is the schedule's own, whenever it is delivered."""
    named = {"version": "0", "account": "", "region": "", "source": "aws.events", "id": "bench"}
    return {**named, "detail": {}, "detail-type": "Scheduled Event", "resources": [], "time": time}


def queued(messages: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A batch of an SQS queue, of messages as `receive_message` gives them."""
    return {"Records": [_record(one["MessageId"], one["Body"]) for one in messages]}


def _record(name: str, body: str) -> dict[str, Any]:
    return {
        "messageId": name, "receiptHandle": name, "body": body, "attributes": {},
        "messageAttributes": {}, "md5OfBody": "", "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:queue", "awsRegion": "us-east-1",
    }  # fmt: skip
