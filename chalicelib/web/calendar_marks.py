"""A calendar as people look at it: the hours of its week, and the days on which they differ."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.calendars import YEAR, Calendar
from chalicelib.web.calendar_form import hours_text
from chalicelib.web.times import zone_of

WEEKDAY_NAMES = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
CLOSED = "closed"
GIVEN = "Given holiday"
OPENING = "One-off opening"


def week(calendar: Calendar) -> list[dict[str, Any]]:
    """`{name, hours, words}` of each weekday."""
    pairs = zip(WEEKDAY_NAMES, calendar.weekly, strict=True)
    return [{"name": name, "hours": hours, "words": words(hours)} for name, hours in pairs]


def weekly_hours(calendar: Calendar) -> float:
    """How many hours an ordinary week has."""
    return sum(end - start for hours in calendar.weekly for start, end in hours) / 60


def special_days(calendar: Calendar, now: datetime) -> list[dict[str, Any]]:
    """`{day, name, words}` of the coming year's days that differ from their weekday, in order."""
    today = now.astimezone(zone_of({"time_zone": calendar.zone})).date()
    return list(_special(calendar, today))


def words(hours: Any) -> str:
    return hours_text(hours).replace("-", "\N{EN DASH}") or CLOSED


def _special(calendar: Calendar, today: date) -> Iterator[dict[str, Any]]:
    for day in (today + timedelta(days=ahead) for ahead in range(YEAR)):
        hours = calendar.hours_on(day)
        is_holiday = day in calendar.holidays or day in calendar.public_holidays
        if day in calendar.openings or (is_holiday and calendar.weekly[day.weekday()]):
            yield {"day": day, "name": _why(calendar, day), "words": words(hours)}


def _why(calendar: Calendar, day: date) -> str:
    public = calendar.public_holidays.get(day)
    if day in calendar.openings:
        return f"{OPENING} ({public})" if public else OPENING
    return public or GIVEN
