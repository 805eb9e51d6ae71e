"""The SLA contract, points 1 to 3: segments, targets, pauses."""

from datetime import timedelta

import pytest

from chalicelib.domain import sla
from chalicelib.domain.vocabulary import HoldReason
from chalicelib.services import clocks, escalations, ownership, recompute, sla_settings, tickets
from tests.cast import ADA, ANA, MONDAY_9, after
from tests.factories import a_policy, a_ticket, clock_of, employ_everyone, now_of, put_policy
from tests.integration.lambdas import sweep
from tests.integration.promises import (
    ACCEPT,
    ASSIGNMENT,
    FIRST,
    HOUR,
    NEXT,
    OFFICE,
    RESOLUTION,
    answered,
    asked_again,
    at,
    breached,
    due,
    urgent,
)

pytestmark = pytest.mark.usefixtures("cloud")


# 1. A clock is a list of segments; a deadline is a function of them and of versions.


def test_point_1_a_clock_is_a_list_of_segments_each_with_its_why_and_its_calendars_version():
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)
    put_policy(calendar="office")
    ticket = a_ticket()
    tickets.hold(ticket.ticket_id, HoldReason.REQUESTER, None, ANA, after(hours=1))
    asked_again(ticket, hours=3)
    sla_settings.put_calendar({**OFFICE, "holidays": ["2026-11-24"]}, ADA, after(hours=4))
    recompute.recompute(ticket.ticket_id, "calendar Office", after(hours=4))
    told = [(s.started_at, s.stopped_at, s.why, s.calendar.ref)
            for s in clock_of(ticket, RESOLUTION).segments]  # fmt: skip
    assert told == [
        (after(), after(hours=1), "pending", "office@1"),
        (after(hours=3), after(hours=4), "calendar", "office@1"),
        (after(hours=4), None, "", "office@2"),
    ]


def test_point_1_a_deadline_is_computed_from_segments_and_stored_versions_alone():
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)
    put_policy(calendar="office")
    ticket = a_ticket()
    before = due(ticket, RESOLUTION)
    sla_settings.put_calendar({**OFFICE, "weekly": {"sun": [["09:00", "10:00"]]}}, ADA, after())
    put_policy(calendar="24x7", targets=a_policy()["targets"] | {"P3": {"resolution": HOUR}})
    assert due(ticket, RESOLUTION) == before == at("2026-11-30 17:00")
    assert clocks.policy_of(now_of(ticket)).ref == "standard@2"
    assert clocks.calendar_of(now_of(ticket)).ref == "office@1"


# 2. Three targets are promised to the requester, one is the desk's own.


def test_point_2_the_promises_and_the_time_to_accept_in_each_tier():
    ticket = urgent()
    minutes = timedelta(minutes=1)
    assert due(ticket, FIRST) == after() + 15 * minutes
    assert due(ticket, RESOLUTION) == after(hours=4)
    assert due(ticket, ACCEPT) == after() + 10 * minutes
    answered(ticket, minutes=5)
    asked_again(ticket, minutes=6)
    assert due(ticket, NEXT) == after() + 36 * minutes
    escalations.escalate(ticket.ticket_id, "Up", "", None, ANA, after(minutes=7))
    assert due(ticket, ACCEPT) == after() + (7 + 20) * minutes


def test_point_2_the_next_response_counts_from_the_oldest_unanswered_message():
    ticket = a_ticket()
    asked_again(ticket, minutes=1)
    assert NEXT not in {clock.kind for clock in clocks.clocks_of(now_of(ticket))}  # first awaited
    answered(ticket, minutes=5)
    asked_again(ticket, hours=1)
    asked_again(ticket, hours=2)
    assert due(ticket, NEXT) == after(hours=1 + 8)
    answered(ticket, hours=3)
    asked_again(ticket, hours=6)
    clock = clock_of(ticket, NEXT)
    assert (clock.cycle, sla.due_at(clock)) == (2, after(hours=6 + 8))


# 3. Pausing belongs to the status, per target; what was paused is given back.


@pytest.mark.parametrize(
    ("reason", "paused"),
    [(HoldReason.REQUESTER, {NEXT, RESOLUTION}), (HoldReason.THIRD_PARTY, {RESOLUTION})],
)
def test_point_3_each_status_pauses_its_targets_and_nothing_the_first_response(reason, paused):
    fresh, talked = a_ticket(), a_ticket()
    answered(talked, minutes=5)
    asked_again(talked, minutes=6)
    for one in (fresh, talked):
        tickets.hold(one.ticket_id, reason, None, ANA, after(hours=1))
    assert clock_of(fresh, FIRST).is_running
    resting = {one.kind for one in clocks.clocks_of(now_of(talked)) if not one.is_running}
    assert resting & {NEXT, RESOLUTION} == paused


def test_point_3_paused_working_time_is_given_back_and_no_closed_hour_more():
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)
    put_policy(calendar="office")
    ticket = a_ticket()  # P3: 48 working hours, so until Monday at five
    tickets.hold(ticket.ticket_id, HoldReason.THIRD_PARTY, None, ANA, after(hours=7))
    tickets.resume(ticket.ticket_id, ANA, after(days=1, hours=1))  # one hour before the night
    assert due(ticket, RESOLUTION) == at("2026-12-01 11:00")


def test_point_3_pausing_after_a_breach_does_not_undo_it_even_if_no_sweep_saw_it():
    ticket = urgent()
    answered(ticket, minutes=5)
    tickets.hold(ticket.ticket_id, HoldReason.REQUESTER, None, ANA, after(hours=4, seconds=1))
    clock = clock_of(ticket, RESOLUTION)
    assert (sla.state(clock), clock.breached_at) == ("breached", after(hours=4))
    assert breached(ticket) == ["resolution"]


def test_point_3_a_clock_that_begins_while_the_ticket_waits_rests_as_well():
    """The first response runs out while the ticket is pending: the next tier need not hurry."""
    employ_everyone()
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, ANA.id, ANA, after(minutes=1))
    tickets.hold(ticket.ticket_id, HoldReason.REQUESTER, None, ANA, after(minutes=2))
    sweep(after(hours=4))
    assert now_of(ticket).tier == 2
    assert not clock_of(ticket, ACCEPT).is_running
    assert not clock_of(ticket, ASSIGNMENT).is_running
    asked_again(ticket, hours=10)
    assert due(ticket, ACCEPT) == after(hours=10 + 4)


def test_point_3_a_hold_until_a_date_ends_then_even_if_the_sweep_comes_late():
    ticket = a_ticket()
    tickets.hold(ticket.ticket_id, HoldReason.UNTIL, after(hours=2), ANA, after(hours=1))
    sweep(after(hours=3))
    assert now_of(ticket).status == "open"
    assert due(ticket, RESOLUTION) == after(hours=48 + 1)
