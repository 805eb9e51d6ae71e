"""Instants and spans as a reader sees them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

MINUTE, HOUR, DAY = 60, 3600, 86400
STYLES = {
    "clock": "%H:%M",
    "date": "%-d %b %Y",
    "moment": "%-d %b %Y, %H:%M",
    "weekday": "%a %H:%M",
    "day": "%A %-d %B, %H:%M",
}


def instant(value: str | datetime) -> datetime:
    """An aware UTC instant from RFC 3339 text; an aware datetime passes through."""
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment.astimezone(UTC)


def stamp(value: str | datetime) -> str:
    """RFC 3339 with whole seconds, for a `datetime` attribute."""
    return instant(value).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_between(earlier: str | datetime, later: str | datetime) -> float:
    return (instant(later) - instant(earlier)).total_seconds()


def zone_of(person: Mapping[str, Any] | None) -> tzinfo | None:
    """The person's own zone, or None when it is unknown or not installed."""
    name = (person or {}).get("time_zone")
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def compact_span(seconds: float) -> str:
    """`18m`, `1h 04m`, `2d 3h`; a minus sign in front when it lies in the past."""
    sign = "\N{MINUS SIGN}" if seconds < 0 else ""
    left = abs(int(seconds))
    if left < MINUTE:
        return f"{sign}{left}s"
    if left < HOUR:
        return f"{sign}{left // MINUTE}m"
    if left < DAY:
        return f"{sign}{left // HOUR}h {left % HOUR // MINUTE:02d}m"
    return f"{sign}{left // DAY}d {left % DAY // HOUR}h"


def spoken_span(seconds: float) -> str:
    """The two largest units in words: `1 hour 4 minutes`."""
    left = max(abs(int(seconds)), 1)
    if left < MINUTE:
        return counted(left, "second")
    days, hours, minutes = left // DAY, left % DAY // HOUR, left % HOUR // MINUTE
    named = ((days, "day"), (hours, "hour"), (minutes, "minute"))
    return " ".join([counted(count, unit) for count, unit in named if count][:2])


def counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def written(value: str | datetime, style: str, zone: tzinfo | None) -> str:
    moment = instant(value).astimezone(zone or UTC)
    text = moment.strftime(STYLES[style])
    return text if zone or style == "date" else f"{text} UTC"


def local_field(value: str | datetime, zone: tzinfo | None) -> str:
    """As a `datetime-local` field holds it, which knows no zone."""
    return instant(value).astimezone(zone or UTC).strftime("%Y-%m-%dT%H:%M")


def reader_zone(context: Context) -> tzinfo | None:
    """That of who signed in, or else the one that the page was given for its reader."""
    return zone_of(context.get("person")) or zone_of({"time_zone": context.get("time_zone")})


@pass_context
def time_element(context: Context, value: str | datetime, style: str = "moment") -> Markup:
    """A `<time>` in the reader's zone when we know it, else in UTC; app.js makes it local."""
    zone = reader_zone(context)
    shown, full = written(value, style, zone), written(value, "moment", zone)
    return Markup('<time datetime="{}" data-show="{}" title="{}">{}</time>').format(
        stamp(value), style, full, shown
    )


@pass_context
def short_time_element(context: Context, value: str | datetime) -> Markup:
    """The hour for what happened today, the date and hour for the rest."""
    return time_element(context, value, "clock" if is_today(context, value) else "moment")


@pass_context
def coming_time_element(context: Context, value: str | datetime) -> Markup:
    """The hour for what comes today, with its weekday within a week, with its date after that."""
    if is_today(context, value):
        return time_element(context, value, "clock")
    soon = seconds_between(context["now"], value) < 6 * DAY
    return time_element(context, value, "weekday" if soon else "moment")


def is_today(context: Context, value: str | datetime) -> bool:
    zone = reader_zone(context) or UTC
    today = instant(context["now"]).astimezone(zone).date()
    return instant(value).astimezone(zone).date() == today


def hour_in(zone_name: str | None, now: str | datetime) -> str | None:
    """The hour of day in a zone; None when the zone is unknown."""
    zone = zone_of({"time_zone": zone_name})
    return instant(now).astimezone(zone).strftime("%H:%M") if zone else None
