"""Working time: how much of it lies between two instants, and when some more will have passed.

One rule for all zones: a calendar is open at an instant if the wall clock of its zone then reads a
time within that date's hours. So time that a clock skips is nobody's working time, and time that
it repeats counts twice: from 00:00 to 01:30 of a night in which 01:00 to 02:00 comes again is two
hours of work, in two stretches.

Inside, instants are whole microseconds since 1970, so that nothing is lost in adding up.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from chalicelib.domain.calendars import Calendar

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY = EPOCH.toordinal()
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
DAY = 86_400  # seconds, as WEEK
WEEK = 7 * DAY
YEARS = 30
HORIZON = YEARS * 52 * WEEK * SECOND  # well below what the cache of weeks holds

Span = tuple[int, int]


class NeverOpen(ValueError):
    """The calendar does not open often enough, from there on, for what was asked."""


def working_seconds(calendar: Calendar, start: datetime, end: datetime) -> float:
    """Real seconds of open time between two aware instants; 0 if the end is not after the start."""
    if calendar.is_always:
        return max((end - start).total_seconds(), 0.0)
    spans = _open_spans(calendar, _since_epoch(start), _since_epoch(end))
    return sum(closes - opens for opens, closes in spans) / SECOND


def add_working(calendar: Calendar, start: datetime, seconds: float) -> datetime:
    """The first instant, in UTC, by which this much working time has passed since an aware one.

    To the microsecond; no time at all gives `start` itself, even if that is closed. Raises
    ValueError for negative time, NeverOpen if thirty years from `start` do not hold as much.
    """
    if seconds < 0:
        raise ValueError("working time is added, never taken away")
    length = timedelta(seconds=seconds)
    if calendar.is_always or not length:
        return start.astimezone(UTC) + length
    left = length // MICROSECOND
    for opens, closes in _spans_from(calendar, start):
        if left <= closes - opens:
            return _instant(opens + left)
        left -= closes - opens
    raise NeverOpen(f"calendar {calendar.id} does not open for {seconds:.0f} s in {YEARS} years")


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether an aware instant is working time."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    minute = local.hour * 60 + local.minute
    return any(opens <= minute < closes for opens, closes in calendar.hours_on(local.date()))


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """The first open instant, in UTC, from an aware one on; None if none comes in thirty years."""
    return next((_instant(opens) for opens, _ in _spans_from(calendar, at)), None)


def open_spans(
    calendar: Calendar, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of open time between two aware instants, in UTC and in order."""
    spans = _open_spans(calendar, _since_epoch(start), _since_epoch(end))
    return ((_instant(opens), _instant(closes)) for opens, closes in spans)


def _spans_from(calendar: Calendar, start: datetime) -> Iterator[Span]:
    first = _since_epoch(start)
    last = first + HORIZON
    if not any(calendar.weekly):
        last = min(last, _last_opening(calendar))
    return _open_spans(calendar, first, last)


def _last_opening(calendar: Calendar) -> int:
    """An instant after which a calendar without weekly hours stays closed, in any zone."""
    days = (day.toordinal() for day in calendar.openings)
    return (max(days, default=FIRST_DAY) + 2 - FIRST_DAY) * DAY * SECOND


def _open_spans(calendar: Calendar, first: int, last: int) -> Iterator[Span]:
    """The stretches of open time between two instants, in order."""
    for week in range(first // (WEEK * SECOND), last // (WEEK * SECOND) + 1):
        for opens, closes in _week(calendar, week):
            if closes > first and opens < last:
                yield max(opens, first), min(closes, last)


@lru_cache(maxsize=4096)
def _week(calendar: Calendar, week: int) -> tuple[Span, ...]:
    """The stretches of open time in seven days of UTC, cut at their ends."""
    pieces = _pieces(calendar.zone, week)
    return tuple(span for piece in pieces for span in _in_piece(calendar, *piece))


def _in_piece(calendar: Calendar, start: int, end: int, offset: int) -> Iterator[Span]:
    """In a piece of time without a change of offset, hours of the wall clock are hours of UTC."""
    for day in range((start + offset) // DAY, (end - 1 + offset) // DAY + 1):
        midnight = day * DAY - offset
        for from_minute, to_minute in calendar.hours_on(date.fromordinal(FIRST_DAY + day)):
            opens = max(midnight + from_minute * 60, start)
            closes = min(midnight + to_minute * 60, end)
            if opens < closes:
                yield opens * SECOND, closes * SECOND


@lru_cache(maxsize=4096)
def _pieces(zone: str, week: int) -> tuple[tuple[int, int, int], ...]:
    """(start, end, offset from UTC) in seconds: a week, cut where its zone changes the offset."""
    first, tz = week * WEEK, ZoneInfo(zone)
    changes = (_change(tz, day, day + DAY) for day in range(first, first + WEEK, DAY))
    cuts = sorted({first, *filter(None, changes), first + WEEK})
    return tuple((start, end, _offset(tz, start)) for start, end in pairwise(cuts))


def _change(tz: ZoneInfo, start: int, end: int) -> int | None:
    """The second within a day from which its zone has another offset; no zone has two in a day."""
    before = _offset(tz, start)
    if _offset(tz, end) == before:
        return None
    seconds = range(start + 1, end + 1)
    return seconds[bisect_left(seconds, True, key=lambda at: _offset(tz, at) != before)]


def _offset(tz: ZoneInfo, at: int) -> int:
    offset = (EPOCH + timedelta(seconds=at)).astimezone(tz).utcoffset()
    return (offset or timedelta()) // timedelta(seconds=1)


def _since_epoch(instant: datetime) -> int:
    return (instant - EPOCH) // MICROSECOND


def _instant(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)
