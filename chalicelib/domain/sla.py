"""SLA clocks: deadlines as a pure function of the segments that a clock has run.

Rules: the SLA contract (docs/sla.md). Spans are whole seconds, instants are aware datetimes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.business_hours import NeverOpen, add_working, working_seconds
from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.policies import BREACHED, Policy
from chalicelib.domain.vocabulary import CUSTOMER_TARGETS, RESPONSES, Priority, Status, Target

_OWN = frozenset({Target.TIME_TO_ACCEPT, Target.ASSIGNMENT})
PAUSED_BY: dict[Status, frozenset[Target]] = {
    Status.PENDING: frozenset({Target.RESOLUTION, Target.NEXT_RESPONSE}) | _OWN,
    Status.ON_HOLD: frozenset({Target.RESOLUTION}) | _OWN,
    # A finished ticket keeps no clock running; only an agent's answer meets a response.
    Status.RESOLVED: frozenset(Target),
    Status.CLOSED: frozenset(Target),
    Status.CANCELLED: frozenset(Target),
}
FINISHED = frozenset({Status.RESOLVED, Status.CLOSED, Status.CANCELLED})
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


def start(
    policy: Policy, priority: Priority, tier: int, now: datetime, calendar: Calendar
) -> tuple[Clock, ...]:
    """The clocks of a ticket that was just opened; the next response waits for a first one."""
    segments = (Segment(now, calendar),)
    kinds = (one for one in Target if one is not Target.NEXT_RESPONSE)
    return tuple(Clock(kind, policy.within(priority, kind, tier), segments) for kind in kinds)


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


def meet(clock: Clock, now: datetime, why: str = "met") -> Clock:
    """Stop for good, and freeze the verdict with its amount: late is breached at the deadline."""
    if clock.met_at:
        return clock
    stopped = _stop(_judged(clock, now), now, why)
    return replace(stopped, met_at=now, used=round(used_seconds(stopped, now)))


def meet_all(
    clocks: Iterable[Clock], kinds: Iterable[Target], now: datetime, why: str = "met"
) -> tuple[Clock, ...]:
    """Stop those of some kinds for good."""
    met = frozenset(kinds)
    return tuple(meet(one, now, why) if one.kind in met else one for one in clocks)


def pause_for(
    status: Status, clocks: Iterable[Clock], now: datetime, calendar: Calendar
) -> tuple[Clock, ...]:
    """Run or pause each clock as the ticket's status asks."""
    paused = PAUSED_BY.get(status, frozenset())
    return tuple(
        _rest(one, status, now) if one.kind in paused else _run(one, now, calendar)
        for one in clocks
    )


def begin(
    clocks: Iterable[Clock], kind: Target, within: int | None, now: datetime, calendar: Calendar
) -> tuple[Clock, ...]:
    """A new cycle of one kind, from now on; the one before it is over."""
    others = [one for one in clocks if one.kind is not kind]
    cycle = max((one.cycle for one in clocks if one.kind is kind), default=0) + 1
    return (*others, Clock(kind, within, (Segment(now, calendar),), cycle))


def leave(clock: Clock, now: datetime) -> Clock:
    """Stop a cycle that ends without being met, with its amount; late is breached all the same."""
    stopped = _stop(_judged(clock, now), now, LEFT)
    return replace(stopped, used=round(used_seconds(stopped, now)))


def is_awaited(clocks: Iterable[Clock]) -> bool:
    """Whether a message of the requester waits for an answer already."""
    return any(one.kind in RESPONSES and one.met_at is None for one in clocks)


def reopen(clocks: Iterable[Clock], now: datetime, calendar: Calendar) -> tuple[Clock, ...]:
    """The resolution goes on as a new cycle with its time so far, the resolved time excluded.

    A date that was set by hand goes on too, unless it passed meanwhile.
    """
    return tuple(
        _run(_next_cycle(one), now, calendar) if one.kind is Target.RESOLUTION else one
        for one in (_without_past_date(one, now) for one in clocks)
    )


def judge(clocks: Iterable[Clock], now: datetime) -> tuple[Clock, ...]:
    """Record what is late by now, before a change of the rules or of a date could hide it."""
    return tuple(_judged(one, now) for one in clocks)


def retarget(
    clocks: Iterable[Clock], policy: Policy, priority: Priority, tier: int
) -> tuple[Clock, ...]:
    """Other targets for the same running time, after a change of priority, policy or tier."""
    return tuple(
        one if one.met_at else replace(one, within=policy.within(priority, one.kind, tier))
        for one in clocks
    )


def recalendar(clocks: Iterable[Clock], calendar: Calendar, now: datetime) -> tuple[Clock, ...]:
    """What ran stays as it was measured; from now on the hours of another calendar count."""
    return tuple(
        _run(_stop(one, now, NEW_CALENDAR), now, calendar)
        if one.is_running and one.calendar != calendar
        else one
        for one in clocks
    )


def override(clocks: Iterable[Clock], kind: Target, hand_set: Override | None) -> tuple[Clock, ...]:
    """Set a due date by hand, or go back to the policy's with None."""
    return tuple(
        replace(one, override=hand_set) if one.kind is kind and not one.met_at else one
        for one in clocks
    )


def breach(clock: Clock, at: datetime) -> Clock:
    """A breach is told once, by the sweep or by whoever stops the clock first."""
    taken = clock.taken if BREACHED in clock.taken else (*clock.taken, BREACHED)
    return replace(clock, taken=taken, breached_at=clock.breached_at or at)


def _judged(clock: Clock, now: datetime) -> Clock:
    due = due_at(clock)
    return breach(clock, due) if due and now > due else clock


def _stop(clock: Clock, now: datetime, why: str) -> Clock:
    """Stopping a clock after its deadline records the breach; pausing cannot hide it."""
    if not clock.is_running:
        return clock
    told, last = _judged(clock, now), clock.segments[-1]
    # a writer whose clock is behind stops what began later: no time has passed then
    stopped = replace(last, stopped_at=max(now, last.started_at), why=why)
    return replace(told, segments=(*clock.segments[:-1], stopped))


def _rest(clock: Clock, status: Status, now: datetime) -> Clock:
    """What rests already goes on resting, for another reason once the ticket is finished."""
    last = clock.segments[-1]
    if clock.is_running or clock.met_at or status not in FINISHED or last.why in FINISHED:
        return _stop(clock, now, status.value)
    told, at = _judged(clock, now), max(now, last.stopped_at or now)
    ended = Segment(at, last.calendar, at, status.value)
    return replace(told, segments=(*clock.segments, ended))


def _run(clock: Clock, now: datetime, calendar: Calendar) -> Clock:
    if clock.is_running or clock.met_at:
        return clock
    begun = max(now, clock.segments[-1].stopped_at or now)
    return replace(clock, segments=(*clock.segments, Segment(begun, calendar)))


def _next_cycle(clock: Clock) -> Clock:
    if clock.met_at is None:
        return clock
    return replace(clock, cycle=clock.cycle + 1, met_at=None, used=None, recorded=False)


def _without_past_date(clock: Clock, now: datetime) -> Clock:
    passed = clock.override is not None and clock.override.due_at <= now
    return replace(clock, override=None) if passed else clock
