"""What clocks do by themselves: warnings, the breach, and the rungs of the ladder, each once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.business_hours import NeverOpen, add_working
from chalicelib.domain.policies import BREACHED, UNANSWERED, UNASSIGNED, WORKING, Policy, Rung
from chalicelib.domain.sla import Clock, breach, due_at, in_any_hours, instant_at
from chalicelib.domain.vocabulary import CUSTOMER_TARGETS, RESPONSES, Target

WARN, BREACH = "warn", "breach"

Planned = Iterator[tuple[str, datetime | None, str]]


@dataclass(frozen=True)
class Step:
    """Something that one cycle of a clock does at an instant, once: its name is kept there."""

    target: Target
    cycle: int
    name: str
    at: datetime
    action: str


def steps_due(clocks: Iterable[Clock], policy: Policy, now: datetime) -> list[Step]:
    """Every step whose instant has come and which was not taken, oldest first."""
    steps = [step for clock in clocks for step in still_to_come(clock, policy) if step.at <= now]
    return sorted(steps, key=lambda step: step.at)


def next_step(clocks: Iterable[Clock], policy: Policy) -> Step | None:
    """What happens next, and when the sweep must look at these clocks again."""
    steps = (step for clock in clocks for step in still_to_come(clock, policy))
    return min(steps, key=lambda step: step.at, default=None)


def still_to_come(clock: Clock, policy: Policy) -> Iterator[Step]:
    """The steps that a clock has before it, as things stand; none once it is met."""
    for name, at, action in () if clock.met_at else _planned(clock, policy):
        if at and name not in clock.taken:
            yield Step(clock.kind, clock.cycle, name, at, action)


def take(clocks: Iterable[Clock], step: Step) -> tuple[Clock, ...]:
    """Note that a step was taken, so that it never is again in this cycle."""
    return tuple(_taken(one, step) if one.kind is step.target else one for one in clocks)


def _planned(clock: Clock, policy: Policy) -> Planned:
    if clock.kind in CUSTOMER_TARGETS:
        for percent in policy.warnings:
            yield f"warned-{percent}", _share_at(clock, percent), WARN
    yield BREACHED, due_at(clock), BREACH
    for rung in policy.rungs(clock.kind):
        yield rung.name, _past_due(clock, rung.after), rung.action
    for rung in policy.waits(_condition(clock.kind)):
        yield rung.name, _waited(clock, rung), rung.action


def _condition(kind: Target) -> str:
    """The waiting that a kind of clock measures; resolution and acceptance measure none."""
    if kind in RESPONSES:
        return UNANSWERED
    return UNASSIGNED if kind is Target.ASSIGNMENT else ""


def _share_at(clock: Clock, percent: int) -> datetime | None:
    """Of a date set by hand, the share of the days since it was set."""
    if clock.override:
        span = clock.override.due_at - clock.override.set_at
        return clock.override.set_at + span * percent / 100
    return None if clock.within is None else instant_at(clock, clock.within * percent / 100)


def _past_due(clock: Clock, after: int) -> datetime | None:
    if clock.override:
        return _worked_on(clock, clock.override.due_at, after)
    return None if clock.within is None else instant_at(clock, clock.within + after)


def _worked_on(clock: Clock, at: datetime, after: int) -> datetime | None:
    try:
        return add_working(clock.calendar, at, after)
    except NeverOpen:
        return None


def _waited(clock: Clock, rung: Rung) -> datetime | None:
    return instant_at(clock if rung.hours == WORKING else in_any_hours(clock), rung.after)


def _taken(clock: Clock, step: Step) -> Clock:
    if step.action == BREACH:
        return breach(clock, step.at)
    return replace(clock, taken=(*clock.taken, step.name))
