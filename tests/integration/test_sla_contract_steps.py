"""The SLA contract, points 6 and 7: reopening, and steps that happen once."""

from datetime import datetime

import pytest

from chalicelib.domain import sla
from chalicelib.domain.errors import Conflict
from chalicelib.domain.vocabulary import Status
from chalicelib.services import conversations, deadlines, sla_settings, tickets
from tests.cast import ADA, ANA, MONDAY_9, ROSA, after
from tests.factories import a_ticket, clock_of, entries_of, kinds_of, now_of, put_policy, steps_of
from tests.integration.lambdas import sweep
from tests.integration.promises import (
    FIRST,
    NEXT,
    OFFICE,
    RESOLUTION,
    answered,
    due,
    resolved,
    urgent,
)

pytestmark = pytest.mark.usefixtures("cloud")

STEPS = [
    "warned-50",
    "warned-75",
    "warned-90",
    "breached",
    "ladder-0",
    "ladder-1800",
    "ladder-7200",
]

# 6. A reopen goes on with the resolution, the resolved time excluded; later, a new ticket.


def test_point_6_a_reopen_goes_on_with_the_resolution_without_the_resolved_time():
    ticket = urgent()
    resolved(ticket, hours=1)
    conversations.reply(ticket.ticket_id, "Still frozen.", ROSA, after(days=3))
    clock = clock_of(ticket, RESOLUTION)
    assert (clock.cycle, sla.due_at(clock)) == (2, after(days=3, hours=3))
    assert clock_of(ticket, FIRST).met_at == after(hours=1)
    assert due(ticket, NEXT) == after(days=3, minutes=30)


@pytest.mark.parametrize(("hours", "opens"), [(48, "the same"), (48.01, "a new one")])
def test_point_6_the_policy_says_until_when_a_reply_opens_the_same_ticket(hours, opens):
    put_policy(reopen_within_days=2)
    ticket = a_ticket()
    resolved(ticket)
    found, _ = conversations.reply(ticket.ticket_id, "Still.", ROSA, after(hours=hours))
    assert (found.ticket_id == ticket.ticket_id) == (opens == "the same")
    assert found.follows == (None if opens == "the same" else ticket.ticket_id)
    if opens == "a new one":
        assert now_of(ticket).status == "resolved"
        assert kinds_of(found) == ["opened"]
        with pytest.raises(Conflict):
            tickets.reopen(ticket.ticket_id, ANA, after(hours=hours))
        with pytest.raises(Conflict):
            conversations.reply(ticket.ticket_id, "Hm.", ANA, after(hours=hours), Status.OPEN)


def test_point_6_the_linked_ticket_has_clocks_of_its_own():
    ticket = urgent()
    resolved(ticket, hours=3)
    sweep(after(days=6))
    other, _ = conversations.reply(ticket.ticket_id, "Again.", ROSA, after(days=6))
    assert due(other, RESOLUTION) == after(days=6, hours=4)
    assert clock_of(other, RESOLUTION).cycle == 1


def test_point_6_what_is_reopened_without_an_agent_waits_for_one_again():
    put_policy(ladder=[{"after": 600, "action": "tell_lead", "when": "unassigned", "hours": "any"}])
    ticket = a_ticket()
    resolved(ticket, minutes=1)
    tickets.reopen(ticket.ticket_id, ROSA, after(hours=1))
    sweep(after(hours=1, minutes=10))
    assert now_of(ticket).escalated_to == "lead"


def test_point_6_a_date_set_by_hand_that_passed_while_it_was_solved_is_not_missed():
    ticket = a_ticket()
    deadlines.set_due_date(ticket.ticket_id, RESOLUTION, after(hours=10), "Show", ANA, after())
    resolved(ticket, hours=1)
    tickets.reopen(ticket.ticket_id, ROSA, after(hours=20))
    sweep(after(hours=21))
    clock = clock_of(ticket, RESOLUTION)
    assert (sla.state(clock), sla.due_at(clock)) == ("running", after(hours=20 + 47))


def test_point_6_a_date_set_by_hand_that_is_still_ahead_stands_after_a_reopen():
    ticket = a_ticket()
    deadlines.set_due_date(ticket.ticket_id, RESOLUTION, after(hours=10), "Show", ANA, after())
    resolved(ticket, hours=1)
    tickets.reopen(ticket.ticket_id, ROSA, after(hours=2))
    assert due(ticket, RESOLUTION) == after(hours=10)


# 7. Warnings and the ladder, each step exactly once a cycle.


STEPS_AT = (7, 11, 13, 15, 45, 135, 120, 180, 216, 240, 270, 360)  # minutes, cut
SWEEPS = {
    "around each step": sorted({at + more for at in STEPS_AT for more in (0, 1)}),
    "around each step, twice": sorted(at + more for at in STEPS_AT for more in (0, 1, 0, 1)),
    "every seven minutes": list(range(0, 400, 7)),
    "once, late": [399],
    "with a gap, then out of order": [7, 8, 300, 30, 5, 399],
}


@pytest.mark.parametrize("minutes", SWEEPS.values(), ids=SWEEPS)
def test_point_7_each_step_happens_once_however_often_the_sweep_runs_or_is_missed(minutes):
    ticket = urgent()
    for minute in minutes:
        sweep(after(minutes=minute))
    sweep(after(minutes=420))
    assert steps_of(ticket, FIRST) == STEPS
    assert steps_of(ticket, RESOLUTION) == STEPS
    told = entries_of(ticket, "sla_warned", "sla_breached", "escalated")
    early = [one for one in told if one.at < datetime.fromisoformat(one.data["due_at"])]
    assert early == []


def test_point_7_warnings_and_rungs_come_when_the_contract_says():
    ticket = urgent()
    sweep(after(hours=3))
    at = {one.data["step"]: one.data["due_at"][11:19] for one in entries_of(ticket)
          if one.data.get("target") == FIRST}  # fmt: skip
    assert at == {
        "warned-50": "09:07:30", "warned-75": "09:11:15", "warned-90": "09:13:30",
        "breached": "09:15:00", "ladder-0": "09:15:00", "ladder-1800": "09:45:00",
        "ladder-7200": "11:15:00",
    }  # fmt: skip


def test_point_7_the_default_ladder_asks_the_next_tier_then_a_lead_then_a_manager():
    ticket = urgent()
    sweep(after(minutes=15))
    assert (now_of(ticket).tier, now_of(ticket).escalated_to) == (2, None)
    sweep(after(minutes=45))
    assert (now_of(ticket).tier, now_of(ticket).escalated_to) == (2, "lead")
    sweep(after(minutes=135))
    assert (now_of(ticket).tier, now_of(ticket).escalated_to) == (2, "manager")


def test_point_7_rungs_count_working_time_and_a_new_cycle_has_steps_of_its_own():
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)
    put_policy(calendar="office")
    ticket = urgent()
    answered(ticket, minutes=1)
    conversations.reply(ticket.ticket_id, "And?", ROSA, after(hours=7, minutes=15))
    sweep(after(hours=23))
    assert steps_of(ticket, NEXT) == STEPS[:-2]
    sweep(after(days=1, minutes=15))
    assert steps_of(ticket, NEXT) == STEPS[:-1]
    conversations.reply(ticket.ticket_id, "So.", ANA, after(days=1, minutes=20))
    conversations.reply(ticket.ticket_id, "And?", ROSA, after(days=1, hours=1))
    sweep(after(days=1, hours=1, minutes=30))
    assert steps_of(ticket, NEXT) == STEPS[:-1] + STEPS[:-2]
    assert {one.data["cycle"] for one in entries_of(ticket, "sla_breached")
            if one.data["target"] == NEXT} == {1, 2}  # fmt: skip


def test_point_7_what_happens_first_is_written_first_after_an_outage():
    ticket = urgent()
    sweep(after(days=3))
    instants = [one.data["due_at"] for one in entries_of(ticket) if "step" in one.data]
    assert len(instants) > 14
    assert instants == sorted(instants)
