"""Maintenance windows in words and drawn: what is going on, what comes next, in the coming week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.instants import to_text
from chalicelib.domain.maintenance import Window, next_span, span_at
from chalicelib.web.calendar_marks import WEEKDAY_NAMES
from chalicelib.web.matcher_lines import sentence
from chalicelib.web.policy_words import both
from chalicelib.web.times import spoken_span

SHOWN = timedelta(days=7)
OPEN, COMING, OVER = "open", "coming", "over"
EVERY_DAY = 7

Span = tuple[datetime, datetime]


def cards(windows: Iterable[Window], now: datetime) -> list[dict[str, Any]]:
    """What is going on now first, then by when they come, then those that are over."""
    found = [card(one, now) for one in windows]
    order = [OPEN, COMING, OVER]
    return sorted(found, key=lambda one: (order.index(one["state"]), one["from"] or ""))


def card(window: Window, now: datetime) -> dict[str, Any]:
    going_on, then = span_at(window, now), next_span(window, now)
    span = going_on or then
    return {
        "id": window.id,
        "name": window.name,
        "version": window.version,
        "state": OPEN if going_on else COMING if then else OVER,
        "from": to_text(span[0]) if span else None,
        "until": to_text(span[1]) if span else None,
        "when": when(window),
        "zone": window.time_zone,
        "covers": sentence(window.matchers),
        "is_for_all": not window.matchers,
        "drawn": drawn(window, now),
    }


def when(window: Window) -> str:
    """`Every Saturday and Sunday at 22:00 for 2 hours, until 31 Mar 2027`."""
    first = datetime.fromisoformat(window.starts_at)
    lasts = f"at {first:%H:%M} for {spoken_span(window.minutes * 60)}"
    if not window.weekdays:
        return f"Once, on {_day(first.date())} {lasts}"
    days = sorted(set(window.weekdays))
    named = both([WEEKDAY_NAMES[day] for day in days])
    every = "Every day" if len(days) == EVERY_DAY else f"Every {named}"
    until = f", until {_day(date.fromisoformat(window.until))}" if window.until else ""
    return f"{every} {lasts}{until}"


def drawn(window: Window, now: datetime) -> list[tuple[float, float]]:
    """Its occurrences in the coming week, each as its beginning and length in per cent of that."""
    return [_share(one, now) for one in _coming(window, now)]


def _coming(window: Window, now: datetime) -> Iterator[Span]:
    going_on = span_at(window, now)
    if going_on:
        yield going_on
    found = next_span(window, now)
    while found and found[0] < now + SHOWN:
        yield found
        found = next_span(window, found[0])


def _share(span: Span, now: datetime) -> tuple[float, float]:
    starts, ends = max(span[0], now), min(span[1], now + SHOWN)
    return 100 * ((starts - now) / SHOWN), 100 * ((ends - starts) / SHOWN)


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
