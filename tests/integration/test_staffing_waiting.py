"""What waits is offered again, whatever made that possible and whatever told of it or did not."""

import contextlib

import pytest

from chalicelib.domain.events import Kind
from chalicelib.domain.vocabulary import Availability
from chalicelib.models.person import Person
from chalicelib.services import (
    desk_settings,
    dispatch,
    escalations,
    members,
    offers,
    ownership,
    sla_settings,
    staff,
    staffing,
    tickets,
    transfers,
)
from tests import aws
from tests.cast import ADA, ANA, BEN, CHI, LEA, MONDAY_9, OMAR, ROSA, after
from tests.factories import a_ticket, employ, entries_of, now_of, put_policy
from tests.integration.staffing_tools import (
    OFFICE,
    URGENT,
    at,
    holder,
    load_of,
)
from tests.integration.whole_desk import run, tick

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture(autouse=True)
def shifts(cloud) -> None:
    """An office; and no clock that moves tickets, for that is another story."""
    put_policy(ladder=[], warnings=[])
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)


def test_what_was_kept_back_for_an_urgent_ticket_is_offered_when_that_is_gone():
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


def test_nobody_is_kept_free_for_a_ticket_of_a_team_they_are_not_in():
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


def test_somebody_is_kept_free_for_an_urgent_ticket_in_a_language_that_nobody_speaks():
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


def test_a_ticket_that_becomes_lighter_is_offered_again():
    employ(ANA, capacity=4, load=2)
    ticket = a_ticket(**URGENT)
    run(MONDAY_9)
    assert now_of(ticket).unstaffed_since
    tickets.change(ticket.ticket_id, {"impact": "low", "urgency": "low"}, LEA, after(minutes=1))
    for minutes in (1, 2, 10):
        tick(after(minutes=minutes))
    assert holder(ticket) == ANA.id


def test_when_the_only_speaker_leaves_the_ticket_is_offered_to_the_others():
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


def test_when_the_last_of_a_team_leaves_the_tier_its_tickets_are_open_to_all_of_it():
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


def test_a_team_that_pulls_no_more_hands_out_what_waits():
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


def test_tickets_of_a_deleted_pull_team_are_not_left_lying():
    desk_settings.put_team({"id": "lab", "name": "Lab", "strategy": "pull"}, ADA, MONDAY_9)
    employ(ANA, ADA)
    ticket = a_ticket()
    transfers.to_team(ticket.ticket_id, "lab", "", LEA, MONDAY_9)
    run(MONDAY_9)
    desk_settings.delete_team("lab", ADA, after(minutes=1))
    for minutes in (1, 2, 30, 600):
        tick(after(minutes=minutes))
    assert holder(ticket) == ANA.id


def test_room_that_comes_while_a_ticket_is_found_nobody_for_is_not_missed(monkeypatch):
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


def test_somebody_new_is_offered_what_waits_though_the_index_is_a_moment_behind(monkeypatch):
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


def test_many_that_wait_for_somebody_else_hide_no_other(monkeypatch):
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


def test_one_waiting_ticket_that_breaks_the_worker_keeps_no_other_waiting(monkeypatch):
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


def test_only_the_french_speaker_gave_it_back_so_the_others_can_have_it():
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


def test_only_one_of_a_team_gave_it_back_so_the_others_of_the_tier_can_have_it():
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


def test_who_gave_it_back_does_not_get_it_again_after_somebody_else_had_it():
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


def test_one_who_has_not_said_what_they_speak_makes_no_language_theirs_alone():
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


def test_places_are_kept_for_the_second_urgent_ticket_when_the_first_can_have_nobody():
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
