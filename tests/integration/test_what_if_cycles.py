"""What a draft makes of cycles that are over, each judged by what it was judged by then."""

import pytest

from chalicelib.services import escalations, ownership, tickets
from tests.cast import ANA, ROSA, after
from tests.factories import a_policy, a_ticket, put_policy
from tests.integration.drafts import flips, with_targets
from tests.integration.lambdas import sweep
from tests.integration.promises import HOUR, RESOLUTION, answered, asked_again, resolved, urgent

pytestmark = pytest.mark.usefixtures("cloud")


def test_past_cycles_are_measured_too_each_by_its_own_tier_and_priority():
    ticket = urgent()
    ownership.accept(ticket.ticket_id, ANA, after(minutes=8))
    answered(ticket, minutes=9)
    escalations.escalate(ticket.ticket_id, "Up", "", None, ANA, after(minutes=10))
    asked_again(ticket, minutes=11)
    answered(ticket, minutes=26)
    asked_again(ticket, minutes=30)
    answered(ticket, minutes=31)
    draft = with_targets(next_response=10 * 60, time_to_accept={"1": 5 * 60, "2": 20 * 60})
    assert flips(draft) == [
        (ticket.ticket_id, "next_response", 1, "met", "breached"),
        (ticket.ticket_id, "time_to_accept", 1, "met", "breached"),
    ]


def test_a_reopened_resolution_flips_in_the_cycles_in_which_it_was_too_long():
    ticket = a_ticket()
    resolved(ticket, hours=1)
    tickets.reopen(ticket.ticket_id, ROSA, after(hours=5))
    resolved(ticket, hours=7)
    found = [one for one in flips(with_targets(resolution=2 * HOUR)) if one[1] == RESOLUTION]
    assert found == [(ticket.ticket_id, "resolution", 2, "met", "breached")]


def test_a_tier_that_was_only_left_is_not_measured_beyond_its_leaving():
    ticket = a_ticket()
    escalations.escalate(ticket.ticket_id, "Up", "", None, ANA, after(minutes=10))
    answered(ticket, minutes=11)
    draft = with_targets(time_to_accept=15 * 60)
    assert flips(draft, now=after(days=30)) == []


def test_a_draft_of_what_is_in_force_flips_nothing_whatever_happened_to_a_ticket():
    raised, eased, moved, again = a_ticket(), urgent(), a_ticket(), a_ticket()
    high, low = ({"impact": level, "urgency": level} for level in ("high", "low"))
    answered(raised, hours=1)
    ownership.accept(moved.ticket_id, ANA, after(hours=1.9))
    tickets.change(raised.ticket_id, high, ANA, after(hours=2))
    escalations.escalate(moved.ticket_id, "Up", "", None, ANA, after(hours=2))
    sweep(after(hours=3))
    tickets.change(eased.ticket_id, low, ANA, after(hours=3))
    answered(again, hours=3.5)
    answered(eased, hours=4)
    resolved(again, hours=4)
    tickets.reopen(again.ticket_id, ROSA, after(hours=5))
    tickets.change(again.ticket_id, high, ANA, after(hours=6))
    resolved(again, hours=9)
    sweep(after(hours=10))
    assert flips(a_policy(), now=after(hours=10)) == []


def test_a_verdict_is_measured_by_the_priority_under_which_it_fell_not_by_todays():
    put_policy(ladder=[])
    raised, eased = a_ticket(), urgent()
    sweep(after(minutes=20))
    tickets.change(eased.ticket_id, {"impact": "low", "urgency": "low"}, ANA, after(minutes=30))
    answered(raised, hours=1)
    tickets.change(raised.ticket_id, {"impact": "high", "urgency": "high"}, ANA, after(hours=1))
    assert flips(a_policy(ladder=[]), now=after(hours=2)) == []
