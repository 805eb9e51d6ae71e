"""Maintenance windows: when alerts open no incident, once or every week, by a zone's clocks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo, available_timezones

from chalicelib.domain.errors import FieldError
from chalicelib.domain.instants import FIRST_YEAR, LAST_YEAR
from chalicelib.domain.matchers import match, matchers_wrong
from chalicelib.domain.naming import names_wrong

WEEKDAYS = range(7)  # Monday is 0
LONGEST = 7 * 24 * 60  # minutes


@dataclass(frozen=True)
class Window:
    """`starts_at` is wall-clock time in the zone: "2026-11-28T22:00".

    Without `weekdays` it happens once. With them it begins on each such day, from that one on, at
    that time of day, up to and with the day `until` ("2027-03-31") if there is one.
    """

    id: str
    name: str
    starts_at: str
    minutes: int
    version: int = 1
    time_zone: str = "UTC"
    weekdays: list[int] = field(default_factory=list)
    until: str | None = None
    matchers: list[str] = field(default_factory=list)

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Of data that `check` finds nothing wrong with."""
        return cls(**data)


def ends_at(windows: Iterable[Window], labels: Mapping[str, str], now: datetime) -> datetime | None:
    """Until when the windows that are open now cover such an alert; None where none does."""
    found = (span_at(one, now) for one in windows if match(one.matchers, labels))
    return max((span[1] for span in found if span), default=None)


def span_at(window: Window, now: datetime) -> tuple[datetime, datetime] | None:
    """The occurrence that is going on now: from, and until without that instant."""
    days = window.minutes // (24 * 60) + 1
    today = now.astimezone(ZoneInfo(window.time_zone)).date()
    spans = (_span(window, today - timedelta(days=back)) for back in range(days + 1))
    return next((span for span in spans if span and span[0] <= now < span[1]), None)


def next_span(window: Window, now: datetime) -> tuple[datetime, datetime] | None:
    """The next occurrence that has not begun, within a week or at its first day; None if none."""
    first = datetime.fromisoformat(window.starts_at).date()
    today = max(now.astimezone(ZoneInfo(window.time_zone)).date(), first)
    spans = (_span(window, today + timedelta(days=ahead)) for ahead in range(8))
    return next((span for span in spans if span and span[0] > now), None)


def _span(window: Window, day: date) -> tuple[datetime, datetime] | None:
    """The occurrence that begins on a day, if one does. It lasts so long by any clock."""
    first = datetime.fromisoformat(window.starts_at)
    is_over = window.until is not None and day > date.fromisoformat(window.until)
    on_day = day == first.date() if not window.weekdays else day.weekday() in window.weekdays
    if day < first.date() or is_over or not on_day:
        return None
    start = datetime.combine(day, first.time(), ZoneInfo(window.time_zone)).astimezone(UTC)
    return start, start + timedelta(minutes=window.minutes)


def check(data: Any) -> list[FieldError]:
    """What is wrong, field by field; nothing when the window can be used."""
    if not isinstance(data, dict):
        return [FieldError("", "Give a window as an object.")]
    return [
        *names_wrong(data, {one.name for one in fields(Window)}),
        *_when_wrong(data),
        *_repeats_wrong(data.get("weekdays", []), data.get("until")),
        *matchers_wrong("/matchers", data.get("matchers", [])),
    ]


def _when_wrong(data: dict[str, Any]) -> Iterator[FieldError]:
    minutes = data.get("minutes")
    if not _is_local(data.get("starts_at")):
        yield FieldError("/starts_at", "Give a day and a time of it, as 2026-11-28T22:00.")
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 0 < minutes <= LONGEST:
        yield FieldError("/minutes", f"Give how long it lasts, from 1 to {LONGEST} minutes.")
    zone = data.get("time_zone", "UTC")
    if not isinstance(zone, str) or zone not in available_timezones():
        yield FieldError("/time_zone", "Give a time zone by its IANA name, as Europe/Lisbon.")


def _repeats_wrong(weekdays: Any, until: Any) -> Iterator[FieldError]:
    is_list = isinstance(weekdays, list)
    if not is_list or not all(type(day) is int and day in WEEKDAYS for day in weekdays):
        yield FieldError("/weekdays", "Give numbers from 0, a Monday, to 6, a Sunday.")
    if until is not None and not _is_day(until):
        yield FieldError("/until", "Give a day that exists, as 2027-03-31.")


def _is_local(text: Any) -> bool:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return False
    is_ours = FIRST_YEAR <= found.year <= LAST_YEAR
    return found.tzinfo is None and "T" in text and is_ours


def _is_day(text: Any) -> bool:
    try:
        return bool(date.fromisoformat(text).isoformat() == text)
    except (TypeError, ValueError):
        return False
