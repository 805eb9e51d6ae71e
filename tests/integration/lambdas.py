"""Calls the Lambda functions of stream, queues and schedule with events of AWS's shapes."""

import json
from datetime import datetime, timedelta
from typing import Any

import boto3

from chalicelib.adapters import clock
from chalicelib.domain.instants import to_text
from chalicelib.models.timeline import TimelineEntry
from tests import aws


class Context:
    function_name = "test"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:test"
    aws_request_id = "test-request"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def sweep(now: datetime, skew: timedelta = timedelta()) -> dict[str, int]:
    """One tick of the schedule at an instant, by a machine whose own clock is so much ahead."""
    from app import app  # noqa: F401
    from chalicelib.handlers.schedules import escalate_overdue_tickets

    clock.use(lambda: now + skew)
    return escalate_overdue_tickets(tick_of(now), Context())


def tick_of(now: datetime) -> dict[str, Any]:
    """The event of a schedule."""
    return {"version": "0", "account": "", "region": "", "detail": {}, "detail-type": "",
            "source": "", "time": to_text(now), "id": "", "resources": []}  # fmt: skip


def relay(entries: list[TimelineEntry] | None = None) -> dict[str, Any]:
    """The relay, with the images of all entries (or these) as the stream would carry them."""
    from chalicelib.handlers.stream import relay_timeline

    client = boto3.client("dynamodb", aws.REGION)
    found = client.scan(TableName=f"{aws.PREFIX}-timeline")["Items"]
    records = [
        {"eventName": "INSERT", "eventID": str(n), "dynamodb": {
            "SequenceNumber": str(n), "NewImage": image,
            "Keys": {k: image[k] for k in ("ticket_id", "entry_id")}}}
        for n, image in enumerate(sorted(found, key=lambda i: i["entry_id"]["S"]))
    ]  # fmt: skip
    return relay_timeline({"Records": records}, Context())


def work(function: Any, messages: list[dict[str, Any]]) -> dict[str, Any]:
    """A queue's worker, with a batch of messages."""
    records = [
        {"messageId": str(n), "receiptHandle": str(n), "body": json.dumps(message),
         "attributes": {}, "messageAttributes": {}, "md5OfBody": "", "eventSource": "aws:sqs",
         "eventSourceARN": "arn:aws:sqs:us-east-1:0:q", "awsRegion": "us-east-1"}
        for n, message in enumerate(messages)
    ]  # fmt: skip
    return function({"Records": records}, Context())


def work_off_jobs(now: datetime) -> list[dict[str, Any]]:
    """The jobs queue until it is empty; answers the messages that there were."""
    from chalicelib.handlers.workers.jobs import run_jobs

    clock.use(lambda: now)
    worked: list[dict[str, Any]] = []
    while told := aws.queued("jobs"):
        assert work(run_jobs, told) == {"batchItemFailures": []}
        worked += told
        assert len(worked) < 1000
    return worked
