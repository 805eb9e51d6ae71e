"""Calendars of business hours: what they hold, their plain JSON shape, and what may be wrong."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Self
from zoneinfo import available_timezones

from chalicelib.domain.errors import FieldError
from chalicelib.domain.opening_hours import (
    ALL_DAY,
    Hours,
    date_from_text,
    hours_from_data,
    hours_to_data,
    interval_from_data,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
YEAR = 366
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")


@dataclass(frozen=True)
class Calendar:
    """Hours by weekday in an IANA zone; a one-off opening replaces a date's hours, or holiday."""

    id: str
    name: str
    version: int
    zone: str
    weekly: tuple[Hours, ...]
    holidays: frozenset[date] = frozenset()
    openings: Mapping[date, Hours] = field(default_factory=dict)

    def __hash__(self) -> int:
        # Quick, for it is asked at every look into a cache; equality still compares everything.
        return hash((self.id, self.version))

    @property
    def is_always(self) -> bool:
        return not (self.holidays or self.openings) and self.weekly == (ALL_DAY,) * 7

    def hours_on(self, day: date) -> Hours:
        """What the calendar says of a local date."""
        if day in self.openings:
            return self.openings[day]
        return () if day in self.holidays else self.weekly[day.weekday()]

    def to_data(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "version": self.version,
            "zone": self.zone,
            "weekly": dict(zip(WEEKDAYS, map(hours_to_data, self.weekly), strict=True)),
            "holidays": sorted(day.isoformat() for day in self.holidays),
            "openings": {
                day.isoformat(): hours_to_data(hours)
                for day, hours in sorted(self.openings.items())
            },
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Of data that `check` finds nothing wrong with; a weekday left out is closed."""
        openings = data.get("openings", {}).items()
        return cls(
            id=data["id"],
            name=data["name"],
            version=int(data.get("version", 1)),
            zone=data["zone"],
            weekly=tuple(hours_from_data(data["weekly"].get(name, ())) for name in WEEKDAYS),
            holidays=frozenset(map(date_from_text, data.get("holidays", ()))),
            openings={
                date_from_text(day): hours_from_data(intervals) for day, intervals in openings
            },
        )


ALWAYS = Calendar(id="24x7", name="24x7", version=1, zone="UTC", weekly=(ALL_DAY,) * 7)


def check(data: Any, today: date | None = None) -> list[FieldError]:
    """What is wrong with a calendar's data, field by field; nothing when it can be used.

    With `today`, it must open within a year from that date; without, on any day at all.
    """
    if not isinstance(data, dict):
        return [FieldError("", "Give a calendar as an object.")]
    wrong = [*_names_wrong(data), *_zone_wrong(data.get("zone"))]
    wrong += _days_wrong("/weekly", data.get("weekly"), _weekday)
    wrong += _holidays_wrong(data.get("holidays", []))
    wrong += _openings_wrong(data.get("openings", {}))
    return wrong or list(_idle(Calendar.from_data(data), today))


def _names_wrong(data: dict[str, Any]) -> Iterator[FieldError]:
    known = {one.name for one in fields(Calendar)}
    for name in data:
        if name not in known:
            yield FieldError(_pointer("", name), "There is no such field.")
    if not isinstance(data.get("id"), str) or not ID.fullmatch(data["id"]):
        yield FieldError("/id", "Give up to 60 letters, digits, hyphens and underscores.")
    elif data["id"] == ALWAYS.id:
        yield FieldError("/id", "This calendar is built in; choose another id.")
    if not isinstance(data.get("name"), str) or not data["name"].strip():
        yield FieldError("/name", "A calendar needs a name.")
    if not isinstance(data.get("version", 1), int):
        yield FieldError("/version", "Give a whole number, or leave it out.")


def _zone_wrong(zone: Any) -> Iterator[FieldError]:
    if not isinstance(zone, str) or zone not in _zones():
        yield FieldError("/zone", "Give a zone of the IANA database, such as Europe/Lisbon.")


def _holidays_wrong(holidays: Any) -> Iterator[FieldError]:
    if not isinstance(holidays, list):
        yield FieldError("/holidays", "Give a list of dates.")
        return
    for place, text in enumerate(holidays):
        yield from _refusal(f"/holidays/{place}", date_from_text, text)


def _openings_wrong(openings: Any) -> Iterator[FieldError]:
    yield from _days_wrong("/openings", openings, date_from_text)
    for day, hours in openings.items() if isinstance(openings, dict) else ():
        if hours == []:
            detail = "Give at least one interval; a date without any is a holiday."
            yield FieldError(_pointer("/openings", day), detail)


def _days_wrong(at: str, days: Any, parse: Callable[[Any], Any]) -> Iterator[FieldError]:
    if not isinstance(days, dict):
        yield FieldError(at, "Give an object with a list of intervals for each day.")
        return
    for day, hours in days.items():
        pointer = _pointer(at, day)
        yield from _refusal(pointer, parse, day)
        if isinstance(hours, list):
            yield from _hours_wrong(pointer, hours)
        else:
            yield FieldError(pointer, 'Give a list of intervals, such as [["09:00", "17:00"]].')


def _hours_wrong(at: str, hours: list[Any]) -> Iterator[FieldError]:
    taken: list[tuple[int, int]] = []
    for place, pair in enumerate(hours):
        refused = list(_refusal(f"{at}/{place}", interval_from_data, pair))
        yield from refused
        if refused:
            continue
        start, end = interval_from_data(pair)
        if any(start < other_end and other < end for other, other_end in taken):
            yield FieldError(f"{at}/{place}", "This overlaps another interval of the day.")
        else:
            taken.append((start, end))


def _idle(calendar: Calendar, today: date | None) -> Iterator[FieldError]:
    days = map(today.__add__, map(timedelta, range(YEAR))) if today else calendar.openings
    if not any(map(calendar.hours_on, days)) and (today or not any(calendar.weekly)):
        yield FieldError("/weekly", "This calendar would not open once in a year.")


def _refusal(pointer: str, parse: Callable[[Any], Any], value: Any) -> Iterator[FieldError]:
    try:
        parse(value)
    except ValueError as refusal:
        yield FieldError(pointer, str(refusal))


def _pointer(at: str, key: object) -> str:
    return f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}"


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _weekday(name: Any) -> None:
    if name not in WEEKDAYS:
        raise ValueError(f"Name a weekday as one of {', '.join(WEEKDAYS)}.")
