"""Spans of time as people type them: `15m`, `4h`, `1h 30m`, and the seconds they stand for."""

from __future__ import annotations

import re

SECOND, MINUTE, HOUR, DAY = 1, 60, 3600, 24 * 3600
UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), SECOND),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "day", "days"), DAY),
}
PART = re.compile(r"([0-9]{1,9})\s*([a-z]+)")
SPAN = re.compile(rf"(?:{PART.pattern}[\s,]*)+")
LIKE = "Write it like 15m, 4h or 1h 30m."


def seconds_of(text: str) -> int:
    """Of `1h 30m`; a day is 24 hours of working time. Raises ValueError with words for people."""
    plain = text.strip().lower()
    if not SPAN.fullmatch(plain):
        raise ValueError(LIKE)
    parts = PART.findall(plain)
    sizes = [UNITS.get(unit, 0) for _, unit in parts]
    if 0 in sizes or sizes != sorted(set(sizes), reverse=True):
        raise ValueError(LIKE)
    return sum(int(number) * size for (number, _), size in zip(parts, sizes, strict=True))


def span_text(seconds: int) -> str:
    """`1h 30m`; in hours however long it is, for how much of a day is worked depends."""
    named = ((seconds // HOUR, "h"), (seconds % HOUR // MINUTE, "m"), (seconds % MINUTE, "s"))
    return " ".join(f"{number}{unit}" for number, unit in named if number) or "0m"
