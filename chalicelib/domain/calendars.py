"""Calendars of business hours: what they hold, their plain JSON shape, and what may be wrong."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any, Self

from chalicelib.domain import naming
from chalicelib.domain.calendar_checks import (
    WEEKDAYS,
    country_wrong,
    holidays_wrong,
    openings_wrong,
    public_holidays_wrong,
    region_wrong,
    weekly_wrong,
    zone_wrong,
)
from chalicelib.domain.errors import FieldError
from chalicelib.domain.naming import names_wrong
from chalicelib.domain.opening_hours import (
    ALL_DAY,
    Hours,
    date_from_text,
    hours_from_data,
    hours_to_data,
)

YEAR = 366


@dataclass(frozen=True)
class Calendar:
    """Hours by weekday in an IANA zone; a one-off opening replaces a date's hours, or holiday.

    The public holidays of its country are kept as dates, so that a version never changes.
    """

    id: str
    name: str
    version: int
    zone: str
    weekly: tuple[Hours, ...]
    holidays: frozenset[date] = frozenset()
    openings: Mapping[date, Hours] = field(default_factory=dict)
    country: str | None = None
    region: str | None = None
    public_holidays: Mapping[date, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        # Quick, for it is asked at every look into a cache; equality still compares everything.
        return hash((self.id, self.version))

    @property
    def ref(self) -> str:
        """Names this version, as `lisbon@3`."""
        return f"{self.id}@{self.version}"

    @property
    def is_always(self) -> bool:
        exceptions = self.holidays or self.openings or self.public_holidays
        return not exceptions and self.weekly == (ALL_DAY,) * 7

    def hours_on(self, day: date) -> Hours:
        """What the calendar says of a local date."""
        if day in self.openings:
            return self.openings[day]
        closed = day in self.holidays or day in self.public_holidays
        return () if closed else self.weekly[day.weekday()]

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
            "country": self.country,
            "region": self.region,
            "public_holidays": {
                day.isoformat(): name for day, name in sorted(self.public_holidays.items())
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
            country=data.get("country"),
            region=data.get("region"),
            public_holidays={
                date_from_text(day): name for day, name in data.get("public_holidays", {}).items()
            },
        )


ALWAYS = Calendar(id="24x7", name="24x7", version=1, zone="UTC", weekly=(ALL_DAY,) * 7)


RESERVED = naming.RESERVED | {ALWAYS.id, "branch"}
MOST_BYTES = 60_000


def check(data: Any, today: date | None = None) -> list[FieldError]:
    """What is wrong with a calendar's data, field by field; nothing when it can be used.

    With `today`, it must open within a year from that date; without, on any day at all.
    """
    if not isinstance(data, dict):
        return [FieldError("", "Give a calendar as an object.")]
    if len(json.dumps(data, default=str)) > MOST_BYTES:
        return [FieldError("", "This is more than a calendar can hold; leave out old dates.")]
    wrong = [
        *names_wrong(data, {one.name for one in fields(Calendar)}, RESERVED),
        *_version_wrong(data.get("version", 1)),
        *zone_wrong(data.get("zone")),
        *weekly_wrong(data.get("weekly")),
        *holidays_wrong(data.get("holidays", [])),
        *openings_wrong(data.get("openings", {})),
        *country_wrong(data.get("country")),
        *region_wrong(data.get("region"), data.get("country")),
        *public_holidays_wrong(data.get("public_holidays", {})),
    ]
    return wrong or list(_idle(Calendar.from_data(data), today))


def _version_wrong(version: Any) -> Iterator[FieldError]:
    if not isinstance(version, int):
        yield FieldError("/version", "Give a whole number, or leave it out.")


def _idle(calendar: Calendar, today: date | None) -> Iterator[FieldError]:
    days = map(today.__add__, map(timedelta, range(YEAR))) if today else calendar.openings
    if not any(map(calendar.hours_on, days)) and (today or not any(calendar.weekly)):
        yield FieldError("/weekly", "This calendar would not open once in a year.")
