"""Pumps one SQS queue into its worker, as Lambda's event source does."""

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.local.triggers import Trigger

log = logging.getLogger(__name__)

# Short enough to stop soon: a long poll cannot be cancelled without losing what it receives.
POLL_SECONDS = 2
PAUSE_AFTER_FAULT = 1.0
# What a killed runner's last poll swallowed comes again so soon; what is noted is held longer.
NOTED_WITHIN_SECONDS = 5


class QueuePump(threading.Thread):
    """Receives up to a batch, calls the worker, deletes what did not fail."""

    def __init__(self, trigger: Trigger, sqs: Any, home: Path, after: Callable[[], None]) -> None:
        self._arn = trigger.connected["Queue"]
        name = self._arn.rpartition(":")[2]
        super().__init__(name=name, daemon=True)
        self._trigger, self._sqs, self._after = trigger, sqs, after
        self._url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
        self._held_for = self._attributes("VisibilityTimeout")["VisibilityTimeout"]
        self._in_hand = home / f"{name}.json"
        self._stopping = threading.Event()

    def run(self) -> None:
        self._return_abandoned()
        while not self._stopping.is_set():
            try:
                self._pump_once()
            except Exception:
                log.exception("queue %s", self.name)
                self._stopping.wait(PAUSE_AFTER_FAULT)

    def stop(self) -> None:
        """Asks the pump to end after the batch in hand."""
        self._stopping.set()

    def depth(self) -> int:
        """Messages waiting or in somebody's hand."""
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        return sum(self._attributes(*names).values())

    def _attributes(self, *names: str) -> dict[str, int]:
        answer = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=list(names))
        return {name: int(value) for name, value in answer["Attributes"].items()}

    def _pump_once(self) -> None:
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(self._trigger.declared.batch_size, 10),
            WaitTimeSeconds=POLL_SECONDS,
            VisibilityTimeout=NOTED_WITHIN_SECONDS,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        if messages := answer.get("Messages"):
            self._work(messages)
            self._after()

    def _work(self, messages: list[dict[str, Any]]) -> None:
        handles = {message["MessageId"]: message["ReceiptHandle"] for message in messages}
        self._in_hand.write_text(json.dumps(handles))
        self._hold(handles)
        for failed in self._failures(messages):
            handles.pop(failed)
        self._delete_done(handles)
        self._in_hand.unlink(missing_ok=True)

    def _hold(self, handles: dict[str, str]) -> None:
        """Keeps messages from others for as long as the queue says."""
        entries = [
            {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": self._held_for}
            for number, handle in enumerate(handles.values())
        ]
        self._sqs.change_message_visibility_batch(QueueUrl=self._url, Entries=entries)

    def _failures(self, messages: list[dict[str, Any]]) -> set[str]:
        event = {"Records": [self._as_record(message) for message in messages]}
        ids = [message["MessageId"] for message in messages]
        try:
            return self._trigger.failures(event, ids)
        except Exception:
            log.exception("%s failed with the whole batch", self._trigger.function)
            return set(ids)

    def _as_record(self, message: dict[str, Any]) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": message.get("MessageAttributes", {}),
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._arn,
            "awsRegion": self._arn.split(":")[3],
        }

    def _delete_done(self, handles: dict[str, str]) -> None:
        entries = [
            {"Id": str(number), "ReceiptHandle": handle}
            for number, handle in enumerate(handles.values())
        ]
        if entries:
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)

    def _return_abandoned(self) -> None:
        """Makes what a killed runner had in hand visible at once, not after minutes."""
        try:
            handles = json.loads(self._in_hand.read_text())
        except (OSError, ValueError):
            return
        for handle in handles.values():
            self._make_visible(handle)
        self._in_hand.unlink(missing_ok=True)

    def _make_visible(self, handle: str) -> None:
        try:
            self._sqs.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=handle, VisibilityTimeout=0
            )
        except self._sqs.exceptions.ClientError:
            log.info("queue %s: a message in hand is gone already", self.name)
