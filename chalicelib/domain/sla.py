"""What happens to SLA clocks: started, paused, met, reopened, and measured by other rules.

Rules: the SLA contract (docs/sla.md). Nothing here reads a clock or changes one in place.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.calendars import Calendar
from chalicelib.domain.clock import (
    FINISHED,
    LEFT,
    NEW_CALENDAR,
    Clock,
    Override,
    Segment,
    computed_due_at,
    due_at,
    in_any_hours,
    instant_at,
    next_deadline_at,
    state,
    used_seconds,
    worked,
)
from chalicelib.domain.policies import BREACHED, Policy
from chalicelib.domain.vocabulary import RESPONSES, Priority, Status, Target

__all__ = [  # a clock's own questions are asked here as well, so that there is one place to look
    "FINISHED",
    "LEFT",
    "NEW_CALENDAR",
    "PAUSED_BY",
    "Clock",
    "Override",
    "Segment",
    "begin",
    "breach",
    "computed_due_at",
    "due_at",
    "in_any_hours",
    "instant_at",
    "is_awaited",
    "judge",
    "leave",
    "meet",
    "meet_all",
    "next_deadline_at",
    "override",
    "pause_for",
    "recalendar",
    "reopen",
    "retarget",
    "start",
    "state",
    "used_seconds",
    "worked",
]

_OWN = frozenset({Target.TIME_TO_ACCEPT, Target.ASSIGNMENT})
PAUSED_BY: dict[Status, frozenset[Target]] = {
    Status.PENDING: frozenset({Target.RESOLUTION, Target.NEXT_RESPONSE}) | _OWN,
    Status.ON_HOLD: frozenset({Target.RESOLUTION}) | _OWN,
    # A finished ticket keeps no clock running; only an agent's answer meets a response.
    **dict.fromkeys(FINISHED, frozenset(Target)),
}


def start(
    policy: Policy, priority: Priority, tier: int, now: datetime, calendar: Calendar
) -> tuple[Clock, ...]:
    """The clocks of a ticket that was just opened; the next response waits for a first one."""
    segments = (Segment(now, calendar),)
    kinds = (one for one in Target if one is not Target.NEXT_RESPONSE)
    return tuple(Clock(kind, policy.within(priority, kind, tier), segments) for kind in kinds)


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
