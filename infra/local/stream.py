"""Pumps a table's DynamoDB stream into its function, as Lambda's event source does."""

import json
import logging
import threading
import time
from pathlib import Path
from typing import Any

from infra.local.checkpoint import Records, StreamReader
from infra.local.triggers import Trigger

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
PAUSE_AFTER_FAULT = 1.0
LONGEST_PAUSE = 2.0


class StreamPump(threading.Thread):
    """Reads on from its checkpoint; in order, and one failing record holds up the rest."""

    def __init__(self, trigger: Trigger, streams: Any, sqs: Any, checkpoint: Path) -> None:
        super().__init__(name=trigger.function, daemon=True)
        self._trigger, self._sqs = trigger, sqs
        self._arn = trigger.connected["Stream"]
        self._reader = StreamReader(streams, self._arn, checkpoint)
        self._size: int = trigger.declared.batch_size
        self._tries = 0
        self._stopping = threading.Event()
        self.wake = threading.Event()
        self.empty_at = 0.0

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._pump_once()
            except Exception:
                log.exception("stream of %s", self.name)
                self._reader.rewind()
                self._stopping.wait(PAUSE_AFTER_FAULT)

    def stop(self) -> None:
        """Asks the pump to end after the batch in hand."""
        self._stopping.set()
        self.wake.set()

    def skip_to_end(self) -> None:
        """Passes over everything that is in the stream now."""
        while records := self._reader.read():
            self._reader.advance(records)

    def is_empty(self, since: float, within: float = 1.0) -> bool:
        """Whether a read that began after `since` (monotonic seconds) found nothing."""
        deadline = since + within
        while self.empty_at < since and time.monotonic() < deadline:
            time.sleep(0.005)
        return self.empty_at >= since

    def keep_unread(self) -> int:
        """Saves what the emulator would forget when it stops; answers how many records."""
        return self._reader.keep_unread()

    def _pump_once(self) -> None:
        self.wake.clear()
        asked = time.monotonic()
        records = self._reader.read()
        if not records:
            self.empty_at = asked
            self.wake.wait(IDLE_SECONDS)
        while records and not self._stopping.is_set():
            records = self._relay(records)

    def _relay(self, records: Records) -> Records:
        """Hands over one batch; answers the records still to do."""
        batch = records[: self._size]
        done, raised = self._hand_over(batch)
        if not done and raised and len(batch) > 1:
            self._size = len(batch) // 2
        elif not done:
            done = self._retry_or_give_up(batch[0])
        if done:
            self._reader.advance(batch[:done])
            self._tries, self._size = 0, self._trigger.declared.batch_size
        return records[done:]

    def _hand_over(self, batch: Records) -> tuple[int, bool]:
        """How many are done, being those before the first that failed; whether it raised."""
        ids = [record["dynamodb"]["SequenceNumber"] for record in batch]
        try:
            failed = self._trigger.failures({"Records": batch}, ids)
        except Exception:
            log.exception("%s failed with the whole batch", self.name)
            return 0, True
        return next((place for place, one in enumerate(ids) if one in failed), len(ids)), False

    def _retry_or_give_up(self, record: dict[str, Any]) -> int:
        self._tries += 1
        if self._tries <= self._trigger.connected["MaximumRetryAttempts"]:
            self._stopping.wait(min(0.1 * 2**self._tries, LONGEST_PAUSE))
            return 0
        self._send_to_dead_letters(record)
        return 1

    def _send_to_dead_letters(self, record: dict[str, Any]) -> None:
        arn = self._trigger.connected["DestinationConfig"]["OnFailure"]["Destination"]
        url = self._sqs.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"]
        number = record["dynamodb"]["SequenceNumber"]
        body = {
            "requestContext": {"condition": "RetryAttemptsExhausted"},
            "DDBStreamBatchInfo": {
                "streamArn": self._arn,
                "startSequenceNumber": number,
                "endSequenceNumber": number,
                "batchSize": 1,
            },
            "keys": record["dynamodb"]["Keys"],
        }
        self._sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body))
        log.error("%s gave up on record %s", self.name, number)
