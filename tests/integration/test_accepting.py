"""Accepting: that a person works on it, which ends the time to accept."""

import pytest

from chalicelib.domain.errors import Conflict
from chalicelib.domain.vocabulary import HoldReason, Target
from chalicelib.services import conversations, dispatch, ownership, tickets
from tests.cast import ANA, BEN, LEA, MONDAY_9, after
from tests.factories import a_ticket, clock_of, employ, employ_everyone, kinds_of, now_of
from tests.integration.promises import ACCEPT, ASSIGNMENT, breached, urgent

pytestmark = pytest.mark.usefixtures("cloud")


def test_accepting_ends_the_time_to_accept_takes_it_up_and_makes_it_ones_own():
    employ_everyone()
    ticket = a_ticket()
    ownership.accept(ticket.ticket_id, ANA, after(minutes=5))
    now = now_of(ticket)
    assert (now.status, now.assignee_id) == ("open", ANA.id)
    assert clock_of(ticket, ACCEPT).used == clock_of(ticket, ASSIGNMENT).used == 300
    assert clock_of(ticket, Target.FIRST_RESPONSE).met_at is None
    assert kinds_of(ticket)[-1] == "accepted"


def test_being_given_a_ticket_is_not_accepting_it():
    employ(ANA)
    machine, by_hand = a_ticket(), a_ticket()
    dispatch.dispatch(machine.ticket_id, 1, after(minutes=1))
    ownership.assign(by_hand.ticket_id, ANA.id, LEA, after(minutes=1))
    for ticket in (machine, by_hand):
        assert now_of(ticket).assignee_id == ANA.id
        assert clock_of(ticket, ACCEPT).is_running
        ownership.accept(ticket.ticket_id, ANA, after(minutes=2))
        assert clock_of(ticket, ACCEPT).used == 120


@pytest.mark.parametrize("how", ["taking it", "a reply", "a call", "a hold", "solving it"])
def test_whoever_visibly_works_on_it_has_accepted_it(how):
    employ(ANA)
    ticket = a_ticket()
    name, now = ticket.ticket_id, after(minutes=3)
    {
        "taking it": lambda: ownership.assign(name, "me", ANA, now),
        "a reply": lambda: conversations.reply(name, "On it.", ANA, now),
        "a call": lambda: conversations.log_call(name, "Talked.", ANA, now),
        "a hold": lambda: tickets.hold(name, HoldReason.THIRD_PARTY, None, ANA, now),
        "solving it": lambda: tickets.resolve(name, "Done.", None, ANA, now),
    }[how]()
    assert clock_of(ticket, ACCEPT).met_at == now


def test_a_colleagues_ticket_is_taken_over_and_not_accepted():
    employ(ANA, BEN)
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    with pytest.raises(Conflict, match="Ana Costa"):
        ownership.accept(ticket.ticket_id, BEN, MONDAY_9)


def test_a_late_acceptance_tells_the_breach_that_no_sweep_saw():
    ticket = urgent()
    ownership.accept(ticket.ticket_id, ANA, after(minutes=10, seconds=1))
    assert breached(ticket) == ["time_to_accept"]
