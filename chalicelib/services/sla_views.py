"""Deadlines as callers see them: where each stands, and how it came to be there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chalicelib.domain import sla
from chalicelib.domain.business_hours import is_open, next_opening, working_seconds
from chalicelib.domain.instants import text_or_none, to_text
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import can_work
from chalicelib.domain.sla import Clock
from chalicelib.domain.sla_history import Stretch, history
from chalicelib.domain.sla_steps import next_step
from chalicelib.domain.vocabulary import CUSTOMER_TARGETS, TARGETS
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services.clocks import calendar_of, clocks_of, policy_of

View = dict[str, Any]
PAST = ("kind", "cycle", "verdict", "met_at", "breached_at", "tier", "priority", "policy")


def sla_view(ticket: Ticket, now: datetime) -> View:
    """`{policy, calendar, next_deadline_at, targets}` of the contract."""
    clocks = clocks_of(ticket)
    return {
        "policy": ticket.sla["policy"],
        "calendar": ticket.sla["calendar"],
        "next_deadline_at": text_or_none(sla.next_deadline_at(clocks)),
        "targets": [_target(one, now) for one in _measured(clocks)],
    }


def promised(view: View) -> View:
    """What of it was promised to the requester."""
    targets = [
        {**one, "override": None} for one in view["targets"] if one["kind"] in CUSTOMER_TARGETS
    ]
    return {**view, "targets": targets}


def explanation(
    ticket: Ticket, now: datetime, reader: Actor, entries: Iterable[TimelineEntry] = ()
) -> View:
    """Why each deadline is where it is: what ran, what was paused, what comes next.

    `entries` is the ticket's timeline, for the cycles that are over.
    """
    clocks, policy, calendar = clocks_of(ticket), policy_of(ticket), calendar_of(ticket)
    upcoming = next_step(clocks, policy)
    view = {
        **{key: ticket.sla[key] for key in ("policy", "policy_version", "calendar")},
        "policy_name": policy.name,
        "calendar_name": calendar.name,
        "calendar_version": calendar.version,
        "zone": calendar.zone,
        "open_now": is_open(calendar, now),
        "next_opening_at": text_or_none(next_opening(calendar, now)),
        "next_step": _step(upcoming) if upcoming else None,
        "targets": [_explained(one, now) for one in _measured(clocks)],
        "past": [_past(one) for one in _over(clocks, entries)],
    }
    return view if can_work(reader) else _for_requester(view)


def has_past(ticket: Ticket) -> bool:
    """Whether cycles of its clocks are over whose verdicts only the timeline has."""
    return any(clock.cycle > 1 for clock in clocks_of(ticket))


def _over(clocks: Iterable[Clock], entries: Iterable[TimelineEntry]) -> list[View]:
    """The cycles before the present ones, in the order in which they ended."""
    present = {(one.kind.value, one.cycle) for one in clocks}
    cycles = (one for entry in entries for one in entry.cycles or [])
    return [one for one in cycles if (one["kind"], one["cycle"]) not in present]


def _measured(clocks: Iterable[Clock]) -> list[Clock]:
    """Those that something was promised about, in the order of a ticket's life."""
    found = [
        one for one in clocks
        if one.kind in TARGETS and (one.within is not None or one.override or one.breached_at)
    ]  # fmt: skip
    return sorted(found, key=lambda one: TARGETS.index(one.kind))


def _target(clock: Clock, now: datetime) -> View:
    return {
        "kind": clock.kind.value,
        "state": sla.state(clock),
        "due_at": text_or_none(sla.due_at(clock)),
        "met_at": text_or_none(clock.met_at),
        "breached_at": text_or_none(clock.breached_at),
        "remaining_seconds": _left(clock, now),
        "override": _override(clock),
    }


def _left(clock: Clock, now: datetime) -> int | None:
    """Working seconds to the deadline; fewer than none once it is past."""
    if clock.met_at:
        return None
    if clock.override:
        due = clock.override.due_at
        ahead = working_seconds(clock.calendar, now, due)
        return round(ahead - working_seconds(clock.calendar, due, now))
    return None if clock.within is None else round(clock.within - sla.used_seconds(clock, now))


def _override(clock: Clock) -> View | None:
    hand_set = clock.override
    if hand_set is None:
        return None
    return {
        "due_at": to_text(hand_set.due_at),
        "set_at": to_text(hand_set.set_at),
        "by": hand_set.by,
        "reason": hand_set.reason,
    }


def _explained(clock: Clock, now: datetime) -> View:
    return {
        **_target(clock, now),
        "cycle": clock.cycle,
        "within_seconds": clock.within,
        "used_seconds": round(sla.used_seconds(clock, now)),
        "computed_due_at": text_or_none(sla.computed_due_at(clock)),
        "segments": [_stretch(one) for one in history(clock, now)],
        "steps_taken": list(clock.taken),
    }


def _stretch(one: Stretch) -> View:
    return {
        "kind": one.kind,
        "started_at": to_text(one.started_at),
        "stopped_at": text_or_none(one.stopped_at),
        "why": one.why,
        "calendar": one.calendar.ref,
        "calendar_name": one.calendar.name,
        "working_seconds": one.working_seconds,
    }


def _step(step: Any) -> View:
    return {"target": step.target.value, "step": step.name, "action": step.action,
            "at": to_text(step.at)}  # fmt: skip


def _past(cycle: View) -> View:
    told = {key: cycle.get(key) for key in PAST}
    return {**told, "within_seconds": cycle.get("within"), "used_seconds": cycle.get("used")}


def _for_requester(view: View) -> View:
    """The working of what was promised, without what the desk does by itself about it."""
    targets = [
        {**one, "steps_taken": [], "override": None}
        for one in view["targets"]
        if one["kind"] in CUSTOMER_TARGETS
    ]
    past = [one for one in view["past"] if one["kind"] in CUSTOMER_TARGETS]
    return {**view, "targets": targets, "past": past, "next_step": None}
