"""The clocks of a ticket: by which policy and hours they run, read from it and written to it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain import sla
from chalicelib.domain.calendars import Calendar
from chalicelib.domain.conditions import Facts
from chalicelib.domain.policies import Policy
from chalicelib.domain.sla_records import clock_from_data, clock_to_data, cycle_to_data
from chalicelib.domain.vocabulary import Priority, Target
from chalicelib.models.ticket import Ticket
from chalicelib.services import settings


def facts_of(ticket: Ticket) -> Facts:
    """What the conditions of policies look at; an organisation is known by its mail domain."""
    return {
        "priority": ticket.priority,
        "type": ticket.type,
        "category": ticket.category,
        "organisation": ticket.organisation,
        "branch": ticket.branch,
        "channel": ticket.channel,
        "tag": list(ticket.tags or []),
    }


def start(ticket: Ticket, now: datetime) -> None:
    """Choose the policy and the hours of a new ticket, and start its clocks."""
    policy, calendar = in_force(ticket)
    settings.note_use(policy, now)
    clocks = sla.start(policy, Priority(ticket.priority), int(ticket.tier), now, calendar)
    ticket.sla = {}
    bind(ticket, policy, calendar)
    set_clocks(ticket, clocks)


def in_force(ticket: Ticket) -> tuple[Policy, Calendar]:
    """The policy that is for such a ticket now, and the hours by which it measures."""
    policy = settings.policy_for(facts_of(ticket))
    return policy, settings.calendar_for(policy, ticket.branch)


def bind(ticket: Ticket, policy: Policy, calendar: Calendar) -> None:
    """Note by which versions the ticket is measured from now on."""
    ticket.sla = {
        **ticket.sla,
        "policy": policy.id,
        "policy_version": policy.version,
        "calendar": calendar.id,
        "calendar_version": calendar.version,
    }


def policy_of(ticket: Ticket) -> Policy:
    return settings.policy(ticket.sla["policy"], ticket.sla["policy_version"])


def calendar_of(ticket: Ticket) -> Calendar:
    return settings.calendar(ticket.sla["calendar"], ticket.sla["calendar_version"])


def clocks_of(ticket: Ticket) -> tuple[sla.Clock, ...]:
    return tuple(clock_from_data(data, settings.calendar_at) for data in ticket.sla["clocks"])


def set_clocks(ticket: Ticket, clocks: Sequence[sla.Clock]) -> None:
    """No clock runs on a part of another incident, whatever is done to it."""
    running = () if ticket.parent else clocks
    ticket.sla = {**ticket.sla, "clocks": [clock_to_data(clock) for clock in running]}


def within_of(ticket: Ticket, kind: Target) -> int | None:
    """The seconds that the ticket's policy allows for a target, as the ticket is now."""
    return policy_of(ticket).within(Priority(ticket.priority), kind, int(ticket.tier))


def record_ended(ticket: Ticket) -> list[dict[str, Any]]:
    """The cycles that ended since the last save, as they are kept for good in the timeline."""
    clocks = clocks_of(ticket)
    ended = [one for one in clocks if one.met_at and not one.recorded]
    if ended:
        set_clocks(ticket, [replace(one, recorded=bool(one.met_at)) for one in clocks])
    return [cycle_of(ticket, one) for one in ended]


def cycle_of(ticket: Ticket, clock: sla.Clock) -> dict[str, Any]:
    """A cycle with what a report needs to know of its ticket."""
    return cycle_to_data(
        clock, policy=ticket.sla["policy"], policy_version=ticket.sla["policy_version"],
        tier=int(ticket.tier), priority=ticket.priority,
    )  # fmt: skip
