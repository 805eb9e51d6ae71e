"""Opening hours of a day, as people write them and as minutes of the wall clock."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

Hours = tuple[tuple[int, int], ...]
"""The intervals of one day in order, each without its end; 1440 is the midnight that ends it."""

ALL_DAY: Hours = ((0, 1440),)
TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")


def hours_from_data(pairs: Iterable[Any]) -> Hours:
    """Of `[["09:00", "12:30"], ...]`, in any order. Raises ValueError with words for people."""
    return tuple(sorted(map(interval_from_data, pairs)))


def hours_to_data(hours: Hours) -> list[list[str]]:
    return [[f"{minute // 60:02d}:{minute % 60:02d}" for minute in pair] for pair in hours]


def interval_from_data(pair: Any) -> tuple[int, int]:
    """Of `["09:00", "12:30"]`. Raises ValueError with words for people."""
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise ValueError('Give an interval as a start and an end: ["09:00", "17:00"].')
    start, end = map(_minute, pair)
    if end <= start:
        raise ValueError("An interval ends after it starts; cut one over midnight at 24:00.")
    return start, end


def date_from_text(text: Any) -> date:
    """Of `2026-12-25`. Raises ValueError with words for people."""
    try:
        day = date.fromisoformat(text)
    except (TypeError, ValueError):
        day = None
    if day is None or day.isoformat() != text:
        raise ValueError("Give a date that exists, as 2026-12-25.")
    return day


def _minute(text: Any) -> int:
    if not isinstance(text, str) or not TIME.fullmatch(text):
        raise ValueError("Give times as hours and minutes, from 00:00 to 24:00.")
    return int(text[:2]) * 60 + int(text[3:])
