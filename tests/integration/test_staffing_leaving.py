"""Whoever goes, for a while or for good, keeps nothing that cannot wait for them."""

import contextlib

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.vocabulary import Availability, Status
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.services import (
    conversations,
    desk_settings,
    hand_over,
    members,
    ownership,
    sla_settings,
    staff,
    staffing,
    tickets,
)
from tests.cast import ADA, ANA, BEN, LEA, MONDAY_9, OMAR, ROSA, after
from tests.factories import a_ticket, employ, now_of, put_policy
from tests.integration.staffing_tools import (
    OFFICE,
    URGENT,
    at,
    holder,
)
from tests.integration.whole_desk import run, tick

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture(autouse=True)
def shifts(cloud) -> None:
    """An office; and no clock that moves tickets, for that is another story."""
    put_policy(ladder=[], warnings=[])
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)


def test_who_is_removed_while_off_shift_keeps_nothing():
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


def test_who_is_removed_while_out_of_office_keeps_nothing():
    employ(ANA, BEN, ADA)
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    members.set_availability(ANA, Availability.OUT_OF_OFFICE, None, after(minutes=1))
    run(after(minutes=1))
    assert holder(ticket) == ANA.id
    members.remove(ANA.id, ADA, after(minutes=2))
    run(after(minutes=2))
    assert holder(ticket) == BEN.id


def test_a_ticket_assigned_at_the_moment_of_leaving_does_not_stay(monkeypatch):
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


def test_looking_after_somebody_reads_them_as_they_are(monkeypatch):
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


def test_who_leaves_is_not_given_their_own_ticket_by_an_index_that_is_behind(monkeypatch):
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


def test_a_shift_that_ends_during_a_short_break_hands_over():
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


def test_a_short_break_that_becomes_a_long_absence_hands_over():
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


def test_out_of_office_while_off_shift_hands_over_by_its_own_rule():
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


def test_an_urgent_ticket_that_wakes_up_does_not_stay_with_somebody_on_holiday():
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


def test_a_ticket_given_by_hand_to_somebody_off_shift_stays_theirs():
    """The queue's message comes after a person has decided: `receive` must not overrule them."""
    employ(ANA, shift="lisbon")
    employ(BEN)
    tick(at("23T20:00"))
    ticket = a_ticket(now=at("23T20:00"), **URGENT)
    ownership.assign(ticket.ticket_id, "me", ANA, at("23T20:00"))  # she works late
    run(at("23T20:01"))
    assert holder(ticket) == ANA.id


def test_one_ticket_that_cannot_be_moved_keeps_no_other_with_who_is_gone(monkeypatch):
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


def test_a_worker_whose_clock_is_a_moment_behind_still_hands_over():
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


def test_a_ticket_that_becomes_urgent_does_not_stay_with_somebody_off_shift():
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
