"""SLA clocks by example: pure functions of segments. By property: test_sla_properties.py."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import sla
from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.policies import STANDARD, Policy
from chalicelib.domain.sla_records import clock_from_data, clock_to_data, cycle_to_data
from chalicelib.domain.vocabulary import Priority, Status, Target
from tests.cast import MONDAY_9, after

HOUR = 3600
CLOSED_ON_TUESDAYS = Calendar.from_data({
    "id": "quiet", "name": "No Tuesdays", "version": 1, "zone": "UTC",
    "weekly": {day: [["00:00", "24:00"]] for day in ("mon", "wed", "thu", "fri", "sat", "sun")},
})  # fmt: skip
BY_HAND = sla.Override(after(hours=20), after(hours=1), "Ana Costa", "Agreed by telephone")


def clocks() -> tuple[sla.Clock, ...]:
    return sla.start(STANDARD, Priority.P3, 1, MONDAY_9, ALWAYS)


def one(of: tuple[sla.Clock, ...], kind: Target) -> sla.Clock:
    return next(clock for clock in of if clock.kind is kind)


def first(of: tuple[sla.Clock, ...] = ()) -> sla.Clock:
    return one(of or clocks(), Target.FIRST_RESPONSE)


def resolution(of: tuple[sla.Clock, ...] = ()) -> sla.Clock:
    return one(of or clocks(), Target.RESOLUTION)


def test_every_clock_but_the_next_response_runs_from_the_start():
    kinds = {clock.kind for clock in clocks() if clock.is_running}
    assert kinds == set(Target) - {Target.NEXT_RESPONSE}


def test_a_deadline_is_the_start_plus_the_target():
    assert sla.due_at(first()) == after(hours=4)
    assert sla.due_at(resolution()) == after(hours=48)
    assert sla.due_at(one(clocks(), Target.TIME_TO_ACCEPT)) == after(hours=2)


def test_each_tier_has_its_own_time_to_accept():
    moved = sla.begin(clocks(), Target.TIME_TO_ACCEPT, 900, after(hours=1), ALWAYS)
    accepting = one(moved, Target.TIME_TO_ACCEPT)
    assert (accepting.cycle, sla.due_at(accepting)) == (2, after(hours=1, minutes=15))
    assert [STANDARD.within(Priority.P1, Target.TIME_TO_ACCEPT, tier) for tier in (1, 2, 3)] == [
        600, 1200, 2400,
    ]  # fmt: skip


def test_what_nothing_was_promised_about_has_no_deadline():
    assert sla.due_at(one(clocks(), Target.ASSIGNMENT)) is None


def test_the_nearest_deadline_is_of_what_was_promised_to_the_requester():
    assert sla.next_deadline_at(clocks()) == after(hours=4)


@pytest.mark.parametrize(
    ("status", "rest"),
    [
        (Status.PENDING, {Target.NEXT_RESPONSE, Target.RESOLUTION}),
        (Status.ON_HOLD, {Target.RESOLUTION}),
        (Status.OPEN, set()),
    ],
)
def test_a_status_pauses_its_own_targets_and_nothing_pauses_the_first_response(status, rest):
    running = sla.begin(clocks(), Target.NEXT_RESPONSE, HOUR, MONDAY_9, ALWAYS)
    paused = sla.pause_for(status, running, after(minutes=1), ALWAYS)
    promised = {Target.FIRST_RESPONSE, Target.NEXT_RESPONSE, Target.RESOLUTION}
    assert {clock.kind for clock in paused if not clock.is_running} & promised == rest


def test_pausing_hides_a_deadline_and_resuming_moves_it_by_the_pause():
    paused = sla.pause_for(Status.PENDING, clocks(), after(hours=1), ALWAYS)
    assert sla.due_at(resolution(paused)) is None
    resumed = sla.pause_for(Status.OPEN, paused, after(hours=6), ALWAYS)
    assert sla.due_at(resolution(resumed)) == after(hours=53)


def test_pausing_after_a_breach_does_not_undo_it():
    (paused,) = sla.pause_for(Status.PENDING, [resolution()], after(hours=50), ALWAYS)
    assert (sla.state(paused), paused.breached_at) == ("breached", after(hours=48))


def test_an_answer_in_time_is_met_and_a_late_one_is_breached_at_the_deadline():
    assert sla.state(sla.meet(first(), after(hours=4))) == "met"
    late = sla.meet(first(), after(hours=4, seconds=1))
    assert (sla.state(late), late.breached_at) == ("breached", after(hours=4))


def test_a_verdict_is_frozen_with_its_amount():
    met = sla.meet(first(), after(hours=1))
    assert met.used == HOUR
    assert sla.meet(met, after(hours=9)) == met
    assert sla.retarget([met], STANDARD, Priority.P1, 1) == (met,)
    assert sla.override([met], Target.FIRST_RESPONSE, BY_HAND) == (met,)
    assert sla.used_seconds(met, after(days=9)) == HOUR


def test_reopening_goes_on_with_the_resolution_and_leaves_the_resolved_time_out():
    met = tuple(sla.meet(clock, after(hours=2)) for clock in clocks())
    again = sla.reopen(met, after(hours=10), ALWAYS)
    assert resolution(again).cycle == 2
    assert sla.used_seconds(resolution(again), after(hours=11)) == 3 * HOUR
    assert sla.due_at(resolution(again)) == after(hours=56)
    assert first(again).met_at == after(hours=2)


def test_a_higher_priority_recomputes_from_the_time_already_run():
    urgent = sla.retarget(clocks(), STANDARD, Priority.P1, 1)
    assert sla.due_at(first(urgent)) == after(minutes=15)


def test_another_calendar_counts_from_now_on_and_what_ran_stays():
    (moved,) = sla.recalendar([resolution()], CLOSED_ON_TUESDAYS, after(hours=3))
    assert sla.due_at(moved) == after(hours=72)
    assert sla.used_seconds(moved, after(days=2)) == (15 + 9) * HOUR
    (back,) = sla.recalendar([moved], ALWAYS, after(days=1))  # Tuesday at nine
    assert sla.used_seconds(back, after(days=1)) == 15 * HOUR


def test_a_paused_clock_goes_on_by_the_hours_that_count_when_it_resumes():
    paused = sla.pause_for(Status.PENDING, [resolution()], after(hours=1), ALWAYS)
    assert sla.recalendar(paused, CLOSED_ON_TUESDAYS, after(hours=2)) == paused
    (resumed,) = sla.pause_for(Status.OPEN, paused, after(days=1), CLOSED_ON_TUESDAYS)
    assert sla.used_seconds(resumed, after(days=2)) == (1 + 9) * HOUR


def test_a_due_date_by_hand_takes_the_place_of_the_policys_until_it_is_cleared():
    (by_hand,) = sla.override([first()], Target.FIRST_RESPONSE, BY_HAND)
    assert sla.due_at(by_hand) == after(hours=20)
    assert sla.computed_due_at(by_hand) == after(hours=4)
    (cleared,) = sla.override([by_hand], Target.FIRST_RESPONSE, None)
    assert cleared == first()


def test_a_due_date_by_hand_stands_while_its_clock_is_paused_and_decides_the_verdict():
    (by_hand,) = sla.override([resolution()], Target.RESOLUTION, BY_HAND)
    (paused,) = sla.pause_for(Status.PENDING, [by_hand], after(hours=2), ALWAYS)
    assert sla.due_at(paused) == after(hours=20)
    late = sla.meet(paused, after(hours=21))
    assert (sla.state(late), late.breached_at, late.used) == ("breached", after(hours=20), 2 * HOUR)


def test_a_writer_whose_clock_is_behind_takes_no_time_away():
    running = sla.pause_for(Status.PENDING, clocks(), after(hours=1), ALWAYS)
    running = sla.pause_for(Status.OPEN, running, after(minutes=50), ALWAYS)
    again = sla.pause_for(Status.PENDING, running, after(minutes=55), ALWAYS)
    assert sla.used_seconds(resolution(again), after(hours=9)) == HOUR
    assert all(s.started_at <= (s.stopped_at or MONDAY_9) for s in resolution(again).segments)


def test_a_target_that_the_policy_leaves_out_is_not_measured_and_its_time_still_kept():
    silent = replace(STANDARD, targets={**STANDARD.targets, "P3": {"resolution": HOUR}})
    running = sla.start(silent, Priority.P3, 1, MONDAY_9, ALWAYS)
    assert sla.due_at(first(running)) is None
    (measured,) = sla.retarget([first(running)], STANDARD, Priority.P3, 1)
    assert sla.due_at(measured) == after(hours=4)


def test_a_policy_survives_being_stored():
    assert Policy.from_data(STANDARD.to_data()) == STANDARD


def test_a_clock_with_everything_set_survives_being_stored():
    (clock,) = sla.override([resolution()], Target.RESOLUTION, BY_HAND)
    (clock,) = sla.pause_for(Status.PENDING, [clock], after(hours=2), ALWAYS)
    (clock,) = sla.pause_for(Status.OPEN, [clock], after(hours=3), CLOSED_ON_TUESDAYS)
    full = replace(sla.meet(clock, after(hours=21)), cycle=3, recorded=True)
    known = {one.ref: one for one in (ALWAYS, CLOSED_ON_TUESDAYS)}
    assert clock_from_data(clock_to_data(full), known.__getitem__) == full


def test_a_cycle_is_recorded_with_its_verdict_and_whatever_a_report_needs():
    late = sla.meet(first(), after(hours=5))
    kept = cycle_to_data(late, policy="standard", tier=1)
    facts = {key: kept[key] for key in ("kind", "cycle", "verdict", "used", "policy", "tier")}
    assert facts == {
        "kind": "first_response", "cycle": 1, "verdict": "breached", "used": 5 * HOUR,
        "policy": "standard", "tier": 1,
    }  # fmt: skip
    assert cycle_to_data(first())["verdict"] == "none"


def test_time_left_out_of_a_target_is_given_back_to_the_second():
    clock, now = resolution(), MONDAY_9
    for seconds in (1, 7, 3599):
        (clock,) = sla.pause_for(Status.PENDING, [clock], now, ALWAYS)
        (clock,) = sla.pause_for(Status.OPEN, [clock], now + timedelta(seconds=seconds), ALWAYS)
        now += timedelta(seconds=seconds + 60)
    assert sla.due_at(clock) == after(hours=48, seconds=1 + 7 + 3599)
