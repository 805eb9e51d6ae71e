"""Clocks as plain data and back, for the store and for answers."""

from datetime import datetime
from typing import Any

from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.instants import from_text, to_text
from chalicelib.domain.sla import Clock, Segment
from chalicelib.domain.vocabulary import Target


def clock_to_data(clock: Clock) -> dict[str, Any]:
    """Only what is set, as text, so that a ticket stays small."""
    data = {
        "kind": clock.kind.value,
        "within": clock.within,
        "segments": [_segment_to_data(segment) for segment in clock.segments],
        "met_at": _text(clock.met_at),
        "breached_at": _text(clock.breached_at),
        "taken": list(clock.taken),
    }
    return {key: value for key, value in data.items() if value}


def clock_from_data(data: dict[str, Any], calendar: Calendar = ALWAYS) -> Clock:
    """The calendar is kept once with the ticket, not with each of its clocks."""
    return Clock(
        kind=Target(data["kind"]),
        within=data["within"],
        segments=tuple(Segment(*map(_instant, pair)) for pair in data["segments"]),
        met_at=_instant(data.get("met_at")),
        breached_at=_instant(data.get("breached_at")),
        taken=tuple(data.get("taken", ())),
        calendar=calendar,
    )


def _segment_to_data(segment: Segment) -> list[str]:
    ends = (segment.started_at, segment.stopped_at)
    return [to_text(end) for end in ends if end]


def _text(instant: datetime | None) -> str | None:
    return to_text(instant) if instant else None


def _instant(text: str | None) -> Any:
    return from_text(text) if text else None
