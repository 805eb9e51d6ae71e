"""What may be wrong with the fields of a calendar that somebody wrote: where, and why."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from chalicelib.domain.conditions import pointer
from chalicelib.domain.errors import FieldError
from chalicelib.domain.opening_hours import date_from_text, interval_from_data

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
COUNTRY = re.compile(r"[A-Z]{2}")


def zone_wrong(zone: Any) -> Iterator[FieldError]:
    if not isinstance(zone, str) or zone not in _zones():
        yield FieldError("/zone", "Give a zone of the IANA database, such as Europe/Lisbon.")


def weekly_wrong(weekly: Any) -> Iterator[FieldError]:
    return _days_wrong("/weekly", weekly, _weekday)


def holidays_wrong(holidays: Any) -> Iterator[FieldError]:
    if not isinstance(holidays, list):
        yield FieldError("/holidays", "Give a list of dates.")
        return
    for place, text in enumerate(holidays):
        yield from _refusal(f"/holidays/{place}", date_from_text, text)


def openings_wrong(openings: Any) -> Iterator[FieldError]:
    yield from _days_wrong("/openings", openings, date_from_text)
    for day, hours in openings.items() if isinstance(openings, dict) else ():
        if hours == []:
            detail = "Give at least one interval; a date without any is a holiday."
            yield FieldError(pointer("/openings", day), detail)


def country_wrong(country: Any) -> Iterator[FieldError]:
    if country is not None and not (isinstance(country, str) and COUNTRY.fullmatch(country)):
        yield FieldError("/country", "Give the two capital letters of a country, such as PT.")


def region_wrong(region: Any, country: Any) -> Iterator[FieldError]:
    if region is None:
        return
    if not isinstance(region, str) or not region.strip():
        yield FieldError("/region", "Give the code of a region, such as BY, or leave it out.")
    elif country is None:
        yield FieldError("/region", "Name the country of this region too.")


def public_holidays_wrong(days: Any) -> Iterator[FieldError]:
    if not isinstance(days, dict):
        yield FieldError("/public_holidays", "Give an object with a name for each date.")
        return
    for day, name in days.items():
        at = pointer("/public_holidays", day)
        yield from _refusal(at, date_from_text, day)
        if not isinstance(name, str) or not name.strip():
            yield FieldError(at, "Give the name of this holiday.")


def _days_wrong(at: str, days: Any, parse: Callable[[Any], Any]) -> Iterator[FieldError]:
    if not isinstance(days, dict):
        yield FieldError(at, "Give an object with a list of intervals for each day.")
        return
    for day, hours in days.items():
        place = pointer(at, day)
        yield from _refusal(place, parse, day)
        if isinstance(hours, list):
            yield from _hours_wrong(place, hours)
        else:
            yield FieldError(place, 'Give a list of intervals, such as [["09:00", "17:00"]].')


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


def _refusal(at: str, parse: Callable[[Any], Any], value: Any) -> Iterator[FieldError]:
    try:
        parse(value)
    except ValueError as refusal:
        yield FieldError(at, str(refusal))


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _weekday(name: Any) -> None:
    if name not in WEEKDAYS:
        raise ValueError(f"Name a weekday as one of {', '.join(WEEKDAYS)}.")
