"""The editor of a calendar: its fields, how a calendar fills them, and what they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from chalicelib.domain.calendar_checks import WEEKDAYS
from chalicelib.domain.calendars import Calendar
from chalicelib.domain.errors import FieldError
from chalicelib.domain.opening_hours import ALL_DAY, Hours, hours_to_data
from chalicelib.web.refusals import FORM, parts_of, placed
from chalicelib.web.settings_forms import Id, Lines, TrialForm, Words, lines_of, listed

ALL_DAY_TEXT = "24h"
DASHES = re.compile(r"\s*[-\u2010-\u2015]\s*")
HOUR = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?")
HOURS_LIKE = "Write hours like 09:00-12:30, 13:30-18:00, or 24h; leave it empty when closed."
PLAIN = ("id", "name", "zone", "country", "region", "days")

Data = dict[str, Any]


class CalendarForm(TrialForm):
    """`regions` only looks up which regions the chosen country has."""

    do: Literal["save", "try", "regions"] = "save"
    zone: Words = ""
    mon: Words = ""
    tue: Words = ""
    wed: Words = ""
    thu: Words = ""
    fri: Words = ""
    sat: Words = ""
    sun: Words = ""
    country: Id = ""
    region: Id = ""
    holidays: Lines = ""
    openings: Lines = ""


def typed_of(calendar: Calendar) -> dict[str, str]:
    """A calendar as its editor shows it."""
    openings = sorted(calendar.openings.items())
    return {
        "id": calendar.id,
        "name": calendar.name,
        "zone": calendar.zone,
        **dict(zip(WEEKDAYS, map(hours_text, calendar.weekly), strict=True)),
        "country": calendar.country or "",
        "region": calendar.region or "",
        "holidays": "\n".join(day.isoformat() for day in sorted(calendar.holidays)),
        "openings": "\n".join(f"{day.isoformat()} {hours_text(hours)}" for day, hours in openings),
    }


def hours_text(hours: Hours) -> str:
    """`09:00-12:30, 13:30-18:00`; nothing for a closed day."""
    if hours == ALL_DAY:
        return ALL_DAY_TEXT
    return ", ".join("-".join(pair) for pair in hours_to_data(hours))


def data_of(form: CalendarForm) -> Data:
    """What the fields say, for the domain to judge; hours that are none stay as they were typed."""
    weekly = {day: intervals(getattr(form, day)) for day in WEEKDAYS}
    return {
        "id": form.id,
        "name": form.name,
        "zone": form.zone,
        "weekly": {day: hours for day, hours in weekly.items() if hours},
        "holidays": lines_of(form.holidays),
        "openings": _openings(form.openings),
        "country": form.country or None,
        "region": form.region or None,
    }


def intervals(text: str) -> list[list[str]]:
    """Of `9-12:30, 13:30-18`; a piece that is no interval has one part, or other than times."""
    if text.strip().lower() == ALL_DAY_TEXT:
        return hours_to_data(ALL_DAY)
    return [[_hour(part) for part in DASHES.split(piece)] for piece in listed(text)]


def fields_of(errors: Iterable[FieldError], under: str = "") -> dict[str, str]:
    """Each refusal at its field."""
    return placed(errors, field_of, lambda error: said(error, under), under)


def field_of(parts: list[str]) -> str:
    match parts:
        case ["weekly", day, *_] if day in WEEKDAYS:
            return day
        case ["weekly"]:
            return WEEKDAYS[0]
        case [("holidays" | "openings") as name, *_]:
            return name
        case [name] if name in PLAIN:
            return name
        case _:
            return FORM


def said(error: FieldError, under: str = "") -> str:
    """The domain speaks of lists and pairs; here people type lines."""
    match parts_of(error.pointer.removeprefix(under)):
        case ["weekly", _, _]:
            return HOURS_LIKE if "[" in error.detail or "00:00" in error.detail else error.detail
        case ["holidays", place]:
            return f"Date {int(place) + 1}: {error.detail}"
        case ["openings", day, *_]:
            return f"{day}: {_of_opening(error.detail)}"
        case _:
            return error.detail


def _of_opening(detail: str) -> str:
    return "Write the date and its hours, like 2026-12-24 09:00-12:00." if "[" in detail else detail


def _hour(text: str) -> str:
    """`9` and `9:00` as `09:00`; anything else as it is."""
    found = HOUR.fullmatch(text)
    return f"{int(found[1]):02d}:{found[2] or '00'}" if found else text


def _openings(text: str) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for line in lines_of(text):
        day, _, hours = line.partition(" ")
        found.setdefault(day, []).extend(intervals(hours))
    return found


def as_typed(typed: Mapping[str, str], regions: Mapping[str, str]) -> dict[str, str]:
    """What was typed, without a region that the chosen country does not have."""
    region = typed.get("region", "")
    return {**typed, "region": region if region in regions else ""}
