"""The steps of clocks: what is expected is worked out by the domain from the stored segments."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from bench.drills.life import DOUBLED, EARLY, EXPECTED, JUMBLED, LOST, TAKEN, Finding, Life
from chalicelib.domain import sla
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import from_text
from chalicelib.domain.policies import BREACHED
from chalicelib.domain.sla import Clock
from chalicelib.domain.sla_steps import still_to_come
from chalicelib.domain.vocabulary import ACTIVE, Target
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import clocks

KINDS = {Kind.SLA_WARNED, Kind.SLA_BREACHED, Kind.ESCALATED}

Name = tuple[Target, int, str]
"""Target, cycle and step: what there must be one of in a ticket's timeline."""


def steps(life: Life) -> Iterator[Finding]:
    """Each once: what the clocks noted as taken, and what they owe."""
    noted, owed = set(_noted(life)), set(_owed(life))
    told = Counter(_name(entry) for entry in _told(life))
    for name in noted | owed:
        yield Finding(EXPECTED, _kind(name), None)
    for name in owed | (noted - set(told)):
        yield Finding(LOST, _kind(name), (life.ticket.ticket_id, *name))
    for name, times in told.items():
        yield Finding(TAKEN, _kind(name), None)
        for _ in range(times - 1):
            yield Finding(DOUBLED, _kind(name), (life.ticket.ticket_id, *name))


def early(life: Life) -> Iterator[Finding]:
    """By the true time, and not by what the entry itself says."""
    for entry in _told(life):
        if from_text(entry.data["due_at"]) > life.tried_at(entry):
            yield Finding(EARLY, _kind(_name(entry)), _where(entry))


def order(life: Life) -> Iterator[Finding]:
    """Within one write, and within one cycle, the sweep takes steps as their instants come."""
    groups: dict[Any, list[TimelineEntry]] = defaultdict(list)
    for entry in _told(life):
        if "step" in entry.data:  # else somebody stopped a late clock, who was before the sweep
            groups[entry.entry_id.partition("-")[0]].append(entry)
            groups[_name(entry)[:2]].append(entry)
    for one, following in (pair for group in groups.values() for pair in pairwise(group)):
        if following.data["due_at"] < one.data["due_at"]:
            yield Finding(JUMBLED, _kind(_name(following)), _where(following))


def _noted(life: Life) -> Iterator[Name]:
    """What the clocks of all cycles took. After a reopen, a cycle has what was taken before it."""
    everything = [*(clock for _, clock in life.ended()), *clocks.clocks_of(life.ticket)]
    cycles = {(clock.kind, clock.cycle): clock for clock in everything}
    # One that nothing was promised of ends with a move and is not kept: only its entries tell.
    yield from (name for name in map(_name, _told(life)) if name[:2] not in cycles)
    for (target, number), clock in cycles.items():
        before = cycles.get((target, number - 1)) if target is Target.RESOLUTION else None
        for name in clock.taken:
            if before is None or name not in before.taken:
                yield target, number, name


def _owed(life: Life) -> Iterator[Name]:
    """Due by the last tick and not taken, and breaches of past cycles that nobody told."""
    policy = clocks.policy_of(life.ticket)
    for clock in clocks.clocks_of(life.ticket) if life.ticket.status in ACTIVE else ():
        for step in still_to_come(clock, policy):
            if step.at <= life.last:
                yield step.target, step.cycle, step.name
    for entry, clock in life.ended():
        due = _due_at(clock)
        if due and due < _ended_at(clock, entry) and BREACHED not in clock.taken:
            yield clock.kind, clock.cycle, BREACHED


def _due_at(clock: Clock) -> datetime | None:
    """The deadline of a past cycle, as if it still ran."""
    last = replace(clock.segments[-1], stopped_at=None, why="")
    return sla.due_at(replace(clock, met_at=None, used=None, segments=(*clock.segments[:-1], last)))


def _ended_at(clock: Clock, entry: TimelineEntry) -> datetime:
    """When time ceased to run against it: a date set by hand is late even while it is paused.

    One that was left for another tier ended with the step that moved the ticket.
    """
    left_at = from_text(entry.data["due_at"]) if "step" in entry.data else entry.at
    ended_at = clock.met_at or left_at
    stopped_at = clock.segments[-1].stopped_at
    return ended_at if clock.override or stopped_at is None else min(stopped_at, ended_at)


def _told(life: Life) -> list[TimelineEntry]:
    return [one for one in life.entries if one.kind in KINDS and "target" in one.data]


def _name(entry: TimelineEntry) -> Name:
    data = entry.data
    return Target(data["target"]), data["cycle"], data.get("step", BREACHED)


def _kind(name: Name) -> str:
    return name[2].partition("-")[0]


def _where(entry: TimelineEntry) -> tuple[Any, ...]:
    return entry.ticket_id, entry.entry_id, entry.at, *_name(entry), entry.data["due_at"]
