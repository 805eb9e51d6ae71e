"""Rules about waiting, as rungs of a policy's ladder, through the sweep."""

import pytest

from chalicelib.domain.vocabulary import HoldReason
from chalicelib.services import conversations, ownership, sla_settings, tickets
from tests.cast import ADA, ANA, MONDAY_9, after
from tests.factories import (
    a_ticket,
    employ_everyone,
    entries_of,
    kinds_of,
    now_of,
    put_policy,
)
from tests.integration.lambdas import sweep
from tests.integration.promises import OFFICE, answered, asked_again, at

pytestmark = pytest.mark.usefixtures("cloud")

UNANSWERED = {"after": 1800, "action": "tell_lead", "when": "unanswered"}
UNASSIGNED = {"after": 600, "action": "next_tier", "when": "unassigned", "hours": "any"}


@pytest.fixture(autouse=True)
def rules(cloud: None) -> None:
    """Office hours, nothing but waiting rules on the ladder."""
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)
    put_policy(calendar="office", ladder=[UNANSWERED, UNASSIGNED])
    employ_everyone()


def waited(ticket) -> list[str]:
    """The rungs that were climbed, in order."""
    return [one.data["step"] for one in entries_of(ticket, "escalated")]


def held_by_ana(ticket):
    ownership.assign(ticket.ticket_id, ANA.id, ADA, ticket.created_at)
    return ticket


def test_half_an_hour_of_work_without_an_answer_tells_the_lead_once():
    ticket = held_by_ana(a_ticket())
    sweep(after(minutes=29))
    assert waited(ticket) == []
    for minute in (30, 30, 31, 90):
        sweep(after(minutes=minute))
    assert waited(ticket) == ["unanswered-1800"]
    assert now_of(ticket).escalated_to == "lead"


def test_unanswered_counts_working_minutes_only():
    ticket = held_by_ana(a_ticket(now=at("2026-11-23 16:45")))
    sweep(at("2026-11-24 09:14"))
    assert waited(ticket) == []
    sweep(at("2026-11-24 09:15"))
    assert waited(ticket) == ["unanswered-1800"]


def test_each_message_that_waits_too_long_is_told_of_again():
    ticket = held_by_ana(a_ticket())
    answered(ticket, minutes=5)
    asked_again(ticket, minutes=10)
    asked_again(ticket, minutes=35)  # the older one counts
    sweep(after(minutes=39))
    assert waited(ticket) == []
    sweep(after(minutes=40))
    answered(ticket, minutes=41)
    asked_again(ticket, minutes=50)
    sweep(after(minutes=80))
    assert waited(ticket) == ["unanswered-1800"] * 2


def test_a_note_is_no_answer_and_a_call_is_one():
    noted, called = held_by_ana(a_ticket()), held_by_ana(a_ticket())
    conversations.note(noted.ticket_id, "Odd.", ANA, after(minutes=5))
    conversations.log_call(called.ticket_id, "Talked.", ANA, after(minutes=5))
    sweep(after(minutes=31))
    assert (waited(noted), waited(called)) == (["unanswered-1800"], [])


def test_ten_minutes_without_anybody_goes_to_the_next_tier_at_any_hour():
    night = at("2026-11-23 22:00")
    ticket = a_ticket(now=night)
    sweep(at("2026-11-23 22:09"))
    assert now_of(ticket).tier == 1
    for text in ("2026-11-23 22:10", "2026-11-23 22:10", "2026-11-23 22:19"):
        sweep(at(text))
    assert (now_of(ticket).tier, waited(ticket)) == (2, ["unassigned-600"])
    sweep(at("2026-11-23 22:20"))  # nobody there either: a new wait, in the new tier
    assert (now_of(ticket).tier, waited(ticket)) == (3, ["unassigned-600"] * 2)


def test_in_the_last_tier_an_unassigned_ticket_is_the_managers():
    ticket = a_ticket()
    for minutes in (10, 20, 30):
        sweep(after(minutes=minutes))
    assert (now_of(ticket).tier, now_of(ticket).escalated_to) == (3, "manager")


def test_whoever_takes_it_ends_the_wait_and_giving_it_back_begins_a_new_one():
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, ANA.id, ADA, after(minutes=9))
    answered(ticket, minutes=10)
    sweep(after(minutes=20))
    assert waited(ticket) == []
    ownership.unassign(ticket.ticket_id, ANA, after(minutes=22))
    sweep(after(minutes=29))
    assert waited(ticket) == []
    sweep(after(minutes=32))
    assert waited(ticket) == ["unassigned-600"]


def test_nobody_is_waited_for_while_a_ticket_rests():
    ticket = a_ticket()
    conversations.reply(ticket.ticket_id, "Which till?", ANA, after(minutes=1))
    tickets.hold(ticket.ticket_id, HoldReason.REQUESTER, None, ANA, after(minutes=5))
    sweep(after(minutes=45))
    assert waited(ticket) == []
    asked_again(ticket, minutes=50)
    sweep(after(minutes=54))
    assert waited(ticket) == []
    sweep(after(minutes=55))
    assert waited(ticket) == ["unassigned-600"]


def test_a_ticket_that_was_taken_and_answered_in_time_is_told_to_nobody():
    ticket = held_by_ana(a_ticket())
    answered(ticket, minutes=20)
    sweep(after(hours=6))
    assert "escalated" not in kinds_of(ticket)
