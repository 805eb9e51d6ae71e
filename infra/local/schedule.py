"""Starts a function at its rate, as EventBridge's rule does."""

import logging
import re
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from infra.local.resources import REGION
from infra.local.triggers import Trigger

log = logging.getLogger(__name__)

RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
SECONDS = {"minute": 60, "hour": 3600, "day": 86400}


class Schedule(threading.Thread):
    """Starts one function at its rate, by the machine's clock; never twice at a time."""

    def __init__(self, trigger: Trigger, now: Callable[[], datetime]) -> None:
        super().__init__(name=trigger.function, daemon=True)
        self._trigger, self._now = trigger, now
        self._every = _seconds(trigger.declared.schedule_expression)
        self._one_at_a_time = threading.Lock()
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.wait(self._every - time.time() % self._every):
            self.fire()

    def fire(self) -> None:
        """Runs the function now."""
        with self._one_at_a_time:
            try:
                self._trigger.invoke(_scheduled_event(self._now()))
            except Exception:
                log.exception("%s failed", self.name)

    def stop(self) -> None:
        self._stopping.set()


def _seconds(expression: Any) -> int:
    text = expression if isinstance(expression, str) else expression.to_string()
    rate = RATE.fullmatch(text)
    if rate is None:
        raise ValueError(f"The local runner knows schedules like rate(1 minute), not {text}.")
    return int(rate[1]) * SECONDS[rate[2]]


def _scheduled_event(now: datetime) -> dict[str, Any]:
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [],
        "detail": {},
    }
