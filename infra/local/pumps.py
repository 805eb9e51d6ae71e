"""Everything that starts functions without a request: streams, queues and schedules."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
from chalice.app import Chalice, DynamoDBEventConfig, ScheduledEventConfig, SQSEventConfig
from chalice.config import Config

from infra.local import tallies, triggers
from infra.local.queues import QueuePump
from infra.local.resources import REGION, Desk
from infra.local.schedule import Schedule
from infra.local.stream import StreamPump

STOPS_WITHIN = 10.0


@dataclass(frozen=True)
class Place:
    """Where the pumps work: which app, connected to what, and where they keep their marks."""

    app: Chalice
    config: Config
    desk: Desk
    prefix: str
    home: Path
    now: Callable[[], datetime]

    def triggers(self, kind: triggers.Kind) -> list[triggers.Trigger]:
        return triggers.of_kind(self.app, kind, self.desk, self.config)


class Pumps:
    """The threads of all triggers that an app declares."""

    def __init__(self, place: Place) -> None:
        place.home.mkdir(parents=True, exist_ok=True)
        session = boto3.Session(region_name=REGION)
        self._prefix = place.prefix
        self.has_news = False
        self._sqs, streams = session.client("sqs"), session.client("dynamodbstreams")
        self._streams = [
            StreamPump(one, streams, self._sqs, place.home / f"{one.function}.json")
            for one in place.triggers(DynamoDBEventConfig)
        ]
        self._schedules = [Schedule(one, place.now) for one in place.triggers(ScheduledEventConfig)]
        self._queues = [
            QueuePump(one, self._sqs, place.home, self.wake)
            for one in place.triggers(SQSEventConfig)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Tells the streams' pumps that something may have been written."""
        self.has_news = True
        self._look_now()

    def _look_now(self) -> None:
        for stream in self._streams:
            stream.wake.set()

    def skip_to_end(self) -> None:
        """Takes everything written so far for relayed: what seeding wrote is not news."""
        for stream in self._streams:
            stream.skip_to_end()

    def fire_schedules(self) -> None:
        """Runs every scheduled function once, now."""
        for schedule in self._schedules:
            schedule.fire()
        self.wake()

    def settle(self, within: float) -> bool:
        """Waits until streams and queues have nothing left to do; False if they still have."""
        deadline = time.monotonic() + within
        while not (self._is_quiet() and self._is_quiet()):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def tallies(self) -> list[dict[str, Any]]:
        """What lies in each queue of the stage and in its dead letters."""
        return tallies.of(self._sqs, self._prefix)

    def stop(self) -> int:
        """Ends all threads after the batch in hand; answers the stream records kept for later."""
        for thread in self._threads:
            thread.stop()
        for thread in self._threads:
            thread.join(STOPS_WITHIN)
        return sum(stream.keep_unread() for stream in self._streams)

    @property
    def _threads(self) -> list[Any]:
        return [*self._streams, *self._queues, *self._schedules]

    def _is_quiet(self) -> bool:
        asked = time.monotonic()
        self._look_now()
        return all(stream.is_empty(asked) for stream in self._streams) and not any(
            queue.depth() for queue in self._queues
        )
