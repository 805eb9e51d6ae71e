"""The SLA contract, points 4 and 5: what a change does, and what an answer is."""

import pytest

from chalicelib.domain import sla
from chalicelib.domain.errors import Conflict, Invalid, NotPermitted
from chalicelib.domain.vocabulary import HoldReason, Status
from chalicelib.services import (
    clocks,
    conversations,
    deadlines,
    escalations,
    ownership,
    reading,
    recompute,
    sla_settings,
    tickets,
)
from tests.cast import ADA, ANA, MONDAY_9, OMAR, ROSA, after
from tests.factories import (
    a_policy,
    a_ticket,
    clock_of,
    employ_everyone,
    entries_of,
    kinds_of,
    now_of,
    put_policy,
    steps_of,
)
from tests.integration.lambdas import sweep
from tests.integration.promises import (
    FIRST,
    HOUR,
    NEXT,
    OFFICE,
    RESOLUTION,
    all_targets,
    answered,
    asked_again,
    at,
    breached,
    due,
    urgent,
)

pytestmark = pytest.mark.usefixtures("cloud")


# 4. A change recomputes from the segments; a due date by hand is another thing.


def test_point_4_a_new_priority_keeps_what_ran_and_what_was_paused():
    ticket = a_ticket()
    tickets.hold(ticket.ticket_id, HoldReason.THIRD_PARTY, None, ANA, after(hours=1))
    tickets.resume(ticket.ticket_id, ANA, after(hours=3))
    fields = {"impact": "high", "urgency": "high"}
    tickets.change(ticket.ticket_id, fields, ANA, after(hours=4))
    assert due(ticket, RESOLUTION) == after(hours=4 + 2)
    assert sla.used_seconds(clock_of(ticket, RESOLUTION), after(hours=4)) == 2 * HOUR


def test_point_4_a_policy_that_matches_after_a_change_takes_the_ticket_over():
    low = a_policy(id="vip", name="VIP", conditions={"tag": ["vip"]})
    low["targets"]["P3"]["resolution"] = 10 * HOUR
    sla_settings.put_policy(low, ADA, MONDAY_9)
    ticket = a_ticket()
    tickets.change(ticket.ticket_id, {"tags": ["VIP"]}, ANA, after(hours=1))
    assert clocks.policy_of(now_of(ticket)).ref == "vip@1"
    assert due(ticket, RESOLUTION) == after(hours=10)


def test_point_4_a_new_version_of_policy_or_calendar_recomputes_and_loses_no_paused_time():
    ticket = a_ticket()
    tickets.hold(ticket.ticket_id, HoldReason.THIRD_PARTY, None, ANA, after(hours=1))
    tickets.resume(ticket.ticket_id, ANA, after(hours=3))
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)
    put_policy(calendar="office", targets=all_targets(resolution=4 * HOUR))
    assert recompute.recompute(ticket.ticket_id, "policy Standard", after(hours=4))
    assert not recompute.recompute(ticket.ticket_id, "policy Standard", after(hours=4))
    assert due(ticket, RESOLUTION) == after(hours=6)  # two of four hours ran; it is one o'clock
    assert due(ticket, FIRST) is None
    (changed,) = entries_of(ticket, "sla_changed")
    assert changed.data["before"]["policy"] == "standard@1"
    assert changed.data["after"] == {
        "policy": "standard@2", "calendar": "office@1",
        "next_deadline_at": "2026-11-23T15:00:00.000Z",
    }  # fmt: skip


def test_point_4_another_branch_means_its_hours_from_then_on():
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)
    branch = {"id": "lyon", "name": "Lyon", "calendar": "office"}
    sla_settings.put_branch(branch, ADA, MONDAY_9)
    put_policy(calendar="branch")
    ticket = a_ticket()
    tickets.change(ticket.ticket_id, {"branch": "Lyon"}, ANA, after(hours=9))  # 39 h are left
    assert due(ticket, RESOLUTION) == at("2026-11-30 16:00")


def test_point_4_what_was_late_before_a_change_stays_late():
    eased, moved, dated = (urgent() for _ in range(3))
    calm = {"impact": "low", "urgency": "low"}
    tickets.change(eased.ticket_id, calm, ANA, after(minutes=16))
    put_policy(targets=a_policy()["targets"] | {"P1": {"first_response": 9 * HOUR}})
    recompute.recompute(moved.ticket_id, "", after(minutes=16))
    deadlines.set_due_date(dated.ticket_id, FIRST, after(hours=9), "Agreed", ANA, after(minutes=16))
    for ticket in (eased, moved, dated):
        assert clock_of(ticket, FIRST).breached_at == after(minutes=15)
        (told,) = [one for one in entries_of(ticket, "sla_breached")
                   if one.data["target"] == FIRST]  # fmt: skip
        assert (told.data["priority"], told.data["due_at"]) == ("P1", "2026-11-23T09:15:00.000Z")


def test_point_4_a_due_date_by_hand_stands_beside_the_policys_until_it_is_cleared():
    ticket = a_ticket()
    deadlines.set_due_date(ticket.ticket_id, RESOLUTION, after(days=9), "Part comes", ANA, after())
    tickets.change(ticket.ticket_id, {"impact": "high", "urgency": "high"}, ANA, after(hours=1))
    shown = next(one for one in reading.explain(ticket.ticket_id, ANA, after(hours=1))["targets"]
                 if one["kind"] == RESOLUTION)  # fmt: skip
    assert shown["due_at"] == "2026-12-02T09:00:00.000Z"
    assert shown["computed_due_at"] == "2026-11-23T13:00:00.000Z"
    assert (shown["override"]["by"], shown["override"]["reason"]) == (ANA.name, "Part comes")
    deadlines.set_due_date(ticket.ticket_id, RESOLUTION, None, "Came", ANA, after(hours=2))
    assert due(ticket, RESOLUTION) == after(hours=4)
    assert [one.data["due_at"] for one in entries_of(ticket, "due_date_set")] == [
        "2026-12-02T09:00:00.000Z", None,
    ]  # fmt: skip


def test_point_4_a_due_date_by_hand_is_kept_by_the_sweep():
    ticket = a_ticket()
    answered(ticket, minutes=1)
    deadlines.set_due_date(ticket.ticket_id, RESOLUTION, after(hours=10), "Show", ANA, after())
    sweep(after(hours=9, minutes=59))
    assert breached(ticket) == []
    sweep(after(hours=10))
    assert breached(ticket) == ["resolution"]
    assert steps_of(ticket, RESOLUTION)[:3] == ["warned-50", "warned-75", "warned-90"]


def test_point_4_a_due_date_must_be_ahead_set_by_staff_and_of_a_clock_that_is_not_over():
    ticket = a_ticket()
    answered(ticket, minutes=1)
    with pytest.raises(Invalid):
        deadlines.set_due_date(ticket.ticket_id, RESOLUTION, after(), "", ANA, after())
    with pytest.raises(Conflict):
        deadlines.set_due_date(ticket.ticket_id, FIRST, after(days=1), "", ANA, after(hours=1))
    with pytest.raises(Conflict):
        deadlines.set_due_date(ticket.ticket_id, RESOLUTION, None, "", ANA, after(hours=1))
    with pytest.raises(NotPermitted):
        deadlines.set_due_date(ticket.ticket_id, RESOLUTION, after(days=1), "", ROSA, after())


# 5. Only a public message of an agent, or a logged call, is an answer.


def test_point_5_a_reply_or_a_logged_call_answers():
    replied, called = a_ticket(), a_ticket()
    answered(replied, minutes=5)
    conversations.log_call(called.ticket_id, "Talked it over.", ANA, after(minutes=5))
    for ticket in (replied, called):
        assert clock_of(ticket, FIRST).met_at == after(minutes=5)
        assert now_of(ticket).status == Status.OPEN
    assert not entries_of(called, "call")[0].public


def test_point_5_notes_assignments_escalations_and_requesters_answer_nothing():
    employ_everyone()
    ticket = a_ticket()
    conversations.note(ticket.ticket_id, "Odd.", ANA, after(minutes=1))
    ownership.assign(ticket.ticket_id, "me", ANA, after(minutes=2))
    escalations.escalate(ticket.ticket_id, "Up", "", None, ANA, after(minutes=3))
    asked_again(ticket, minutes=4)
    tickets.resolve(ticket.ticket_id, "Never mind.", None, ROSA, after(minutes=5))
    assert clock_of(ticket, FIRST).met_at is None
    assert kinds_of(ticket).count("reply") == 1


def test_point_5_an_answer_ends_the_next_response_and_a_call_does_so_too():
    for answer in (conversations.reply, conversations.log_call):
        ticket = a_ticket(OMAR)
        answered(ticket, minutes=1)
        conversations.reply(ticket.ticket_id, "And?", OMAR, after(minutes=2))
        answer(ticket.ticket_id, "So.", ANA, after(minutes=3))
        assert clock_of(ticket, NEXT).met_at == after(minutes=3)
