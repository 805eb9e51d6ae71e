"""A clock: the stretches in which it ran, and its deadline as a pure function of them.

Rules: the SLA contract (docs/sla.md). Spans are whole seconds, instants are aware datetimes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.business_hours import NeverOpen, add_working, working_seconds
from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.vocabulary import CUSTOMER_TARGETS, Status, Target

FINISHED = frozenset({Status.RESOLVED, Status.CLOSED, Status.CANCELLED, Status.MERGED})
NEW_CALENDAR = "calendar"  # why a segment stops where the hours change, and the next begins
LEFT = "left"  # why the last one of a cycle stops that ends without being met


@dataclass(frozen=True)
class Segment:
    """A stretch in which a clock ran, by one calendar; `stopped_at` is None while it runs."""

    started_at: datetime
    calendar: Calendar
    stopped_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True)
class Override:
    """A due date set by hand: it stands, whatever is paused or closed meanwhile."""

    due_at: datetime
    set_at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class Clock:
    """One cycle of one target: allowed `within` seconds of running time, None if unlimited.

    `used` is the running time at the instant at which it was met: the verdict's amount.
    """

    kind: Target
    within: int | None
    segments: tuple[Segment, ...]
    cycle: int = 1
    met_at: datetime | None = None
    used: int | None = None
    breached_at: datetime | None = None
    taken: tuple[str, ...] = ()
    override: Override | None = None
    recorded: bool = False

    @property
    def is_running(self) -> bool:
        return self.met_at is None and self.segments[-1].stopped_at is None

    @property
    def calendar(self) -> Calendar:
        """The one that it ran by last."""
        return self.segments[-1].calendar


def used_seconds(clock: Clock, now: datetime) -> float:
    """Working time in which the clock ran; paused time and closed hours do not count."""
    if clock.used is not None:
        return clock.used
    return sum(worked(segment, now) for segment in clock.segments)


def worked(segment: Segment, now: datetime) -> float:
    return working_seconds(segment.calendar, segment.started_at, segment.stopped_at or now)


def instant_at(clock: Clock, seconds: float) -> datetime | None:
    """When a running clock will have run this long; None while it does not run.

    None also where its calendar never opens for as long: such a ticket is worked on, undated.
    """
    try:
        return _instant_at(clock, seconds) if clock.is_running else None
    except NeverOpen:
        return None


def _instant_at(clock: Clock, seconds: float) -> datetime:
    left = seconds
    for segment in clock.segments[:-1]:
        ran = worked(segment, segment.started_at)
        if left <= ran:
            return add_working(segment.calendar, segment.started_at, left)
        left -= ran
    return add_working(clock.calendar, clock.segments[-1].started_at, left)


def in_any_hours(clock: Clock) -> Clock:
    """The same runs and pauses, measured around the clock."""
    return replace(clock, segments=tuple(replace(one, calendar=ALWAYS) for one in clock.segments))


def computed_due_at(clock: Clock) -> datetime | None:
    """The deadline by the policy; None while paused, once met, or where nothing was promised."""
    return None if clock.within is None else instant_at(clock, clock.within)


def due_at(clock: Clock) -> datetime | None:
    """The deadline as things stand: the one set by hand, or else the policy's.

    A date by hand stands while a ticket waits, but a finished ticket has none to keep.
    """
    if clock.override and clock.met_at is None and clock.segments[-1].why not in FINISHED:
        return clock.override.due_at
    return computed_due_at(clock)


def next_deadline_at(clocks: Iterable[Clock]) -> datetime | None:
    """The nearest deadline of all that was promised to the requester."""
    dues = (due_at(clock) for clock in clocks if clock.kind in CUSTOMER_TARGETS)
    return min((due for due in dues if due), default=None)


def state(clock: Clock) -> str:
    """`running`, `paused`, `met` or `breached`; a breach is never undone."""
    if clock.breached_at:
        return "breached"
    if clock.met_at:
        return "met"
    return "running" if clock.is_running else "paused"
