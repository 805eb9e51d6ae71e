"""Faults found by the hunt: each test says what the desk should do, and fails as it is."""

import contextlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.errors import Conflict, Invalid, NotFound
from chalicelib.domain.events import Kind
from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import Availability, HoldReason, Level, Role, Status
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.services import (
    conversations,
    desk_settings,
    dispatch,
    escalations,
    hand_over,
    journal,
    members,
    notifications,
    offers,
    ownership,
    people,
    settings,
    sla_settings,
    staff,
    staffing,
    tickets,
    transfers,
    watching,
    worklist,
)
from tests import aws
from tests.cast import ADA, ANA, BEN, CHI, DEV, LEA, MONDAY_9, OMAR, ROSA, after
from tests.factories import a_ticket, employ, entries_of, kinds_of, now_of, put_policy
from tests.integration.whole_desk import run, tick

pytestmark = pytest.mark.usefixtures("cloud")

URGENT = {"impact": Level.HIGH, "urgency": Level.HIGH}
LOW = {"impact": Level.LOW, "urgency": Level.LOW}
WEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE = {
    "id": "lisbon", "name": "Lisbon office", "zone": "Europe/Lisbon",
    "weekly": {day: [["09:00", "18:00"]] for day in WEEK},
}  # fmt: skip
FIELD = {"id": "field", "name": "Field engineers", "outside": True, "dedicated": True}
FIA = Actor("P-FIA", "Fia Lund", Role.AGENT, "fia@partner.example", "field", outside=True)


@pytest.fixture(autouse=True)
def shifts(cloud) -> None:
    put_policy(ladder=[], warnings=[])
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)


def load_of(actor) -> int:
    return int(Person.get(actor.id).load)


def holder(ticket) -> str | None:
    return now_of(ticket).assignee_id


def mails_of(ticket) -> list[str]:
    """Everybody whom any event of the ticket would be mailed to, as things stand."""
    events = ({"ticket_id": one.ticket_id, "entry_id": one.entry_id} for one in entries_of(ticket))
    return [letter.to for event in events for letter in notifications.letters_for(event, MONDAY_9)]


# --- gone for good, and still holding ---------------------------------------------------------


def test_g1_who_is_removed_while_off_shift_keeps_nothing():
    """The ordinary case: an admin removes somebody who is not at work at that moment."""
    employ(ANA, shift="lisbon")
    employ(BEN, ADA)
    tick(at("23T10:00"))
    ticket = a_ticket(now=at("23T10:00"))
    ownership.assign(ticket.ticket_id, "me", ANA, at("23T10:00"))
    tick(at("23T19:00"))
    assert holder(ticket) == ANA.id  # a P3 waits for its owner
    members.remove(ANA.id, ADA, at("23T19:30"))
    tick(at("23T19:30"))
    tick(at("24T09:00"))
    assert holder(ticket) == BEN.id


def test_g2_who_is_removed_while_out_of_office_keeps_nothing():
    employ(ANA, BEN, ADA)
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    members.set_availability(ANA, Availability.OUT_OF_OFFICE, None, after(minutes=1))
    run(after(minutes=1))
    assert holder(ticket) == ANA.id
    members.remove(ANA.id, ADA, after(minutes=2))
    run(after(minutes=2))
    assert holder(ticket) == BEN.id


def test_g3_a_ticket_assigned_at_the_moment_of_leaving_does_not_stay(monkeypatch):
    """`assign` reads the person, then they leave and are looked after, then it saves."""
    employ(ANA, BEN, ADA)
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", BEN, MONDAY_9)
    run(MONDAY_9)
    real = ownership._staff_member

    def then_they_leave(person_id):
        found = real(person_id)
        monkeypatch.setattr(ownership, "_staff_member", real)
        members.remove(ANA.id, ADA, after(minutes=1))
        run(after(minutes=1))
        return found

    monkeypatch.setattr(ownership, "_staff_member", then_they_leave)
    with contextlib.suppress(Invalid):
        ownership.assign(ticket.ticket_id, ANA.id, LEA, after(minutes=1))
    run(after(minutes=2))
    tick(after(minutes=3))
    assert holder(ticket) != ANA.id


def test_g4_looking_after_somebody_reads_them_as_they_are(monkeypatch):
    """`Person.find` is eventually consistent: the read may be older than the event it follows."""
    asked = []
    real = Person.get.__func__

    def get(cls, *args, **kwargs):
        asked.append(kwargs.get("consistent_read"))
        return real(cls, *args, **kwargs)

    employ(ANA)
    monkeypatch.setattr(Person, "get", classmethod(get))
    staffing.look_after(ANA.id, MONDAY_9)
    assert asked[0] is True


def test_g5_who_leaves_is_not_given_their_own_ticket_by_an_index_that_is_behind(monkeypatch):
    employ(ANA, ADA)
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    run(MONDAY_9)
    behind = list(Person.all_staff())
    members.remove(ANA.id, ADA, after(minutes=1))
    with monkeypatch.context() as lagging:
        lagging.setattr(Person, "all_staff", classmethod(lambda cls: iter(behind)))
        run(after(minutes=1))
    staff.forget()
    for minutes in (2, 3, 60):
        tick(after(minutes=minutes))
    assert holder(ticket) is None


# --- hand-over that does not happen -----------------------------------------------------------


def test_h1_a_shift_that_ends_during_a_short_break_hands_over():
    employ(ANA, shift="lisbon")
    employ(BEN, availability="busy")
    ticket = a_ticket(now=at("23T10:00"), **URGENT)
    tick(at("23T10:00"))
    ownership.accept(ticket.ticket_id, ANA, at("23T10:05"))
    members.set_availability(BEN, Availability.AVAILABLE, None, at("23T17:45"))
    members.set_availability(ANA, Availability.AWAY, at("23T18:10"), at("23T17:50"))
    for text in ("23T17:50", "23T18:00", "23T18:01", "23T18:10", "23T18:11", "23T20:00"):
        tick(at(text))
    assert holder(ticket) == BEN.id


def test_h2_a_short_break_that_becomes_a_long_absence_hands_over():
    employ(ANA)
    ticket = a_ticket(**URGENT)
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    employ(BEN)
    members.set_availability(ANA, Availability.AWAY, after(minutes=20), MONDAY_9)
    run(MONDAY_9)
    members.set_availability(ANA, Availability.AWAY, after(hours=8), after(minutes=15))
    run(after(minutes=15))
    tick(after(minutes=30))
    assert holder(ticket) == BEN.id


def test_h3_out_of_office_while_off_shift_hands_over_by_its_own_rule():
    """Nothing moves at the shift's end in this team, but all of it when somebody is ill."""
    everything = ["P1", "P2", "P3", "P4", "P5"]
    desk_settings.put_team(
        {"id": "front", "name": "Front", "hand_over": {"out_of_office": everything}}, ADA, MONDAY_9
    )
    employ(ANA, shift="lisbon", team="front")
    employ(BEN, team="front")
    tick(at("23T10:00"))
    ticket = a_ticket(now=at("23T10:00"))
    ownership.assign(ticket.ticket_id, "me", ANA, at("23T10:00"))
    tick(at("23T18:00"))
    assert holder(ticket) == ANA.id
    members.set_availability(ANA, Availability.OUT_OF_OFFICE, None, at("24T07:00"))
    tick(at("24T07:00"))
    tick(at("24T09:00"))
    assert holder(ticket) == BEN.id


def test_h4_an_urgent_ticket_that_wakes_up_does_not_stay_with_somebody_on_holiday():
    employ(ANA, BEN)
    ticket = a_ticket(**URGENT)
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    conversations.reply(ticket.ticket_id, "Which till?", ANA, after(minutes=1), Status.PENDING)
    members.set_availability(ANA, Availability.OUT_OF_OFFICE, after(days=21), after(minutes=2))
    run(after(minutes=2))
    assert holder(ticket) == ANA.id  # it waits for Rosa
    conversations.reply(ticket.ticket_id, "All of them!", ROSA, after(hours=2))
    run(after(hours=2))
    tick(after(hours=3))
    assert (now_of(ticket).status, holder(ticket)) == ("open", BEN.id)


def test_h5_a_ticket_given_by_hand_to_somebody_off_shift_stays_theirs():
    """The queue's message comes after a person has decided: `receive` must not overrule them."""
    employ(ANA, shift="lisbon")
    employ(BEN)
    tick(at("23T20:00"))
    ticket = a_ticket(now=at("23T20:00"), **URGENT)
    ownership.assign(ticket.ticket_id, "me", ANA, at("23T20:00"))  # she works late
    run(at("23T20:01"))
    assert holder(ticket) == ANA.id


def test_h6_one_ticket_that_cannot_be_moved_keeps_no_other_with_who_is_gone(monkeypatch):
    employ(ANA, BEN, ADA)
    held = [a_ticket(ROSA, **URGENT), a_ticket(OMAR)]
    for one in held:
        ownership.assign(one.ticket_id, "me", ANA, MONDAY_9)
    poison = next(iter(Ticket.open_of(ANA.id))).ticket_id
    real = hand_over.move

    def move(ticket_id, *rest):
        if ticket_id == poison:
            raise RuntimeError("this ticket cannot be read")
        return real(ticket_id, *rest)

    monkeypatch.setattr(hand_over, "move", move)
    members.remove(ANA.id, ADA, after(minutes=1))
    with contextlib.suppress(RuntimeError):
        staffing.look_after(ANA.id, after(minutes=1))
    others = [one for one in held if one.ticket_id != poison]
    assert [holder(one) for one in others] == [BEN.id]


def test_h7_a_worker_whose_clock_is_a_moment_behind_still_hands_over():
    """The tick notes the end once; the worker then asks its own clock whether it has ended."""
    employ(ANA, shift="lisbon")
    employ(BEN, availability="busy")
    ticket = a_ticket(now=at("23T10:00"), **URGENT)
    tick(at("23T10:00"))
    ownership.accept(ticket.ticket_id, ANA, at("23T10:05"))
    members.set_availability(BEN, Availability.AVAILABLE, None, at("23T17:30"))
    run(at("23T17:30"))
    staff.forget()
    staffing.change_shifts(at("23T18:00"))
    run(at("23T17:59:59.900"))
    for minute in range(1, 30):
        tick(at(f"23T18:{minute:02}"))
    assert holder(ticket) == BEN.id


def test_h8_a_ticket_that_becomes_urgent_does_not_stay_with_somebody_off_shift():
    employ(ANA, shift="lisbon")
    tick(at("23T10:00"))
    ticket = a_ticket(now=at("23T10:00"))
    ownership.assign(ticket.ticket_id, "me", ANA, at("23T10:00"))
    employ(BEN)
    tick(at("23T18:00"))
    assert holder(ticket) == ANA.id
    tickets.change(ticket.ticket_id, {"impact": "high", "urgency": "high"}, LEA, at("23T19:00"))
    for minute in (0, 1, 30):
        tick(at(f"23T19:{minute:02}"))
    assert holder(ticket) == BEN.id


# --- waiting, with room, and no event to come ---------------------------------------------------


def test_w1_what_was_kept_back_for_an_urgent_ticket_is_offered_when_that_is_gone():
    employ(ANA, capacity=4)
    held = [a_ticket() for _ in range(2)]
    run(MONDAY_9)
    assert load_of(ANA) == 2
    urgent = a_ticket(OMAR, **URGENT)
    run(after(minutes=1))
    calm = a_ticket(LEA, now=after(minutes=2))
    run(after(minutes=2))
    assert "kept free" in entries_of(calm, Kind.UNSTAFFED)[0].data["why"]
    escalations.escalate(urgent.ticket_id, "", "", None, LEA, after(minutes=3))
    for minutes in range(3, 60, 5):
        tick(after(minutes=minutes))
    assert load_of(ANA) >= 2 and holder(calm) == ANA.id
    assert len(held) == 2


def test_w2_nobody_is_kept_free_for_a_ticket_of_a_team_they_are_not_in():
    desk_settings.put_team({"id": "net", "name": "Network"}, ADA, MONDAY_9)
    rule = {"id": "net", "name": "Net", "conditions": {"tag": ["net"]}, "team": "net"}
    desk_settings.put_rule(rule, ADA, MONDAY_9)
    employ(BEN, team="net", availability="busy")
    employ(ANA, capacity=8, load=6)
    urgent = a_ticket(OMAR, tags=["net"], **URGENT)
    run(MONDAY_9)
    assert now_of(urgent).unstaffed_since
    calm = a_ticket(ROSA, now=after(minutes=1))
    run(after(minutes=1))
    assert holder(calm) == ANA.id


def test_w3_somebody_is_kept_free_for_an_urgent_ticket_in_a_language_that_nobody_speaks():
    """The language is left out for who gets it, and must be for whom to keep free."""
    employ(ANA, capacity=4, load=2, languages=["en"])
    urgent = a_ticket(OMAR, **URGENT)
    stored = now_of(urgent)
    stored.language = "cs"
    stored.save()
    run(MONDAY_9)
    assert now_of(urgent).unstaffed_since
    calm = a_ticket(ROSA, now=after(minutes=1))
    run(after(minutes=1))
    assert holder(calm) is None


def test_w4_a_ticket_that_becomes_lighter_is_offered_again():
    employ(ANA, capacity=4, load=2)
    ticket = a_ticket(**URGENT)
    run(MONDAY_9)
    assert now_of(ticket).unstaffed_since
    tickets.change(ticket.ticket_id, {"impact": "low", "urgency": "low"}, LEA, after(minutes=1))
    for minutes in (1, 2, 10):
        tick(after(minutes=minutes))
    assert holder(ticket) == ANA.id


def test_w5_when_the_only_speaker_leaves_the_ticket_is_offered_to_the_others():
    employ(CHI, tiers=[1], languages=["fr"], shift="lisbon")
    employ(ANA, languages=["en"])
    employ(ADA)
    tick(at("23T20:00"))
    ticket = a_ticket(now=at("23T20:00"))
    stored = now_of(ticket)
    stored.language = "fr"
    stored.save()
    run(at("23T20:00"))
    assert now_of(ticket).unstaffed_since
    members.remove(CHI.id, ADA, at("23T21:00"))
    for text in ("23T21:00", "23T21:01", "24T09:00", "24T12:00"):
        tick(at(text))
    assert holder(ticket) == ANA.id


def test_w6_when_the_last_of_a_team_leaves_the_tier_its_tickets_are_open_to_all_of_it():
    desk_settings.put_team({"id": "net", "name": "Network"}, ADA, MONDAY_9)
    rule = {"id": "net", "name": "Net", "conditions": {"tag": ["net"]}, "team": "net"}
    desk_settings.put_rule(rule, ADA, MONDAY_9)
    ben = {"name": BEN.name, "email": BEN.email, "role": "agent", "team": "net", "tiers": [1]}
    employ(BEN, team="net", availability="busy")
    employ(ANA)
    ticket = a_ticket(tags=["net"])
    run(MONDAY_9)
    assert now_of(ticket).unstaffed_since
    members.change(BEN.id, {**ben, "tiers": [2]}, ADA, after(minutes=1))
    for minutes in (1, 2, 30):
        tick(after(minutes=minutes))
    assert holder(ticket) == ANA.id


def test_w7_a_team_that_pulls_no_more_hands_out_what_waits():
    desk_settings.put_team({"id": "lab", "name": "Lab", "strategy": "pull"}, ADA, MONDAY_9)
    rule = {"id": "lab", "name": "Lab", "conditions": {"tag": ["lab"]}, "team": "lab"}
    desk_settings.put_rule(rule, ADA, MONDAY_9)
    employ(ANA, team="lab")
    ticket = a_ticket(tags=["lab"])
    run(MONDAY_9)
    desk_settings.put_team({"id": "lab", "name": "Lab"}, ADA, after(minutes=1))
    for minutes in (1, 2, 30, 600):
        tick(after(minutes=minutes))
    assert holder(ticket) == ANA.id


def test_w8_tickets_of_a_deleted_pull_team_are_not_left_lying():
    desk_settings.put_team({"id": "lab", "name": "Lab", "strategy": "pull"}, ADA, MONDAY_9)
    employ(ANA, ADA)
    ticket = a_ticket()
    transfers.to_team(ticket.ticket_id, "lab", "", LEA, MONDAY_9)
    run(MONDAY_9)
    desk_settings.delete_team("lab", ADA, after(minutes=1))
    for minutes in (1, 2, 30, 600):
        tick(after(minutes=minutes))
    assert holder(ticket) == ANA.id


def test_w9_room_that_comes_while_a_ticket_is_found_nobody_for_is_not_missed(monkeypatch):
    """Read: Ana is full. She resolves one and is looked after. Saved: unstaffed. Then nothing."""
    employ(ANA, capacity=1)
    held = a_ticket(ROSA)
    run(MONDAY_9)
    ticket, real = a_ticket(OMAR, now=after(minutes=1)), dispatch.unstaffed
    aws.stream_of("timeline")  # its message is the one that is worked on below
    fired = []

    def unstaffed(*args):
        if not fired:
            fired.append(1)
            tickets.resolve(held.ticket_id, "Done.", None, ANA, after(minutes=1))
            staffing.look_after(ANA.id, after(minutes=1))  # by another process, at once
        return real(*args)

    monkeypatch.setattr(dispatch, "unstaffed", unstaffed)
    dispatch.dispatch(ticket.ticket_id, 1, after(minutes=1))
    aws.stream_of("people")  # what was relayed already
    for minutes in (2, 3, 60, 600):
        tick(after(minutes=minutes))
    assert holder(ticket) == ANA.id


def test_w10_somebody_new_is_offered_what_waits_though_the_index_is_a_moment_behind(monkeypatch):
    employ(ADA)
    ticket = a_ticket()
    run(MONDAY_9)
    behind = list(Person.all_staff())
    employ(ANA)
    with monkeypatch.context() as lagging:
        lagging.setattr(Person, "all_staff", classmethod(lambda cls: iter(behind)))
        run(after(minutes=1))
    staff.forget()
    for minutes in (2, 3, 60):
        tick(after(minutes=minutes))
    assert holder(ticket) == ANA.id


def test_w11_many_that_wait_for_somebody_else_hide_no_other(monkeypatch):
    monkeypatch.setattr(offers, "PAGE", 3)
    desk_settings.put_rule(
        {"id": "net", "name": "Network", "conditions": {"tag": ["net"]}, "skills": {"network": 3}},
        ADA, MONDAY_9,
    )  # fmt: skip
    employ(ANA, availability="busy")
    for _ in range(3):
        a_ticket(OMAR, tags=["net"], **URGENT)
    easy = a_ticket(ROSA)
    run(MONDAY_9)
    members.set_availability(ANA, Availability.AVAILABLE, None, after(minutes=5))
    for minutes in (5, 6, 60):
        tick(after(minutes=minutes))
    assert holder(easy) == ANA.id


def test_w12_one_waiting_ticket_that_breaks_the_worker_keeps_no_other_waiting(monkeypatch):
    employ(ANA, availability="busy")
    bad, good = a_ticket(OMAR, **URGENT), a_ticket(ROSA)
    run(MONDAY_9)
    real = dispatch.dispatch

    def broken(ticket_id, *rest):
        if ticket_id == bad.ticket_id:
            raise RuntimeError("a policy that cannot be read")
        return real(ticket_id, *rest)

    monkeypatch.setattr(dispatch, "dispatch", broken)
    Person.get(ANA.id).update([Person.availability.set("available")])
    with contextlib.suppress(RuntimeError):
        staffing.look_after(ANA.id, after(minutes=5))
    assert holder(good) == ANA.id


def test_w13_only_the_french_speaker_gave_it_back_so_the_others_can_have_it():
    employ(CHI, tiers=[1], languages=["fr"])
    employ(ANA, languages=["en"])
    ticket = a_ticket()
    stored = now_of(ticket)
    stored.language = "fr"
    stored.save()
    run(MONDAY_9)
    assert holder(ticket) == CHI.id
    ownership.unassign(ticket.ticket_id, CHI, after(minutes=1))
    for minutes in (1, 2, 60):
        tick(after(minutes=minutes))
    assert holder(ticket) == ANA.id


def test_w14_only_one_of_a_team_gave_it_back_so_the_others_of_the_tier_can_have_it():
    desk_settings.put_team({"id": "net", "name": "Network"}, ADA, MONDAY_9)
    employ(CHI, tiers=[1], team="net")
    employ(ANA)
    ticket = a_ticket()
    transfers.to_team(ticket.ticket_id, "net", "", LEA, MONDAY_9)
    run(MONDAY_9)
    ownership.unassign(ticket.ticket_id, CHI, after(minutes=1))
    for minutes in (1, 2, 60):
        tick(after(minutes=minutes))
    assert holder(ticket) == ANA.id


def test_w15_who_gave_it_back_does_not_get_it_again_after_somebody_else_had_it():
    """docs/staffing.md: `does not get it again by itself while it stays in the tier`."""
    names = [f"P{n}" for n in range(1, 6)]
    targets = {"resolution": 864_000, "time_to_accept": {"1": 900}}
    put_policy(ladder=[], warnings=[], targets=dict.fromkeys(names, targets))
    employ(ANA, BEN)
    ticket = a_ticket()
    run(MONDAY_9)
    first = ANA if holder(ticket) == ANA.id else BEN
    ownership.unassign(ticket.ticket_id, first, after(minutes=1))
    run(after(minutes=1))
    tick(after(minutes=20))  # the other one does not accept it
    assert holder(ticket) != first.id


def test_w16_one_who_has_not_said_what_they_speak_makes_no_language_theirs_alone():
    """Czech is spoken by nobody here; Ben, who has not said, is off shift, and Ana is free."""
    employ(BEN, shift="lisbon")
    employ(ANA, languages=["en"])
    tick(at("23T20:00"))
    ticket = a_ticket(now=at("23T20:00"))
    stored = now_of(ticket)
    stored.language = "cs"
    stored.save()
    run(at("23T20:00"))
    tick(at("23T20:01"))
    assert holder(ticket) == ANA.id


def test_w17_places_are_kept_for_the_second_urgent_ticket_when_the_first_can_have_nobody():
    desk_settings.put_rule(
        {"id": "net", "name": "Network", "conditions": {"tag": ["net"]}, "skills": {"network": 3}},
        ADA, MONDAY_9,
    )  # fmt: skip
    employ(ANA, capacity=4, load=2)
    a_ticket(OMAR, tags=["net"], **URGENT)
    run(MONDAY_9)
    second = a_ticket(OMAR, now=after(minutes=1), **URGENT)
    run(after(minutes=1))
    assert now_of(second).unstaffed_since
    calm = a_ticket(ROSA, now=after(minutes=2))
    run(after(minutes=2))
    assert holder(calm) is None


# --- clocks of acceptance and pages -------------------------------------------------------------


@pytest.fixture
def quarter(cloud):
    names = [f"P{n}" for n in range(1, 6)]
    targets = {"resolution": 864_000, "time_to_accept": {"1": 900, "2": 900, "3": 900}}
    put_policy(ladder=[], warnings=[], targets=dict.fromkeys(names, targets))


def test_c1_what_waits_for_its_requester_does_not_climb_to_the_managers(quarter):
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


def test_c2_a_ticket_on_hold_pages_nobody_in_the_night(quarter):
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


def test_c3_in_the_last_tier_a_ticket_that_nobody_accepts_does_not_grow_for_ever(quarter):
    employ(DEV, ADA)
    ticket = a_ticket()
    transfers.to_tier(ticket.ticket_id, 3, "", ADA, MONDAY_9)
    run(MONDAY_9)
    for turn in range(1, 40):
        tick(after(minutes=15 * turn))
    told = [one for one in entries_of(ticket, Kind.ESCALATED) if one.data.get("told")]
    assert len(now_of(ticket).lost_by or ()) <= 9 and len(told) <= 3


def test_c4_an_urgent_ticket_that_becomes_urgent_while_it_waits_pages_who_is_on_call():
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


def test_c5_a_backup_who_has_left_is_passed_over_for_the_next_in_order():
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


def test_c6_a_page_is_not_mailed_to_somebody_who_has_left_meanwhile():
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


def test_c7_who_is_waited_for_is_not_told_that_nobody_is_at_work():
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


def test_c8_a_rotation_that_has_not_begun_calls_no_backup():
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


def test_c9_what_becomes_urgent_is_to_be_accepted_in_the_time_of_what_is_urgent():
    put_policy(ladder=[], warnings=[], targets={
        f"P{n}": {"resolution": 864_000, "time_to_accept": {"1": 600 if n == 1 else 14_400}}
        for n in range(1, 6)
    })  # fmt: skip
    employ(ANA, BEN)
    ticket = a_ticket()
    run(MONDAY_9)
    tickets.change(ticket.ticket_id, {"impact": "high", "urgency": "high"}, LEA, after(minutes=1))
    assert now_of(ticket).accept_by <= after(minutes=11)


# --- honesty of the time told -------------------------------------------------------------------


def test_e1_who_takes_no_tickets_at_all_is_not_expected_for_one():
    employ(ANA, shift="lisbon", capacity=0)
    ticket = a_ticket(now=at("23T20:00"))
    run(at("23T20:00"))
    assert now_of(ticket).expected_at is None


def test_e2_a_time_that_has_passed_is_not_told_any_more():
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


def test_e3_the_time_told_follows_when_the_one_expected_falls_ill():
    employ(ANA, shift="lisbon")
    tick(at("23T20:00"))
    ticket = a_ticket(now=at("23T20:00"))
    run(at("23T20:00"))
    assert now_of(ticket).expected_at == at("24T09:00")
    members.set_availability(ANA, Availability.OUT_OF_OFFICE, at("27T08:00"), at("24T07:00"))
    for text in ("24T07:00", "24T07:01", "24T09:00", "24T12:00"):
        tick(at(text))
    assert now_of(ticket).expected_at != at("24T09:00")


def test_e4_another_tier_begins_without_the_time_of_the_one_before():
    employ(ANA, shift="lisbon")
    desk_settings.put_team({"id": "lab", "name": "Lab", "strategy": "pull"}, ADA, MONDAY_9)
    ticket = a_ticket(now=at("23T20:00"))
    run(at("23T20:00"))
    moved = transfers.to_team(ticket.ticket_id, "lab", "", LEA, at("23T20:30"))
    run(at("23T20:30"))
    assert moved.unstaffed_since is None and now_of(ticket).expected_at is None


# --- who may see ------------------------------------------------------------------------------


def outside(actor=FIA, **profile):
    desk_settings.put_team(FIELD, ADA, MONDAY_9)
    employ(actor, tiers=[1], team="field", **profile)


def test_s1_a_watcher_who_may_not_see_it_any_more_is_mailed_nothing():
    outside()
    employ(ANA, LEA)
    ticket = a_ticket()
    transfers.to_team(ticket.ticket_id, "field", "", LEA, MONDAY_9)
    watching.watch(ticket.ticket_id, FIA, after(minutes=1))
    desk_settings.put_team({"id": "shops", "name": "Shops"}, ADA, MONDAY_9)
    transfers.to_team(ticket.ticket_id, "shops", "", LEA, after(minutes=2))
    with pytest.raises(NotFound):
        journal.load(ticket.ticket_id, FIA)
    conversations.note(
        ticket.ticket_id, "The partner is too slow; sue them.", ANA, after(minutes=3)
    )
    note = entries_of(ticket, Kind.NOTE)[0]
    letters = notifications.letters_for(
        {"ticket_id": note.ticket_id, "entry_id": note.entry_id}, after(minutes=4)
    )
    assert [one.to for one in letters] == []


def test_s2_a_lead_of_an_outside_group_is_not_told_of_the_desks_tickets():
    lead = replace(FIA, id="P-FLO", email="flo@partner.example", role=Role.LEAD)
    outside(lead)
    employ(LEA, ANA)
    ticket = a_ticket()
    escalations.tell(ticket.ticket_id, "lead", "A secret.", ANA, after(minutes=1))
    assert lead.email not in mails_of(ticket)


def test_s3_a_page_does_not_go_to_somebody_who_may_not_see_the_ticket():
    outside(availability="busy")
    employ(CHI, tiers=[2], availability="busy")
    employ(LEA)
    rotation = {
        "id": "web", "name": "Web", "tier": 2, "zone": "UTC", "starts": "2026-11-23",
        "hand_off": "00:00", "people": [FIA.id],
    }  # fmt: skip
    try:
        desk_settings.put_rotation(rotation, ADA, MONDAY_9)
    except Invalid:
        return
    ticket = a_ticket(**URGENT)
    transfers.to_tier(ticket.ticket_id, 2, "", LEA, MONDAY_9)
    run(MONDAY_9)
    assert FIA.email not in mails_of(ticket)


def test_s4_somebody_whose_team_is_gone_does_not_see_the_whole_desk():
    """Removed, the group dissolved, then added again on the command line, which keeps the team."""
    outside()
    employ(ADA, LEA)
    ticket = a_ticket()
    members.remove(FIA.id, ADA, MONDAY_9)
    desk_settings.delete_team("field", ADA, after(minutes=1))
    back = people.add(FIA.name, FIA.email, Role.AGENT)
    settings.forget()
    with pytest.raises(NotFound):
        journal.load(ticket.ticket_id, people.actor_of(back))


def test_s5_who_watches_and_lost_sight_can_at_least_stop_watching():
    outside()
    employ(LEA)
    ticket = a_ticket()
    transfers.to_team(ticket.ticket_id, "field", "", LEA, MONDAY_9)
    watching.watch(ticket.ticket_id, FIA, after(minutes=1))
    transfers.to_tier(ticket.ticket_id, 2, "", LEA, after(minutes=2))
    desk_settings.put_team({"id": "shops", "name": "Shops"}, ADA, MONDAY_9)
    transfers.to_team(ticket.ticket_id, "shops", "", LEA, after(minutes=3))
    assert FIA.id not in (now_of(ticket).watchers or ())


# --- mails ----------------------------------------------------------------------------------------


def test_m1_one_address_that_refuses_mail_keeps_nobody_else_from_being_paged(monkeypatch):
    from chalicelib.adapters import pagers
    from chalicelib.handlers.workers import notifications as worker
    from tests.integration.lambdas import work

    lead = replace(LEA, id="P-AAA", name="Aaron", email="gone@desk.example")
    employ(lead, LEA, ANA)
    ticket = a_ticket()
    escalations.tell(ticket.ticket_id, "lead", "Late.", ANA, after(minutes=1))
    real, sent = pagers.CHANNELS["mail"], []

    def mail(one):
        if one.to == "gone@desk.example":
            raise RuntimeError("MessageRejected")
        sent.append(one.to)
        return real(one)

    monkeypatch.setitem(pagers.CHANNELS, "mail", mail)
    aws.queued("notifications")
    entry = entries_of(ticket, Kind.ESCALATED)[0]
    message = {"ticket_id": entry.ticket_id, "entry_id": entry.entry_id, "kind": entry.kind}
    for _ in range(5):  # as often as the queue tries
        work(worker.send_notifications, [message])
    assert sent == [LEA.email]


# --- people, loads, bad input ---


def test_p1_an_address_that_asked_for_help_before_is_given_to_one_person_only():
    people.add("Nia", "nia@desk.example", Role.REQUESTER)
    nia = {"name": "Nia", "email": "nia@desk.example", "role": "agent", "tiers": [1]}
    members.add(nia, ADA, MONDAY_9)
    assert len(list(Person.by_email.query("nia@desk.example"))) == 1


def test_p2_coming_back_does_not_overwrite_what_was_counted_meanwhile(monkeypatch):
    employ(ANA, BEN, ADA)
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    members.remove(ANA.id, ADA, after(minutes=1))
    real = Person.with_email.__func__

    def with_email(cls, email):
        found = real(cls, email)  # read; then the hand-over comes through
        monkeypatch.setattr(Person, "with_email", classmethod(real))
        run(after(minutes=1))
        return found

    monkeypatch.setattr(Person, "with_email", classmethod(with_email))
    back = {"name": ANA.name, "email": ANA.email, "role": "agent", "tiers": [1]}
    members.add(back, ADA, after(minutes=1))
    held = sum(int(one.carried["weight"]) for one in Ticket.open_of(ANA.id))
    assert load_of(ANA) == held


def test_p3_who_comes_back_is_not_away_by_what_they_said_before_leaving():
    employ(ANA, BEN, ADA)
    members.set_availability(
        ANA, Availability.OUT_OF_OFFICE, after(days=30), MONDAY_9, substitute=BEN.id, note="Bye."
    )
    members.remove(ANA.id, ADA, after(minutes=1))
    back = {"name": ANA.name, "email": ANA.email, "role": "agent", "tiers": [1]}
    members.add(back, ADA, after(minutes=2))
    stored = Person.get(ANA.id)
    assert (stored.away_until, stored.substitute, stored.away_note) == (None, None, None)


def test_p4_a_calendar_that_is_somebodys_shift_is_not_deleted():
    """Without it they would be on shift for ever: `settings.calendar` answers 24x7."""
    employ(ANA, shift="lisbon")
    with pytest.raises(Conflict):
        sla_settings.delete_calendar("lisbon", ADA, MONDAY_9)


@pytest.mark.parametrize(
    "change",
    [
        {"people": [["P-ANA"]]},
        {"overrides": [{"person": ["x"], "starts": "2026-11-23T09:00:00Z",
                        "ends": "2026-11-24T09:00:00Z"}]},
        {"starts": "9999-12-31", "hand_off": "23:00", "zone": "America/New_York"},
    ],
)  # fmt: skip
def test_p5_a_rotation_that_breaks_who_reads_it_is_refused(change):
    from chalicelib.services import on_call_views

    employ(ANA)
    data = {"id": "web", "name": "Web", "tier": 2, "zone": "UTC", "starts": "2026-11-23",
            "people": [ANA.id], **change}  # fmt: skip
    try:
        desk_settings.put_rotation(data, ADA, MONDAY_9)
    except Invalid:
        return
    on_call_views.now_and_next(MONDAY_9)


def test_p6_a_team_that_pulls_is_handed_nothing_when_one_of_it_leaves():
    """docs/staffing.md: `a team that pulls is handed nothing at all`."""
    desk_settings.put_team({"id": "lab", "name": "Lab", "strategy": "pull"}, ADA, MONDAY_9)
    employ(ANA, BEN, team="lab")
    employ(ADA)
    ticket = a_ticket()
    transfers.to_team(ticket.ticket_id, "lab", "", LEA, MONDAY_9)
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    members.remove(ANA.id, ADA, after(minutes=1))
    run(after(minutes=1))
    assert holder(ticket) is None


def test_p7_a_ticket_that_only_leads_to_no_one_of_a_pull_team_keeps_nobody_free():
    """It is handed to nobody by the machine, so keeping people free for it is for ever."""
    desk_settings.put_team({"id": "lab", "name": "Lab", "strategy": "pull"}, ADA, MONDAY_9)
    employ(ANA, capacity=4, load=2)
    employ(BEN, team="lab", load=7)
    employ(ADA)
    urgent = a_ticket(OMAR, **URGENT)
    transfers.to_team(urgent.ticket_id, "lab", "", LEA, MONDAY_9)
    ownership.assign(urgent.ticket_id, "me", BEN, MONDAY_9)
    members.remove(BEN.id, ADA, after(minutes=1))
    run(after(minutes=1))
    calm = a_ticket(ROSA, now=after(minutes=2))
    run(after(minutes=2))
    assert holder(calm) == ANA.id


def test_q1_one_event_does_not_read_every_waiting_ticket_one_by_one(monkeypatch):
    """Kept back behind an urgent one, each is read, and the urgent one again for each."""
    employ(ANA, capacity=5)
    [a_ticket() for _ in range(3)]
    run(MONDAY_9)
    a_ticket(OMAR, **URGENT)
    for _ in range(20):
        a_ticket(LEA, now=after(minutes=1))
    run(after(minutes=1))
    reads = []
    real_find, real_waiting = Ticket.find.__func__, Ticket.waiting_in.__func__
    monkeypatch.setattr(
        Ticket,
        "find",
        classmethod(lambda cls, *a, **k: (reads.append("get"), real_find(cls, *a, **k))[1]),
    )
    monkeypatch.setattr(
        Ticket,
        "waiting_in",
        classmethod(lambda cls, *a, **k: (reads.append("query"), real_waiting(cls, *a, **k))[1]),
    )
    staffing.look_after(ANA.id, after(minutes=2))
    assert len(reads) < 10, len(reads)
