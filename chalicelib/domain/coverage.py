"""Coverage: how many people are on shift at each moment of some days, and when nobody is."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from chalicelib.domain import business_hours
from chalicelib.domain.calendars import Calendar

HOURS = 24


@dataclass(frozen=True)
class Worker:
    """Somebody by the hours of their shift, or always; not there before `back_at`."""

    hours: Calendar | None = None
    back_at: datetime | None = None


@dataclass(frozen=True)
class Stretch:
    """A time in which equally many are on shift."""

    starts: datetime
    ends: datetime
    people: int

    @property
    def seconds(self) -> float:
        return (self.ends - self.starts).total_seconds()


@dataclass(frozen=True)
class Hour:
    """An hour of the wall clock: its instants, and the fewest and the most on shift in it."""

    starts: datetime
    ends: datetime
    fewest: int
    most: int


def stretches(workers: Iterable[Worker], start: datetime, end: datetime) -> list[Stretch]:
    """How many are on shift from one instant until another, cut wherever that changes."""
    changes = Counter({start: 0, end: 0})
    for opens, closes in (span for one in workers for span in _on_shift(one, start, end)):
        changes[opens] += 1
        changes[closes] -= 1
    instants = sorted(changes)
    counts = accumulate(changes[at] for at in instants)
    found = [Stretch(*pair, count) for pair, count in zip(pairwise(instants), counts, strict=False)]
    return list(_joined(found))


def gaps(found: Iterable[Stretch], after: datetime) -> list[Stretch]:
    """The times, from an instant on, in which nobody is on shift."""
    empty = (one for one in found if not one.people and one.ends > after)
    return [replace(one, starts=max(one.starts, after)) for one in empty]


def hours_of(day: date, zone: str, found: Iterable[Stretch]) -> list[Hour | None]:
    """The 24 hours of a local day; None for one that the clock skips, a repeated one counts whole.

    Of an hour in which the number changes, the fewest and the most are told.
    """
    known = list(found)
    edges = [local_hour(day, hour, zone) for hour in range(HOURS + 1)]
    return [_hour(starts, ends, known) for starts, ends in pairwise(edges)]


def local_hour(day: date, hour: int, zone: str) -> datetime:
    """The instant at which a zone's wall clock reads this hour for the first time, in UTC."""
    day, hour = day + timedelta(days=hour // HOURS), hour % HOURS
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)


def _on_shift(one: Worker, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    start = max(start, one.back_at) if one.back_at else start
    if start >= end:
        return
    if one.hours is None:
        yield start, end
        return
    yield from business_hours.open_spans(one.hours, start, end)


def _joined(found: Iterable[Stretch]) -> Iterator[Stretch]:
    """Without cuts at which nothing changes."""
    current: Stretch | None = None
    for one in found:
        if current and current.people == one.people:
            current = replace(current, ends=one.ends)
            continue
        if current:
            yield current
        current = one
    if current:
        yield current


def _hour(starts: datetime, ends: datetime, known: list[Stretch]) -> Hour | None:
    if starts >= ends:
        return None
    counts = [one.people for one in known if one.starts < ends and one.ends > starts]
    return Hour(starts, ends, min(counts, default=0), max(counts, default=0))
