"""Who comes, goes and has room: waiting tickets are offered by event, urgent ones handed over."""

import pytest

from chalicelib.domain.events import Kind
from chalicelib.domain.vocabulary import Availability, Channel, Level, Status
from chalicelib.models.person import Person
from chalicelib.services import (
    conversations,
    desk_settings,
    dispatch,
    members,
    ownership,
    sla_settings,
    staff,
    tickets,
    worklist,
)
from tests.cast import ADA, ANA, BEN, CHI, DEV, LEA, MONDAY_9, OMAR, ROSA, after
from tests.factories import a_ticket, employ, entries_of, kinds_of, now_of, put_policy
from tests.integration.staffing_tools import OFFICE, URGENT, WEEK, at, holder, load_of
from tests.integration.whole_desk import run, tick

pytestmark = pytest.mark.usefixtures("cloud")

NIGHT = {
    "id": "osaka", "name": "Osaka office", "zone": "Asia/Tokyo",
    "weekly": {day: [["02:00", "11:00"]] for day in WEEK},
}  # fmt: skip


@pytest.fixture(autouse=True)
def shifts(cloud) -> None:
    """Two sites; and no clock that moves tickets, for that is another story."""
    put_policy(ladder=[], warnings=[])
    for one in (OFFICE, NIGHT):
        sla_settings.put_calendar(one, ADA, MONDAY_9)


def test_an_assignment_says_why_it_is_this_agent():
    employ(CHI, tiers=[1], shift="lisbon", languages=["fr", "en"])
    ticket = a_ticket()
    run(after(minutes=1))
    assigned = entries_of(ticket, Kind.ASSIGNED)[0]
    assert assigned.data["reason"] == "Chi Okafor: on shift in Lisbon, 0 of 8"
    assert assigned.by["name"] == "Tierline"


def test_who_is_off_shift_gets_nothing_and_the_requester_is_told_when_that_ends():
    employ(ANA, shift="lisbon")
    ticket = a_ticket(now=at("23T20:00"))
    run(at("23T20:00"))
    waiting = now_of(ticket)
    assert (waiting.assignee_id, waiting.unstaffed_since) == (None, at("23T20:00"))
    assert waiting.expected_at == at("24T09:00")
    assert entries_of(ticket, Kind.UNSTAFFED)[0].data == {
        "tier": 1, "why": "1 off shift", "expected_at": "2026-11-24T09:00:00.000Z",
    }  # fmt: skip


def test_what_waits_is_offered_when_somebody_comes_on_shift():
    employ(ANA, shift="lisbon")
    tick(at("23T20:00"))
    ticket = a_ticket(now=at("23T20:01"))
    run(at("23T20:01"))
    tick(at("24T08:59"))
    assert holder(ticket) is None
    tick(at("24T09:00"))
    assert holder(ticket) == ANA.id
    assert now_of(ticket).unstaffed_since is None and now_of(ticket).expected_at is None


def test_a_tick_that_did_not_run_is_made_up_by_the_next():
    employ(ANA, shift="lisbon")
    tick(at("23T20:00"))
    ticket = a_ticket(now=at("23T20:01"))
    run(at("23T20:01"))
    tick(at("24T11:47"))
    assert holder(ticket) == ANA.id


def test_what_waits_is_offered_when_somebody_becomes_available():
    employ(ANA, availability="busy")
    ticket = a_ticket()
    run(MONDAY_9)
    assert entries_of(ticket, Kind.UNSTAFFED)[0].data["why"] == "1 away or busy"
    members.set_availability(ANA, Availability.AVAILABLE, None, after(minutes=5))
    run(after(minutes=5))
    assert holder(ticket) == ANA.id


def test_what_waits_is_offered_when_somebody_is_back_from_being_away():
    employ(ANA)
    members.set_availability(ANA, Availability.AWAY, after(hours=1), MONDAY_9)
    ticket = a_ticket()
    run(MONDAY_9)
    assert now_of(ticket).expected_at == after(hours=1)
    tick(after(minutes=59))
    assert holder(ticket) is None
    tick(after(minutes=60))
    assert holder(ticket) == ANA.id
    assert Person.get(ANA.id).availability == "available"


def test_what_waits_is_offered_when_somebody_has_room_again():
    employ(ANA, capacity=1)
    first, second = a_ticket(ROSA), a_ticket(OMAR)
    run(MONDAY_9)
    held, waits = (first, second) if holder(first) else (second, first)
    assert now_of(waits).unstaffed_since
    tickets.resolve(held.ticket_id, "Restarted.", None, ANA, after(minutes=5))
    run(after(minutes=5))
    assert holder(waits) == ANA.id
    assert load_of(ANA) == 1


def test_what_waits_is_offered_to_somebody_new_and_to_whoever_learns_its_skill():
    desk_settings.put_rule(
        {"id": "net", "name": "Network", "skills": {"network": 3}}, ADA, MONDAY_9
    )
    ticket = a_ticket()
    run(MONDAY_9)
    assert entries_of(ticket, Kind.UNSTAFFED)[0].data["why"] == "nobody works in tier 1"
    ben = {"name": "Ben Ito", "email": BEN.email, "role": "agent", "tiers": [1]}
    new = members.add(ben, ADA, after(minutes=1))
    run(after(minutes=1))
    assert holder(ticket) is None
    skilled = {**ben, "skills": {"network": 4}}
    members.change(new.person_id, skilled, ADA, after(minutes=2))
    run(after(minutes=2))
    assert holder(ticket) == new.person_id


def test_the_most_urgent_of_what_waits_is_offered_first():
    employ(ANA, capacity=2, availability="busy")
    low, urgent, later = a_ticket(ROSA), a_ticket(OMAR, **URGENT), a_ticket(LEA)
    run(MONDAY_9)
    members.set_availability(ANA, Availability.AVAILABLE, None, after(minutes=5))
    run(after(minutes=5))
    assert [holder(one) for one in (low, urgent, later)] == [None, ANA.id, None]
    assert load_of(ANA) == 3  # who has nothing takes any


def test_a_waiting_ticket_that_one_cannot_take_hides_no_other():
    desk_settings.put_rule(
        {"id": "net", "name": "Network", "conditions": {"tag": ["net"]}, "skills": {"network": 3}},
        ADA, MONDAY_9,
    )  # fmt: skip
    employ(ANA, availability="busy")
    hard, easy = a_ticket(ROSA, tags=["net"], **URGENT), a_ticket(OMAR)
    run(MONDAY_9)
    members.set_availability(ANA, Availability.AVAILABLE, None, after(minutes=5))
    run(after(minutes=5))
    assert (holder(hard), holder(easy)) == (None, ANA.id)


def test_urgent_tickets_move_to_the_next_site_when_a_shift_ends_and_others_wait():
    employ(ANA, shift="lisbon")
    employ(BEN, shift="osaka", availability="busy")
    urgent, calm = a_ticket(ROSA, now=at("23T10:00"), **URGENT), a_ticket(OMAR, now=at("23T10:00"))
    tick(at("23T10:00"))
    for one in (urgent, calm):
        ownership.accept(one.ticket_id, ANA, at("23T10:05"))
    conversations.note(urgent.ticket_id, "The vendor calls at ten.", ANA, at("23T17:50"))
    tick(at("23T17:59"))
    assert holder(urgent) == ANA.id
    members.set_availability(BEN, Availability.AVAILABLE, None, at("23T17:59"))
    tick(at("23T18:00"))
    assert (holder(urgent), holder(calm)) == (BEN.id, ANA.id)
    handed = entries_of(urgent, Kind.HANDED_OVER)[0].data
    assert handed["from"]["id"] == ANA.id and handed["assignee"]["id"] == BEN.id
    assert handed["why"] == "shift_end" and handed["priority"] == "P1"
    assert handed["last"] == {"kind": "note", "by": ANA.name, "at": "2026-11-23T17:50:00.000Z"}
    assert (load_of(ANA), load_of(BEN)) == (1, 3)


def test_an_urgent_ticket_that_nobody_can_take_over_waits_visibly_and_not_with_who_is_gone():
    employ(ANA, shift="lisbon")
    ticket = a_ticket(now=at("23T10:00"), **URGENT)
    tick(at("23T10:00"))
    ownership.accept(ticket.ticket_id, ANA, at("23T10:05"))
    tick(at("23T18:00"))
    stored = now_of(ticket)
    assert stored.assignee_id is None and stored.unstaffed_since == at("23T18:00")
    assert stored.expected_at == at("24T09:00")
    assert load_of(ANA) == 0
    tick(at("24T09:00"))
    assert holder(ticket) == ANA.id


def test_what_somebody_has_not_even_accepted_moves_on_whatever_its_priority():
    employ(ANA, shift="lisbon")
    ticket = a_ticket(now=at("23T17:55"), impact=Level.LOW, urgency=Level.LOW)
    tick(at("23T17:55"))
    assert holder(ticket) == ANA.id
    employ(BEN)
    tick(at("23T18:00"))
    assert holder(ticket) == BEN.id


def test_the_rule_of_what_moves_is_the_teams():
    desk_settings.put_team(
        {"id": "front", "name": "Front", "hand_over": {"shift_end": ["P3"]}}, ADA, MONDAY_9
    )
    employ(ANA, shift="lisbon", team="front")
    urgent, calm = a_ticket(ROSA, now=at("23T10:00"), **URGENT), a_ticket(OMAR, now=at("23T10:00"))
    tick(at("23T10:00"))
    for one in (urgent, calm):
        ownership.accept(one.ticket_id, ANA, at("23T10:05"))
    employ(BEN)
    tick(at("23T18:00"))
    assert (holder(urgent), holder(calm)) == (ANA.id, BEN.id)


def test_a_short_break_moves_nothing_and_a_long_absence_does():
    employ(ANA)
    ticket = a_ticket(**URGENT)
    run(MONDAY_9)
    ownership.accept(ticket.ticket_id, ANA, after(minutes=1))
    employ(BEN)
    members.set_availability(ANA, Availability.AWAY, after(minutes=25), MONDAY_9)
    run(MONDAY_9)
    assert holder(ticket) == ANA.id
    members.set_availability(ANA, Availability.AVAILABLE, None, after(minutes=2))
    members.set_availability(
        ANA, Availability.AWAY, after(hours=3), after(minutes=3), note="Call the vendor."
    )
    run(after(minutes=3))
    assert holder(ticket) == BEN.id
    assert entries_of(ticket, Kind.HANDED_OVER)[0].data["note"] == "Call the vendor."


def test_who_is_out_of_office_is_stood_in_for():
    employ(ANA, BEN, CHI, tiers=[1])
    ticket = a_ticket(**URGENT)
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    members.set_availability(
        ANA, Availability.OUT_OF_OFFICE, after(days=7), MONDAY_9, substitute=CHI.id
    )
    run(MONDAY_9)
    assert holder(ticket) == CHI.id
    again = a_ticket(now=after(hours=1))
    run(after(hours=1))
    assert holder(again) == CHI.id  # who knows Rosa now


def test_what_waits_for_somebody_else_stays_with_its_owner():
    employ(ANA, BEN)
    ticket = a_ticket(**URGENT)
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    conversations.reply(ticket.ticket_id, "Which till?", ANA, after(minutes=1), Status.PENDING)
    members.set_availability(ANA, Availability.OUT_OF_OFFICE, None, after(minutes=2))
    run(after(minutes=2))
    assert holder(ticket) == ANA.id


def test_whoever_leaves_takes_no_ticket_along():
    employ(ANA, BEN, ADA)
    open_one, pending = a_ticket(ROSA), a_ticket(OMAR)
    for one in (open_one, pending):
        ownership.assign(one.ticket_id, "me", ANA, MONDAY_9)
    conversations.reply(pending.ticket_id, "Which till?", ANA, after(minutes=1), Status.PENDING)
    members.remove(ANA.id, ADA, after(minutes=2))
    run(after(minutes=2))
    assert (holder(open_one), holder(pending)) == (BEN.id, BEN.id)
    assert entries_of(pending, Kind.HANDED_OVER)[0].data["why"] == "left"
    assert load_of(BEN) == 2


def test_a_late_or_doubled_message_about_somebody_who_is_back_does_nothing():
    employ(ANA, BEN)
    ticket = a_ticket(**URGENT)
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    from chalicelib.services import staffing

    assert staffing.look_after(ANA.id, MONDAY_9) == {"moved": 0, "offered": 0}
    assert kinds_of(ticket) == ["opened", "assigned"]
    assert staffing.look_after("P-NOBODY", MONDAY_9) == {"moved": 0, "offered": 0}


def test_the_queues_say_what_found_nobody_since_when_and_until_when():
    employ(ANA, shift="lisbon")
    a_ticket(now=at("23T20:00"))
    run(at("23T20:00"))
    first = worklist.queues(at("23T21:00"))[0]
    assert (first["unstaffed"], first["agents_eligible"]) == (1, 0)
    assert first["unstaffed_since"] == "2026-11-23T20:00:00.000Z"
    assert first["expected_at"] == "2026-11-24T09:00:00.000Z"


def test_tickets_of_a_team_that_pulls_wait_for_somebody_to_take_them():
    desk_settings.put_team({"id": "lab", "name": "Lab", "strategy": "pull"}, ADA, MONDAY_9)
    rule = {"id": "lab", "name": "Lab", "conditions": {"tag": ["lab"]}, "team": "lab"}
    desk_settings.put_rule(rule, ADA, MONDAY_9)
    employ(ANA, team="lab")
    ticket = a_ticket(tags=["lab"])
    run(MONDAY_9)
    assert kinds_of(ticket) == ["opened"]
    ownership.assign(ticket.ticket_id, "me", ANA, after(minutes=1))
    assert holder(ticket) == ANA.id


def test_a_walk_in_goes_to_an_agent_of_its_branch():
    sla_settings.put_branch({"id": "lyon", "name": "Lyon", "calendar": "24x7"}, ADA, MONDAY_9)
    employ(ANA)
    employ(BEN, branch="lyon", load=3)
    ticket = a_ticket(channel=Channel.WALK_IN, branch="Lyon")
    run(MONDAY_9)
    assert holder(ticket) == BEN.id


def test_loads_can_be_counted_anew_from_the_tickets():
    from chalicelib.services import loads

    employ(ANA)
    ticket = a_ticket(**URGENT)
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    Person.get(ANA.id).update([Person.load.set(42)])
    assert loads.recount(ANA.id) == (42, 3)
    assert load_of(ANA) == 3
    assert loads.recount(ANA.id) == (3, 3)


def test_a_changed_priority_changes_what_a_ticket_weighs():
    employ(ANA)
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    assert load_of(ANA) == 1
    tickets.change(ticket.ticket_id, {"impact": "high", "urgency": "high"}, ANA, after(minutes=1))
    assert load_of(ANA) == 3
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, after(minutes=2))
    assert load_of(ANA) == 0
    tickets.reopen(ticket.ticket_id, ANA, after(minutes=3))
    assert load_of(ANA) == 3


def test_a_ticket_is_given_to_nobody_who_has_filled_up_since_everybody_was_read(monkeypatch):
    employ(ANA, BEN, capacity=1)
    monkeypatch.setattr(staff, "KEPT_FOR_SECONDS", 10**9)
    staff.rows()
    ticket = a_ticket()
    Person.get(ANA.id).update([Person.load.set(1)])  # by another process
    dispatch.dispatch(ticket.ticket_id, 1, MONDAY_9)
    assert holder(ticket) == BEN.id
    assert (load_of(ANA), load_of(BEN)) == (1, 1)


def test_a_ticket_is_given_to_nobody_who_has_gone_since_everybody_was_read(monkeypatch):
    employ(DEV, tiers=[1])
    monkeypatch.setattr(staff, "KEPT_FOR_SECONDS", 10**9)
    staff.rows()
    ticket = a_ticket()
    Person.get(DEV.id).update([Person.availability.set("away")])
    dispatch.dispatch(ticket.ticket_id, 1, MONDAY_9)
    assert holder(ticket) is None and now_of(ticket).unstaffed_since


def test_light_tickets_do_not_take_every_place_before_an_urgent_one_fits():
    employ(ANA, capacity=4)
    held = [a_ticket() for _ in range(4)]
    run(MONDAY_9)
    urgent = a_ticket(OMAR, **URGENT)
    run(MONDAY_9)
    assert now_of(urgent).unstaffed_since
    for minute, done in enumerate(held[:3], start=1):
        tickets.resolve(done.ticket_id, "Done.", None, ANA, after(minutes=minute))
        light = a_ticket(LEA, now=after(minutes=minute))
        run(after(minutes=minute))
    assert holder(urgent) == ANA.id
    assert entries_of(light, Kind.UNSTAFFED)[0].data["why"] in {
        "1 full", "1 kept free for a more urgent one",
    }  # fmt: skip
    assert load_of(ANA) == 4


def test_what_is_opened_again_does_not_go_back_to_somebody_who_has_left():
    employ(ANA, BEN, ADA)
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, after(minutes=1))
    members.remove(ANA.id, ADA, after(minutes=2))
    run(after(minutes=2))
    assert (holder(ticket), load_of(ANA)) == (ANA.id, 0)
    conversations.reply(ticket.ticket_id, "It is frozen again.", ROSA, after(minutes=3))
    run(after(minutes=3))
    assert holder(ticket) == BEN.id
    assert (load_of(ANA), load_of(BEN)) == (0, 1)
