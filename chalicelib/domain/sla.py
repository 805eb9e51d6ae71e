"""SLA clocks: deadlines as a pure function of the segments a clock has run.

Rules: the SLA contract (docs/sla.md). Spans are whole seconds, instants are aware datetimes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.business_hours import NeverOpen, add_working, working_seconds
from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.policies import BREACHED, Policy
from chalicelib.domain.vocabulary import Priority, Status, Target

PAUSED_BY: dict[Status, frozenset[Target]] = {
    Status.PENDING: frozenset({Target.RESOLUTION}),
    Status.ON_HOLD: frozenset({Target.RESOLUTION}),
    # A finished ticket keeps no clock running; only an agent's answer meets the first response.
    Status.RESOLVED: frozenset(Target),
    Status.CLOSED: frozenset(Target),
    Status.CANCELLED: frozenset(Target),
}


@dataclass(frozen=True)
class Segment:
    """A stretch of time in which a clock ran; still running while `stopped_at` is None."""

    started_at: datetime
    stopped_at: datetime | None = None


@dataclass(frozen=True)
class Clock:
    """One target of one ticket: allowed `within` seconds of running time, by its calendar."""

    kind: Target
    within: int
    segments: tuple[Segment, ...]
    met_at: datetime | None = None
    breached_at: datetime | None = None
    taken: tuple[str, ...] = ()
    calendar: Calendar = ALWAYS

    @property
    def is_running(self) -> bool:
        return self.met_at is None and self.segments[-1].stopped_at is None


@dataclass(frozen=True)
class Step:
    """Something a clock will do by itself at an instant, once."""

    target: Target
    name: str
    at: datetime
    action: str


def start(
    policy: Policy, priority: Priority, now: datetime, calendar: Calendar = ALWAYS
) -> tuple[Clock, ...]:
    """The clocks of a ticket that was just opened."""
    segments = (Segment(now),)
    return tuple(Clock(t, policy.within(priority, t), segments, calendar=calendar) for t in Target)


def used_seconds(clock: Clock, now: datetime) -> float:
    """Working time in which the clock ran; paused time and closed hours do not count."""
    return sum(_worked(clock, segment, now) for segment in clock.segments)


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
        worked = _worked(clock, segment, segment.started_at)
        if left <= worked:
            return add_working(clock.calendar, segment.started_at, left)
        left -= worked
    return add_working(clock.calendar, clock.segments[-1].started_at, left)


def due_at(clock: Clock) -> datetime | None:
    """The deadline as things stand; None while paused or once met."""
    return instant_at(clock, clock.within)


def next_deadline_at(clocks: Iterable[Clock]) -> datetime | None:
    """The nearest deadline of all running clocks."""
    return min((due for clock in clocks if (due := due_at(clock))), default=None)


def state(clock: Clock) -> str:
    """`running`, `paused`, `met` or `breached`; a breach is never undone."""
    if clock.breached_at:
        return "breached"
    if clock.met_at:
        return "met"
    return "running" if clock.is_running else "paused"


def meet(clock: Clock, now: datetime) -> Clock:
    """Stop for good, and freeze the verdict: late is breached at the deadline."""
    return clock if clock.met_at else replace(_stop(clock, now), met_at=now)


def pause_for(status: Status, clocks: Iterable[Clock], now: datetime) -> tuple[Clock, ...]:
    """Run or pause each clock as the ticket's status asks."""
    paused = PAUSED_BY.get(status, frozenset())
    return tuple(_stop(c, now) if c.kind in paused else _run(c, now) for c in clocks)


def reopen(clocks: Iterable[Clock], now: datetime) -> tuple[Clock, ...]:
    """The resolution clock goes on, the resolved time excluded."""
    return tuple(
        _run(replace(c, met_at=None), now) if c.kind is Target.RESOLUTION else c for c in clocks
    )


def retarget(clocks: Iterable[Clock], policy: Policy, priority: Priority) -> tuple[Clock, ...]:
    """Other targets for the same running time, after a change of priority or policy."""
    return tuple(
        c if c.met_at else replace(c, within=policy.within(priority, c.kind)) for c in clocks
    )


def steps_due(clocks: Iterable[Clock], policy: Policy, now: datetime) -> list[Step]:
    """Every step whose instant has come and which was not taken, oldest first."""
    steps = [step for clock in clocks for step in _open_steps(clock, policy) if step.at <= now]
    return sorted(steps, key=lambda step: step.at)


def next_step_at(clocks: Iterable[Clock], policy: Policy) -> datetime | None:
    """When the sweep must look at these clocks again."""
    return min((s.at for c in clocks for s in _open_steps(c, policy)), default=None)


def take(clocks: Iterable[Clock], step: Step) -> tuple[Clock, ...]:
    """Note that a step was taken, so that it never is again."""
    return tuple(_taken(c, step) if c.kind is step.target else c for c in clocks)


def _worked(clock: Clock, segment: Segment, now: datetime) -> float:
    return working_seconds(clock.calendar, segment.started_at, segment.stopped_at or now)


def _open_steps(clock: Clock, policy: Policy) -> Iterable[Step]:
    for name, seconds, action in policy.steps(clock.within):
        at = instant_at(clock, seconds)
        if at and name not in clock.taken:
            yield Step(clock.kind, name, at, action)


def _taken(clock: Clock, step: Step) -> Clock:
    if step.action == "breach":
        return _breached(clock, step.at)
    return replace(clock, taken=(*clock.taken, step.name))


def _breached(clock: Clock, at: datetime) -> Clock:
    """A breach is told once, by the sweep or by whoever stops the clock first."""
    taken = clock.taken if BREACHED in clock.taken else (*clock.taken, BREACHED)
    return replace(clock, taken=taken, breached_at=clock.breached_at or at)


def _stop(clock: Clock, now: datetime) -> Clock:
    """Stopping a clock after its deadline records the breach; pausing cannot hide it."""
    if not clock.is_running:
        return clock
    due = due_at(clock)
    told = _breached(clock, due) if due and now > due else clock
    stopped = replace(clock.segments[-1], stopped_at=now)
    return replace(told, segments=(*clock.segments[:-1], stopped))


def _run(clock: Clock, now: datetime) -> Clock:
    if clock.is_running or clock.met_at:
        return clock
    return replace(clock, segments=(*clock.segments, Segment(now)))
