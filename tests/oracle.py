"""The oracle of business hours: minute by minute in UTC, it asks what the clock on the wall reads.

It is slow, shares no code with what it judges, and takes a calendar as plain data.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@lru_cache(maxsize=200_000)
def wall(zone: str, minute: datetime) -> tuple[str, str, str]:
    local = minute.astimezone(ZoneInfo(zone))
    return local.date().isoformat(), NAMES[local.weekday()], f"{local:%H:%M}"


def reads_open(data: dict, minute: datetime) -> bool:
    day, weekday, time = wall(data["zone"], minute)
    closed = day in data["holidays"] or day in data.get("public_holidays", {})
    hours = [] if closed else data["weekly"].get(weekday, [])
    hours = data["openings"].get(day, hours)
    return any(start <= time < end for start, end in hours)


def minutes(start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """(from, to) of each minute from `start` on, the first one cut."""
    minute = start.replace(second=0, microsecond=0)
    while True:
        yield max(minute, start), minute + MINUTE
        minute += MINUTE


def walked(data: dict, start: datetime, end: datetime) -> timedelta:
    """Working time between two instants."""
    total = timedelta()
    for opens, closes in minutes(start):
        if opens >= end:
            return total
        if reads_open(data, opens.replace(second=0, microsecond=0)):
            total += min(closes, end) - opens
    raise AssertionError("minutes never end")


def walked_to(data: dict, start: datetime, left: timedelta, until: datetime) -> datetime | None:
    """Where so much working time has passed; None if that is not before `until`."""
    for opens, closes in minutes(start):
        if opens >= until:
            return None
        if reads_open(data, opens.replace(second=0, microsecond=0)):
            length = min(closes, until) - opens
            if left <= length:
                return opens + left
            left -= length
    raise AssertionError("minutes never end")


class Life:
    """What happened to a clock, as a list of when it ran and by which calendar's data."""

    def __init__(self) -> None:
        self.turns: list[tuple[datetime, dict | None]] = []

    def turn(self, at: datetime, data: dict | None) -> None:
        """From an instant on it runs by a calendar, or with None it rests."""
        self.turns.append((at, data))

    def runs(self, until: datetime) -> Iterator[tuple[dict, datetime, datetime]]:
        ends = [at for at, _ in self.turns[1:]] + [until]
        for (begins, data), ends_at in zip(self.turns, ends, strict=True):
            if data:
                yield data, begins, ends_at

    def used(self, until: datetime) -> timedelta:
        return sum((walked(*run) for run in self.runs(until)), timedelta())

    def reaches(self, amount: timedelta, until: datetime) -> datetime | None:
        """When so much time was used; None if that is not before `until`."""
        for data, begins, ends in self.runs(until):
            found = walked_to(data, begins, amount, ends)
            if found:
                return found
            amount -= walked(data, begins, ends)
        return None
