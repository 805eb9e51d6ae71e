"""How many incidents an integration may open in a minute; what is more waits in its queue."""

import random
from datetime import datetime

from chalicelib.domain.integrations import Integration
from chalicelib.models.quota import Quota

LONGEST_WAIT = 120  # seconds


class Postponed(Exception):
    """Not now: the integration has opened its share of this minute."""


def check_may_open(found: Integration, now: datetime) -> None:
    """Take one of the minute's places. Raises Postponed when they are taken."""
    minute = int(now.timestamp()) // 60
    if Quota.take(f"opened#{found.id}", minute) > found.incidents_per_minute:
        raise Postponed(found.id)


def wait_seconds(now: datetime) -> int:
    """Into the next minute, and spread over it."""
    return min(60 - now.second + random.randrange(60), LONGEST_WAIT)  # noqa: S311
