"""Instants as text: RFC 3339, UTC, milliseconds, so that text order is time order."""

from datetime import UTC, datetime

LAST = "9999-12-31T23:59:59.999Z"


def to_text(instant: datetime) -> str:
    """`2026-11-23T09:00:00.000Z`; the instant must be aware."""
    utc = instant.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def from_text(text: str) -> datetime:
    """The aware instant of an RFC 3339 text. Raises ValueError on anything else."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs its offset from UTC")
    return instant.astimezone(UTC)
