"""Clocks of acceptance and pages, and the time told to requesters, at their edges."""

import pytest

from chalicelib.domain.events import Kind
from chalicelib.domain.vocabulary import Availability, HoldReason, Status
from chalicelib.services import (
    conversations,
    desk_settings,
    members,
    notifications,
    ownership,
    sla_settings,
    tickets,
    transfers,
    worklist,
)
from tests.cast import ADA, ANA, BEN, CHI, DEV, LEA, MONDAY_9, OMAR, ROSA, after
from tests.factories import a_ticket, employ, entries_of, kinds_of, now_of, put_policy
from tests.integration.staffing_tools import OFFICE, URGENT, at, holder, mails_of
from tests.integration.whole_desk import run, tick

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture(autouse=True)
def shifts(cloud) -> None:
    """An office; and no clock that moves tickets, for that is another story."""
    put_policy(ladder=[], warnings=[])
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)


@pytest.fixture
def quarter(cloud):
    names = [f"P{n}" for n in range(1, 6)]
    targets = {"resolution": 864_000, "time_to_accept": {"1": 900, "2": 900, "3": 900}}
    put_policy(ladder=[], warnings=[], targets=dict.fromkeys(names, targets))


def test_what_waits_for_its_requester_does_not_climb_to_the_managers(quarter):
    """Its owner leaves; whoever gets it has nothing to do until Rosa answers."""
    employ(ANA, BEN, CHI, DEV, ADA)
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    conversations.reply(ticket.ticket_id, "Which till?", ANA, after(minutes=1), Status.PENDING)
    members.remove(ANA.id, ADA, after(minutes=2))
    run(after(minutes=2))
    assert (holder(ticket), now_of(ticket).status) == (BEN.id, "pending")
    for minutes in range(5, 200, 5):
        tick(after(minutes=minutes))
    assert int(now_of(ticket).tier) == 1


def test_a_ticket_on_hold_pages_nobody_in_the_night(quarter):
    rotation = {
        "id": "web", "name": "Web", "tier": 2, "zone": "Europe/Berlin", "starts": "2026-11-02",
        "people": [CHI.id], "acknowledge_within": 600,
    }  # fmt: skip
    employ(CHI, tiers=[2])
    employ(LEA, ADA)
    desk_settings.put_rotation(rotation, ADA, MONDAY_9)
    ticket = a_ticket(**URGENT)
    transfers.to_tier(ticket.ticket_id, 2, "", LEA, MONDAY_9)
    run(MONDAY_9)
    ownership.accept(ticket.ticket_id, CHI, after(minutes=1))
    tickets.hold(ticket.ticket_id, HoldReason.UNTIL, after(days=3), CHI, after(minutes=2))
    members.remove(CHI.id, ADA, after(hours=12))
    for minutes in (720, 730, 740, 750):
        tick(after(minutes=minutes))
    assert "paged" not in kinds_of(ticket)


def test_in_the_last_tier_a_ticket_that_nobody_accepts_does_not_grow_for_ever(quarter):
    employ(DEV, ADA)
    ticket = a_ticket()
    transfers.to_tier(ticket.ticket_id, 3, "", ADA, MONDAY_9)
    run(MONDAY_9)
    for turn in range(1, 40):
        tick(after(minutes=15 * turn))
    told = [one for one in entries_of(ticket, Kind.ESCALATED) if one.data.get("told")]
    assert len(now_of(ticket).lost_by or ()) <= 9 and len(told) <= 3


def test_an_urgent_ticket_that_becomes_urgent_while_it_waits_pages_who_is_on_call():
    rotation = {
        "id": "web", "name": "Web", "tier": 2, "zone": "Europe/Berlin", "starts": "2026-11-02",
        "people": [CHI.id], "acknowledge_within": 600,
    }  # fmt: skip
    employ(CHI, tiers=[2], availability="busy")
    employ(LEA)
    desk_settings.put_rotation(rotation, ADA, MONDAY_9)
    ticket = a_ticket()
    transfers.to_tier(ticket.ticket_id, 2, "", LEA, MONDAY_9)
    run(MONDAY_9)
    assert "paged" not in kinds_of(ticket)
    tickets.change(ticket.ticket_id, {"impact": "high", "urgency": "high"}, LEA, after(minutes=1))
    for minutes in (1, 2, 30):
        tick(after(minutes=minutes))
    assert "paged" in kinds_of(ticket)


def test_a_backup_who_has_left_is_passed_over_for_the_next_in_order():
    rotation = {
        "id": "web", "name": "Web", "tier": 2, "zone": "UTC", "starts": "2026-11-23",
        "hand_off": "00:00", "people": [CHI.id, BEN.id, DEV.id],
    }  # fmt: skip
    employ(CHI, BEN, DEV, tiers=[2], availability="busy")
    employ(LEA, ADA)
    desk_settings.put_rotation(rotation, ADA, MONDAY_9)
    members.remove(BEN.id, ADA, MONDAY_9)
    ticket = a_ticket(**URGENT)
    transfers.to_tier(ticket.ticket_id, 2, "", LEA, MONDAY_9)
    run(MONDAY_9)
    tick(after(minutes=11))
    called = [[one["id"] for one in page.data["to"]] for page in entries_of(ticket, Kind.PAGED)]
    assert called == [[CHI.id], [DEV.id]]


def test_a_page_is_not_mailed_to_somebody_who_has_left_meanwhile():
    rotation = {
        "id": "web", "name": "Web", "tier": 2, "zone": "UTC", "starts": "2026-11-23",
        "hand_off": "00:00", "people": [CHI.id],
    }  # fmt: skip
    employ(CHI, tiers=[2], availability="busy")
    employ(LEA, ADA)
    desk_settings.put_rotation(rotation, ADA, MONDAY_9)
    ticket = a_ticket(**URGENT)
    transfers.to_tier(ticket.ticket_id, 2, "", LEA, MONDAY_9)
    run(MONDAY_9)
    members.remove(CHI.id, ADA, after(minutes=1))
    assert CHI.email not in mails_of(ticket)


def test_who_is_waited_for_is_not_told_that_nobody_is_at_work():
    employ(ANA, ADA)
    employ(BEN, shift="lisbon")
    tick(at("23T20:00"))
    ticket = a_ticket(now=at("23T20:00"))
    ownership.assign(ticket.ticket_id, "me", ANA, at("23T20:00"))
    conversations.reply(ticket.ticket_id, "Which till?", ANA, at("23T20:01"), Status.PENDING)
    members.remove(ANA.id, ADA, at("23T20:02"))
    run(at("23T20:02"))
    waits = entries_of(ticket, Kind.UNSTAFFED)
    letters = [
        letter.kind for one in waits for letter in notifications.letters_for(
            {"ticket_id": one.ticket_id, "entry_id": one.entry_id}, at("23T20:03"))
    ]  # fmt: skip
    assert letters == []


def test_a_rotation_that_has_not_begun_calls_no_backup():
    """Its schedule says that nobody is called; its first person is paged all the same."""
    rotation = {
        "id": "web", "name": "Web", "tier": 2, "zone": "UTC", "starts": "2027-01-01",
        "people": [CHI.id, BEN.id],
    }  # fmt: skip
    employ(CHI, BEN, tiers=[2], availability="busy")
    employ(LEA, ADA)
    desk_settings.put_rotation(rotation, ADA, MONDAY_9)
    ticket = a_ticket(**URGENT)
    transfers.to_tier(ticket.ticket_id, 2, "", LEA, MONDAY_9)
    run(MONDAY_9)
    called = [one["id"] for page in entries_of(ticket, Kind.PAGED) for one in page.data["to"]]
    assert CHI.id not in called


def test_what_becomes_urgent_is_to_be_accepted_in_the_time_of_what_is_urgent():
    put_policy(ladder=[], warnings=[], targets={
        f"P{n}": {"resolution": 864_000, "time_to_accept": {"1": 600 if n == 1 else 14_400}}
        for n in range(1, 6)
    })  # fmt: skip
    employ(ANA, BEN)
    ticket = a_ticket()
    run(MONDAY_9)
    tickets.change(ticket.ticket_id, {"impact": "high", "urgency": "high"}, LEA, after(minutes=1))
    assert now_of(ticket).accept_by <= after(minutes=11)


def test_who_takes_no_tickets_at_all_is_not_expected_for_one():
    employ(ANA, shift="lisbon", capacity=0)
    ticket = a_ticket(now=at("23T20:00"))
    run(at("23T20:00"))
    assert now_of(ticket).expected_at is None


def test_a_time_that_has_passed_is_not_told_any_more():
    employ(ANA, shift="lisbon", capacity=1)
    tick(at("23T20:00"))
    first, second = (a_ticket(who, now=at("23T20:00")) for who in (ROSA, OMAR))
    run(at("23T20:00"))
    tick(at("24T09:00"))
    waits, has = (first, second) if holder(first) is None else (second, first)
    ownership.accept(has.ticket_id, ANA, at("24T09:01"))
    tick(at("24T11:00"))
    assert now_of(waits).unstaffed_since
    assert now_of(waits).expected_at is None or now_of(waits).expected_at > at("24T11:00")
    assert worklist.queues(at("24T11:00"))[0]["expected_at"] is None


def test_the_time_told_follows_when_the_one_expected_falls_ill():
    employ(ANA, shift="lisbon")
    tick(at("23T20:00"))
    ticket = a_ticket(now=at("23T20:00"))
    run(at("23T20:00"))
    assert now_of(ticket).expected_at == at("24T09:00")
    members.set_availability(ANA, Availability.OUT_OF_OFFICE, at("27T08:00"), at("24T07:00"))
    for text in ("24T07:00", "24T07:01", "24T09:00", "24T12:00"):
        tick(at(text))
    assert now_of(ticket).expected_at != at("24T09:00")


def test_another_tier_begins_without_the_time_of_the_one_before():
    employ(ANA, shift="lisbon")
    desk_settings.put_team({"id": "lab", "name": "Lab", "strategy": "pull"}, ADA, MONDAY_9)
    ticket = a_ticket(now=at("23T20:00"))
    run(at("23T20:00"))
    moved = transfers.to_team(ticket.ticket_id, "lab", "", LEA, at("23T20:30"))
    run(at("23T20:30"))
    assert moved.unstaffed_since is None and now_of(ticket).expected_at is None
