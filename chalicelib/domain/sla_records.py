"""Clocks as plain data and back, for the store; and the verdicts that stay when a cycle ends."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.domain.calendars import Calendar
from chalicelib.domain.instants import from_text, text_or_none, to_text
from chalicelib.domain.sla import Clock, Override, Segment, state
from chalicelib.domain.vocabulary import Target

Data = dict[str, Any]
Find = Callable[[str], Calendar]
"""A calendar by its reference, as `lisbon@3`."""


def clock_to_data(clock: Clock) -> Data:
    """Only what is set, as text, so that a ticket stays small."""
    data = {
        "kind": clock.kind.value,
        "cycle": clock.cycle if clock.cycle > 1 else None,
        "within": clock.within,
        "segments": [_segment_to_data(segment) for segment in clock.segments],
        "met_at": text_or_none(clock.met_at),
        "breached_at": text_or_none(clock.breached_at),
        "taken": list(clock.taken),
        "override": _override_to_data(clock.override),
        "recorded": clock.recorded,
    }
    kept = {key: value for key, value in data.items() if value}
    return kept if clock.used is None else {**kept, "used": clock.used}


def clock_from_data(data: Data, calendar: Find) -> Clock:
    return Clock(
        kind=Target(data["kind"]),
        cycle=data.get("cycle", 1),
        within=data.get("within"),
        segments=tuple(_segment_from_data(one, calendar) for one in data["segments"]),
        met_at=_instant(data.get("met_at")),
        used=data.get("used"),
        breached_at=_instant(data.get("breached_at")),
        taken=tuple(data.get("taken", ())),
        override=_override_from_data(data.get("override")),
        recorded=data.get("recorded", False),
    )


def cycle_to_data(clock: Clock, **facts: Any) -> Data:
    """A cycle that ended, with its verdict: `met`, `breached`, or `none` if it was only left."""
    outcome = state(clock)
    verdict = outcome if outcome in ("met", "breached") else "none"
    return {**clock_to_data(clock), "cycle": clock.cycle, "verdict": verdict, **facts}


def _segment_to_data(segment: Segment) -> list[str | None]:
    """`[calendar, started]`, and for one that is over `[..., stopped, why]`."""
    begun = [segment.calendar.ref, to_text(segment.started_at)]
    return [*begun, to_text(segment.stopped_at), segment.why] if segment.stopped_at else [*begun]


def _segment_from_data(data: list[str], calendar: Find) -> Segment:
    ref, started, *ended = data
    stopped, why = ended or (None, "")
    return Segment(from_text(started), calendar(ref), _instant(stopped), why)


def _override_to_data(override: Override | None) -> list[str] | None:
    if override is None:
        return None
    return [to_text(override.due_at), to_text(override.set_at), override.by, override.reason]


def _override_from_data(data: list[str] | None) -> Override | None:
    return Override(from_text(data[0]), from_text(data[1]), data[2], data[3]) if data else None


def _instant(text: str | None) -> datetime | None:
    return from_text(text) if text else None
