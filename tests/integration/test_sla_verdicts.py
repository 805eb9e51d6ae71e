"""What the clocks say in the end, whoever stops them and whenever the sweep comes."""

import pytest

from chalicelib.domain import sla
from chalicelib.domain.policies import STANDARD
from chalicelib.domain.vocabulary import HoldReason, Level, Priority, Target
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import conversations, tickets
from tests.cast import ANA, ROSA, after
from tests.factories import a_ticket, clock_of
from tests.integration.lambdas import sweep

pytestmark = pytest.mark.usefixtures("cloud")


def an_urgent_ticket() -> Ticket:
    """To be resolved within four hours."""
    return a_ticket(impact=Level.HIGH, urgency=Level.HIGH)


def breaches(ticket: Ticket, target: Target) -> list[TimelineEntry]:
    told = [one for one in TimelineEntry.query(ticket.ticket_id) if one.kind == "sla_breached"]
    return [one for one in told if one.data["target"] == target.value]


def test_a_hold_before_the_sweep_looked_does_not_hide_a_breach():
    ticket = an_urgent_ticket()
    conversations.reply(ticket.ticket_id, "On it.", ANA, after(minutes=5))
    tickets.hold(ticket.ticket_id, HoldReason.REQUESTER, None, ANA, after(hours=4, seconds=30))
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, after(hours=6))
    assert sla.state(clock_of(ticket, Target.RESOLUTION)) == "breached"
    assert len(breaches(ticket, Target.RESOLUTION)) == 1


def test_a_breach_seen_at_the_resolve_is_not_told_again_after_a_reopen():
    ticket = an_urgent_ticket()
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, after(hours=5))
    tickets.reopen(ticket.ticket_id, ROSA, after(hours=6))
    sweep(after(hours=6, minutes=1))
    assert len(breaches(ticket, Target.RESOLUTION)) == 1


def test_a_requester_who_resolves_has_not_been_answered():
    ticket = a_ticket()
    tickets.resolve(ticket.ticket_id, "", None, ROSA, after(minutes=5))
    tickets.reopen(ticket.ticket_id, ROSA, after(minutes=6))
    assert clock_of(ticket, Target.FIRST_RESPONSE).met_at is None


def test_a_priority_changed_while_resolved_counts_after_the_reopen():
    ticket = a_ticket()
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, after(minutes=5))
    fields = {"impact": "high", "urgency": "high"}
    tickets.change(ticket.ticket_id, fields, ANA, after(minutes=6))
    tickets.reopen(ticket.ticket_id, ROSA, after(minutes=7))
    resolution = clock_of(ticket, Target.RESOLUTION)
    assert resolution.within == STANDARD.within(Priority.P1, Target.RESOLUTION, 1)


def test_a_long_catch_up_keeps_the_timelines_order():
    ticket = a_ticket()
    sweep(after(days=30))
    _, *steps = TimelineEntry.query(ticket.ticket_id)
    due = [step.data["due_at"] for step in steps]
    assert len(due) > 10
    assert due == sorted(due)
