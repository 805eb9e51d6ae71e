"""Instants as text: RFC 3339, UTC, milliseconds, so that text order is time order."""

from datetime import UTC, date, datetime

FIRST_YEAR, LAST_YEAR = 2000, 2200
LAST = "9999-12-31T23:59:59.999Z"


def to_text(instant: datetime) -> str:
    """`2026-11-23T09:00:00.000Z`; the instant must be aware."""
    utc = instant.astimezone(UTC)
    return f"{utc.year:04d}-{utc:%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def text_or_none(instant: datetime | None) -> str | None:
    """The same for what may not have happened."""
    return to_text(instant) if instant else None


def plausible(instant: datetime) -> datetime:
    """An instant from outside, in UTC. Raises ValueError without a zone, or far from our time."""
    if instant.tzinfo is None:
        raise ValueError("must carry an offset from UTC, such as Z")
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise ValueError(f"must lie between the years {FIRST_YEAR} and {LAST_YEAR}")
    return instant.astimezone(UTC)


def plausible_day(day: date) -> date:
    """A day from outside. Raises ValueError far from our time, where no days can be counted."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"must lie between the years {FIRST_YEAR} and {LAST_YEAR}")
    return day


def from_text(text: str) -> datetime:
    """The aware instant of an RFC 3339 text. Raises ValueError on anything else."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs its offset from UTC")
    return instant.astimezone(UTC)
