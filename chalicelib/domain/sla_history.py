"""How a clock came to where it stands: when it ran, when it rested, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from chalicelib.domain.calendars import Calendar
from chalicelib.domain.sla import NEW_CALENDAR, Clock, Segment, worked

RAN, RESTED = "ran", "rested"


@dataclass(frozen=True)
class Stretch:
    """Time in which a clock ran or rested; `working_seconds` are those that counted.

    `why` says what ended a run, or during a rest what it waits for: a status, `met`, `calendar`.
    """

    kind: str
    started_at: datetime
    stopped_at: datetime | None
    why: str
    calendar: Calendar
    working_seconds: int


def history(clock: Clock, now: datetime) -> list[Stretch]:
    """Everything since the clock started, in order; what took no time is left out."""
    return [one for one in _stretches(clock, now) if one.started_at != one.stopped_at]


def _stretches(clock: Clock, now: datetime) -> Iterator[Stretch]:
    for segment, following in zip_longest(clock.segments, clock.segments[1:]):
        yield _ran(segment, now)
        if segment.stopped_at and segment.why != NEW_CALENDAR and (following or not clock.met_at):
            until = following.started_at if following else None
            yield Stretch(RESTED, segment.stopped_at, until, segment.why, segment.calendar, 0)


def _ran(segment: Segment, now: datetime) -> Stretch:
    return Stretch(
        RAN, segment.started_at, segment.stopped_at, segment.why, segment.calendar,
        round(worked(segment, now)),
    )  # fmt: skip
