"""Storms: when many problems of one service, site or group come at once, they are one incident.

The first incident of the storm becomes the parent, the others its parts: nobody is called for them,
and no clock runs on them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Place(StrEnum):
    """What a new incident is."""

    ALONE = "alone"
    PART = "part"
    FIRST = "first"  # the parent of what comes in the same delivery
    TURNING = "turning"  # a part; by it the first of the last ones turns into a parent


@dataclass(frozen=True)
class Gathering:
    """The last incidents of one service, site or group: `(instant, ticket id)`, oldest first."""

    opened: tuple[tuple[datetime, str], ...] = ()
    parent: str | None = None
    last_at: datetime | None = None


def key_of(labels: Mapping[str, str], group: str, by: Sequence[str]) -> str | None:
    """What an alert shares with others: the first of some labels that it has, as `service=shop`.

    `group` stands for what the tool itself reports together.
    """
    for name in by:
        value = group if name == "group" and group else labels.get(name, "").strip()
        if value:
            return f"{name}={value}"
    return None


def recent(known: Gathering, within: timedelta, now: datetime) -> Gathering:
    """What still counts at an instant: a parent while its storm goes on, incidents for a while."""
    goes_on = known.last_at is not None and now - known.last_at <= within
    opened = tuple(one for one in known.opened if now - one[0] <= within)
    return Gathering(opened, known.parent if goes_on else None, known.last_at)


def place(known: Gathering, size: int, beside: int) -> Place:
    """Where a new incident belongs; `beside` more come in the same delivery. Size 0 folds none."""
    if known.parent:
        return Place.PART
    if size and len(known.opened) + 1 > size:
        return Place.TURNING
    if size and len(known.opened) + 1 + beside > size:
        return Place.FIRST if not known.opened else Place.TURNING
    return Place.ALONE
