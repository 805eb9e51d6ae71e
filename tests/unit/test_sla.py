"""SLA clocks: pure functions of segments, checked by example and by property."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import sla
from chalicelib.domain.policies import STANDARD, Policy
from chalicelib.domain.sla_records import clock_from_data, clock_to_data
from chalicelib.domain.vocabulary import Priority, Status, Target
from tests.cast import MONDAY_9, after

P3 = Priority.P3


def clocks() -> tuple[sla.Clock, ...]:
    return sla.start(STANDARD, P3, MONDAY_9)


def resolution(of: tuple[sla.Clock, ...]) -> sla.Clock:
    return next(clock for clock in of if clock.kind is Target.RESOLUTION)


def test_a_deadline_is_the_start_plus_the_target():
    first, second = clocks()
    assert sla.due_at(first) == after(hours=4)
    assert sla.due_at(second) == after(hours=48)


def test_the_nearest_deadline_leads():
    assert sla.next_deadline_at(clocks()) == after(hours=4)


def test_pausing_hides_a_deadline_and_resuming_moves_it_by_the_pause():
    paused = sla.pause_for(Status.PENDING, clocks(), after(hours=1))
    assert sla.due_at(resolution(paused)) is None
    resumed = sla.pause_for(Status.OPEN, paused, after(hours=6))
    assert sla.due_at(resolution(resumed)) == after(hours=53)


def test_nothing_pauses_the_first_response():
    paused = sla.pause_for(Status.PENDING, clocks(), after(hours=1))
    assert sla.due_at(paused[0]) == after(hours=4)


def test_pausing_after_a_breach_does_not_undo_it():
    late = resolution(clocks())
    for step in sla.steps_due([late], STANDARD, after(hours=49)):
        (late,) = sla.take([late], step)
    (paused,) = sla.pause_for(Status.PENDING, [late], after(hours=50))
    assert sla.state(paused) == "breached"


def test_an_answer_in_time_is_met_and_a_late_one_is_breached_at_the_deadline():
    first, _ = clocks()
    assert sla.state(sla.meet(first, after(hours=3))) == "met"
    late = sla.meet(first, after(hours=5))
    assert (sla.state(late), late.breached_at) == ("breached", after(hours=4))


def test_a_verdict_is_frozen():
    first, _ = clocks()
    met = sla.meet(first, after(hours=1))
    assert sla.meet(met, after(hours=9)) == met


def test_reopening_goes_on_with_the_resolution_and_leaves_the_resolved_time_out():
    met = tuple(sla.meet(clock, after(hours=2)) for clock in clocks())
    again = sla.reopen(met, after(hours=10))
    assert (
        sla.used_seconds(resolution(again), after(hours=11)) == timedelta(hours=3).total_seconds()
    )
    assert again[0].met_at == after(hours=2)


def test_a_higher_priority_recomputes_from_the_time_already_run():
    urgent = sla.retarget(clocks(), STANDARD, Priority.P1)
    assert sla.due_at(urgent[0]) == after(minutes=15)


def test_steps_come_in_order_and_each_once():
    running, names = clocks()[:1], []
    for minutes in (100, 130, 200, 230, 241, 300, 300):
        for step in sla.steps_due(running, STANDARD, after(minutes=minutes)):
            running = sla.take(running, step)
            names.append(step.name)
    assert names == ["warned-50", "warned-75", "warned-90", "breached", "ladder-0", "ladder-1800"]


def test_the_next_step_is_when_the_sweep_must_look_again():
    assert sla.next_step_at(clocks(), STANDARD) == after(hours=2)


def test_a_paused_clock_takes_no_step():
    paused = sla.pause_for(Status.ON_HOLD, [resolution(clocks())], after(hours=1))
    assert sla.steps_due(paused, STANDARD, after(days=30)) == []
    assert sla.next_step_at(paused, STANDARD) is None


def test_a_policy_survives_being_stored():
    assert Policy.from_data(STANDARD.to_data()) == STANDARD


spans = st.lists(st.integers(1, 10_000), min_size=1, max_size=12)


@given(spans)
def test_only_running_time_counts_however_often_a_clock_pauses(seconds):
    clock, now, ran = resolution(clocks()), MONDAY_9, 0
    for turn, length in enumerate(seconds):
        status = Status.OPEN if turn % 2 == 0 else Status.PENDING
        (clock,) = sla.pause_for(status, [clock], now)
        now += timedelta(seconds=length)
        ran += length if turn % 2 == 0 else 0
    assert sla.used_seconds(clock, now) == ran
    (running,) = sla.pause_for(Status.OPEN, [clock], now)
    assert sla.due_at(running) == now + timedelta(seconds=clock.within - ran)


@given(spans)
def test_a_clock_survives_being_stored(seconds):
    clock, now = resolution(clocks()), MONDAY_9
    for turn, length in enumerate(seconds):
        now += timedelta(seconds=length)
        status = Status.PENDING if turn % 2 == 0 else Status.OPEN
        (clock,) = sla.pause_for(status, [clock], now)
    assert clock_from_data(clock_to_data(clock)) == clock


@given(st.lists(st.integers(0, 60 * 60 * 24), min_size=1, max_size=30))
def test_however_the_sweeps_fall_the_same_steps_are_taken(offsets):
    everything = [s.name for s in sla.steps_due(clocks()[:1], STANDARD, after(days=2))]
    running, names = clocks()[:1], []
    for offset in [*sorted(offsets), 2 * 60 * 60 * 24]:
        for step in sla.steps_due(running, STANDARD, after(seconds=offset)):
            running = sla.take(running, step)
            names.append(step.name)
    assert names == everything
