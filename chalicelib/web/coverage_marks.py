"""Coverage as people look at it: a table of hours in shades, and its gaps in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain import coverage
from chalicelib.domain.coverage import HOURS, Hour, Stretch, Worker
from chalicelib.web.times import HOUR, MINUTE

DAYS = 7
SHADES = 4
SHOWN_AT_ONCE = 6
WHEN = "%a %H:%M"

Data = dict[str, Any]


def picture(title: str, workers: Sequence[Worker], zone: str, now: datetime) -> Data:
    """The seven days from today on: `{title, people, days, gaps, more, badge}`."""
    today = now.astimezone(ZoneInfo(zone)).date()
    start = coverage.local_hour(today, 0, zone)
    end = coverage.local_hour(today, DAYS * HOURS, zone)
    found = coverage.stretches(workers, start, end)
    gaps = coverage.gaps(found, now)
    said = [in_words(one, zone, now, end) for one in gaps]
    most = max((one.people for one in found), default=0)
    return {
        "title": title,
        "people": len(workers),
        "days": [_day(today + timedelta(days=ahead), zone, found, most, now)
                 for ahead in range(DAYS)],
        "gaps": said[:SHOWN_AT_ONCE],
        "more": said[SHOWN_AT_ONCE:],
        "badge": badge(gaps),
    }  # fmt: skip


def in_words(gap: Stretch, zone: str, now: datetime, end: datetime) -> str:
    """From when to when; what has begun begins now, and what does not end is open."""
    tz = ZoneInfo(zone)
    starts = "now" if gap.starts <= now else gap.starts.astimezone(tz).strftime(WHEN)
    ends = "the end of these days" if gap.ends >= end else gap.ends.astimezone(tz).strftime(WHEN)
    return f"{starts} \N{EN DASH} {ends}"


def badge(gaps: Iterable[Stretch]) -> tuple[str, str]:
    """A tone and words for how much is not covered."""
    open_for = sum(one.seconds for one in gaps)
    if not open_for:
        return "ok", "always somebody"
    hours = f"{open_for // HOUR:.0f} h" if open_for >= HOUR else f"{open_for // MINUTE:.0f} min"
    return "bad", f"{hours} without anybody"


def _day(day: date, zone: str, found: list[Stretch], most: int, now: datetime) -> Data:
    hours = coverage.hours_of(day, zone, found)
    return {
        "day": day,
        "cells": [_cell(hour, one, most, now) for hour, one in enumerate(hours)],
    }


def _cell(hour: int, one: Hour | None, most: int, now: datetime) -> Data:
    if one is None:
        return {"shade": "skipped", "text": "", "title": "The clock skips this hour.", "now": False}
    return {
        "shade": shade(one.fewest, most),
        "text": str(one.fewest),
        "title": f"{hour:02d}:00, {_people(one)}",
        "now": one.starts <= now < one.ends,
        "past": one.ends <= now,
    }


def shade(people: int, most: int) -> str:
    """`s0` for nobody, up to `s4` for as many as there ever are."""
    return f"s{-(-SHADES * people // most)}" if people else "s0"


def _people(one: Hour) -> str:
    if one.fewest == one.most:
        return f"{one.fewest} on shift" if one.fewest else "nobody on shift"
    return f"{one.fewest} to {one.most} on shift"
