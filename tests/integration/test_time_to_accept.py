"""Who is given a ticket has the tier's time to accept it; then it goes to the next one."""

from datetime import timedelta

import pytest

from chalicelib.domain.events import Kind
from chalicelib.domain.vocabulary import HoldReason
from chalicelib.services import conversations, ownership, tickets
from tests.cast import ADA, ANA, BEN, CHI, DEV, MONDAY_9, ROSA, after
from tests.factories import a_ticket, employ, entries_of, kinds_of, now_of, put_policy
from tests.integration.whole_desk import run, tick

pytestmark = pytest.mark.usefixtures("cloud")

WITHIN = 15 * 60


@pytest.fixture(autouse=True)
def quarter_of_an_hour(cloud) -> None:
    targets = {"resolution": 10 * 24 * 3600, "time_to_accept": {"1": WITHIN, "2": 2 * WITHIN}}
    names = ("P1", "P2", "P3", "P4", "P5")
    put_policy(ladder=[], warnings=[], targets=dict.fromkeys(names, targets))


def given_to(*agents, **facts):
    employ(*agents)
    ticket = a_ticket(**facts)
    run(MONDAY_9)
    return ticket


def test_the_time_runs_from_when_it_was_given():
    ticket = given_to(ANA)
    assert now_of(ticket).accept_by == after(seconds=WITHIN)
    tick(after(seconds=WITHIN, minutes=-1))
    assert now_of(ticket).assignee_id == ANA.id


def test_who_does_not_accept_loses_it_to_the_next_one_and_both_are_told():
    ticket = given_to(ANA, BEN)
    tick(after(seconds=WITHIN))
    stored = now_of(ticket)
    assert stored.assignee_id == BEN.id
    assert stored.accept_by == after(seconds=2 * WITHIN)
    assert kinds_of(ticket)[-3:] == ["sla_breached", "not_accepted", "assigned"]
    lost = entries_of(ticket, Kind.NOT_ACCEPTED)[0].data
    assert (lost["was"]["id"], lost["loss"], lost["tier"]) == (ANA.id, 1, 1)


@pytest.mark.parametrize("accepts", ["accept", "reply", "call", "hold", "resolve"])
def test_whoever_does_something_about_it_has_accepted_it(accepts):
    ticket, at = given_to(ANA, BEN), after(minutes=1)
    {
        "accept": lambda: ownership.accept(ticket.ticket_id, ANA, at),
        "reply": lambda: conversations.reply(ticket.ticket_id, "On it.", ANA, at),
        "call": lambda: conversations.log_call(ticket.ticket_id, "Called.", ANA, at),
        "hold": lambda: tickets.hold(ticket.ticket_id, HoldReason.THIRD_PARTY, None, ANA, at),
        "resolve": lambda: tickets.resolve(ticket.ticket_id, "Done.", None, ANA, at),
    }[accepts]()
    assert now_of(ticket).accept_by is None
    tick(after(hours=1))
    assert now_of(ticket).assignee_id == ANA.id


def test_a_note_of_somebody_else_accepts_nothing():
    ticket = given_to(ANA)
    conversations.note(ticket.ticket_id, "Hm.", BEN, after(minutes=1))
    assert now_of(ticket).accept_by == after(seconds=WITHIN)


def test_the_third_loss_escalates_it_to_the_next_tier_which_begins_anew():
    ticket = given_to(ANA, BEN, CHI)
    for turn in (1, 2):
        tick(after(seconds=turn * WITHIN))
    assert now_of(ticket).lost_by == [ANA.id, BEN.id]
    tick(after(seconds=3 * WITHIN))
    stored = now_of(ticket)
    assert (int(stored.tier), stored.assignee_id, stored.lost_by) == (2, CHI.id, None)
    assert stored.accept_by == after(seconds=5 * WITHIN)
    escalated = entries_of(ticket, Kind.ESCALATED)[0].data
    assert "did not accept" in escalated["reason"] and escalated["moved"] is True
    assert [one.data["loss"] for one in entries_of(ticket, Kind.NOT_ACCEPTED)] == [1, 2, 3]


def test_in_the_last_tier_the_third_loss_tells_the_managers_and_it_goes_round_again():
    employ(DEV, ADA)
    ticket = a_ticket()
    from chalicelib.services import transfers

    transfers.to_tier(ticket.ticket_id, 3, "", ADA, MONDAY_9)
    put_policy(ladder=[], warnings=[], targets={
        name: {"resolution": 10 * 24 * 3600, "time_to_accept": {"3": WITHIN}}
        for name in ("P1", "P2", "P3", "P4", "P5")
    })  # fmt: skip
    from chalicelib.services import recompute

    recompute.recompute(ticket.ticket_id, "policy", MONDAY_9)
    run(MONDAY_9)
    for turn in (1, 2, 3):
        assert now_of(ticket).assignee_id == DEV.id
        tick(after(seconds=turn * WITHIN))
    told = entries_of(ticket, Kind.ESCALATED)[-1].data
    assert (told["told"], told["moved"]) == ("manager", False)
    assert now_of(ticket).assignee_id == DEV.id


def test_what_somebody_took_themselves_is_never_lost():
    employ(ANA, BEN)
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    run(MONDAY_9)
    tick(after(hours=3))
    assert now_of(ticket).assignee_id == ANA.id


def test_where_no_time_is_promised_nothing_is_lost():
    put_policy(ladder=[], targets={f"P{n}": {"resolution": 864_000} for n in range(1, 6)})
    ticket = given_to(ANA)
    assert now_of(ticket).accept_by is None
    tick(after(hours=3))
    assert now_of(ticket).assignee_id == ANA.id


def test_a_sweep_that_runs_twice_takes_it_away_once():
    ticket = given_to(ANA, BEN)
    for _ in range(2):
        tick(after(seconds=WITHIN))
    assert kinds_of(ticket).count("not_accepted") == 1
    assert now_of(ticket).assignee_id == BEN.id


def test_whoever_helped_a_requester_before_is_preferred():
    first = given_to(ANA, BEN)
    had = now_of(first).assignee_id
    ownership.accept(first.ticket_id, ANA if had == ANA.id else BEN, after(minutes=1))
    again = a_ticket(ROSA, now=after(minutes=2))
    run(after(minutes=2))
    assert now_of(again).assignee_id == had
    assert "knows the requester" in entries_of(again, Kind.ASSIGNED)[0].data["reason"]


def test_the_time_counts_the_hours_of_the_tickets_calendar():
    from chalicelib.services import sla_settings

    office = {"id": "office", "name": "Office", "zone": "UTC",
              "weekly": {"mon": [["08:00", "09:05"]], "tue": [["08:00", "17:00"]]}}  # fmt: skip
    sla_settings.put_calendar(office, ADA, MONDAY_9)
    put_policy(ladder=[], warnings=[], calendar="office", targets={
        f"P{n}": {"resolution": 864_000, "time_to_accept": WITHIN} for n in range(1, 6)
    })  # fmt: skip
    ticket = given_to(ANA)
    assert now_of(ticket).accept_by == after(hours=23) + timedelta(minutes=10)
