"""What clocks do by themselves: warnings, the breach, the ladder, and rules about waiting."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain import sla
from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.policies import (
    ANY_HOURS,
    NEXT_TIER,
    STANDARD,
    TELL_LEAD,
    TELL_MANAGER,
    UNANSWERED,
    UNASSIGNED,
    Policy,
    Rung,
)
from chalicelib.domain.sla_steps import next_step, steps_due, still_to_come, take
from chalicelib.domain.vocabulary import Priority, Status, Target
from tests.cast import MONDAY_9, after

OFFICE = Calendar.from_data({
    "id": "office", "name": "Office", "version": 1, "zone": "UTC",
    "weekly": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
})  # fmt: skip
WAITING = replace(
    STANDARD,
    ladder=(
        Rung(1800, TELL_LEAD, UNANSWERED),
        Rung(600, TELL_MANAGER, UNASSIGNED, hours=ANY_HOURS),
    ),
)


def started(policy: Policy = STANDARD, calendar: Calendar = ALWAYS) -> tuple[sla.Clock, ...]:
    return sla.start(policy, Priority.P3, 1, MONDAY_9, calendar)


def only(kind: Target, of: Iterable[sla.Clock] = ()) -> tuple[sla.Clock, ...]:
    return tuple(clock for clock in of or started() if clock.kind is kind)


def plan(clocks: Iterable[sla.Clock], policy: Policy = STANDARD) -> list[tuple[str, object]]:
    return [(s.name, s.at) for clock in clocks for s in still_to_come(clock, policy)]


FIRST = Target.FIRST_RESPONSE


def test_a_clock_warns_breaches_and_climbs_the_ladder_at_shares_of_its_own_time():
    assert plan(only(FIRST)) == [
        ("warned-50", after(hours=2)),
        ("warned-75", after(hours=3)),
        ("warned-90", after(hours=3, minutes=36)),
        ("breached", after(hours=4)),
        ("ladder-0", after(hours=4)),
        ("ladder-1800", after(hours=4, minutes=30)),
        ("ladder-7200", after(hours=6)),
    ]


def test_each_rung_has_its_action():
    (clock,) = only(FIRST)
    actions = [step.action for step in still_to_come(clock, STANDARD)]
    assert actions[-4:] == ["breach", NEXT_TIER, TELL_LEAD, TELL_MANAGER]


def test_steps_come_in_order_and_each_once():
    running, names = only(FIRST), []
    for minutes in (100, 130, 200, 230, 241, 300, 300):
        for step in steps_due(running, STANDARD, after(minutes=minutes)):
            running = take(running, step)
            names.append(step.name)
    assert names == ["warned-50", "warned-75", "warned-90", "breached", "ladder-0", "ladder-1800"]


def test_steps_of_several_clocks_come_in_the_order_of_their_instants():
    steps = steps_due(started(), STANDARD, after(days=30))
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert {step.target for step in steps} == {FIRST, Target.RESOLUTION, Target.TIME_TO_ACCEPT}


def test_the_time_to_accept_is_the_desks_own_and_only_breaches():
    assert plan(only(Target.TIME_TO_ACCEPT)) == [("breached", after(hours=2))]


def test_a_ladder_may_be_for_the_time_to_accept_too():
    policy = replace(STANDARD, ladder=(Rung(60, TELL_LEAD, targets=("time_to_accept",)),))
    assert plan(only(Target.TIME_TO_ACCEPT), policy)[-1] == ("ladder-60", after(hours=2, minutes=1))
    assert plan(only(FIRST), policy)[-1][0] == "breached"


def test_the_rungs_after_a_breach_count_working_time_only():
    (clock,) = only(FIRST, started(calendar=OFFICE))
    (late,) = sla.override([clock], FIRST, sla.Override(after(hours=7.75), MONDAY_9, "Ana", ""))
    assert plan([late])[-1] == ("ladder-7200", after(days=1, hours=1.75))
    (paused_long,) = only(FIRST, sla.start(STANDARD, Priority.P4, 1, MONDAY_9, OFFICE))
    assert plan([paused_long])[-1] == ("ladder-7200", after(days=1, hours=2))


def test_warnings_of_a_date_set_by_hand_share_the_days_since_it_was_set():
    hand_set = sla.Override(after(hours=20), after(hours=10), "Ana", "")
    by_hand = sla.override(only(FIRST), FIRST, hand_set)
    assert plan(by_hand)[:4] == [
        ("warned-50", after(hours=15)),
        ("warned-75", after(hours=17.5)),
        ("warned-90", after(hours=19)),
        ("breached", after(hours=20)),
    ]


def test_the_next_step_is_when_the_sweep_must_look_again():
    step = next_step(only(FIRST), STANDARD)
    assert (step.name, step.at) == ("warned-50", after(hours=2))


def test_a_paused_clock_takes_no_step():
    paused = sla.pause_for(Status.ON_HOLD, only(Target.RESOLUTION), after(hours=1), ALWAYS)
    assert steps_due(paused, STANDARD, after(days=30)) == []
    assert next_step(paused, STANDARD) is None


def test_a_met_clock_takes_no_step_and_a_new_cycle_takes_its_own():
    answered = sla.meet_all(started(), {FIRST}, after(hours=5))
    assert next_step(only(FIRST, answered), STANDARD) is None
    asked = sla.begin(answered, Target.NEXT_RESPONSE, 3600, after(hours=6), ALWAYS)
    met = sla.meet_all(asked, {Target.NEXT_RESPONSE}, after(hours=6.5))
    again = sla.begin(met, Target.NEXT_RESPONSE, 3600, after(hours=9), ALWAYS)
    step = next_step(only(Target.NEXT_RESPONSE, again), STANDARD)
    assert (step.cycle, step.name, step.at) == (2, "warned-50", after(hours=9.5))


def test_a_breach_that_a_pause_revealed_is_not_taken_again():
    late = sla.pause_for(Status.PENDING, only(Target.RESOLUTION), after(hours=49), ALWAYS)
    resumed = sla.pause_for(Status.OPEN, late, after(hours=50), ALWAYS)
    names = [step.name for step in steps_due(resumed, STANDARD, after(hours=60))]
    assert "breached" not in names
    assert {"warned-50", "ladder-0"} <= set(names)


def test_waiting_for_an_answer_counts_from_the_oldest_unanswered_message():
    assert ("unanswered-1800", after(minutes=30)) in plan(only(FIRST), WAITING)
    answered = sla.meet_all(started(), {FIRST}, after(hours=1))
    asked = sla.begin(answered, Target.NEXT_RESPONSE, None, after(hours=7.75), OFFICE)
    waiting = plan(only(Target.NEXT_RESPONSE, asked), WAITING)
    assert waiting == [("unanswered-1800", after(days=1, minutes=15))]
    assert plan(only(Target.RESOLUTION), WAITING)[-1][0] == "breached"


def test_waiting_for_somebody_counts_any_hours_if_the_rule_says_so():
    saturday = after(days=5)
    (nobody,) = sla.begin([], Target.ASSIGNMENT, None, saturday, OFFICE)
    assert plan([nobody], WAITING) == [("unassigned-600", after(days=5, minutes=10))]
    working = replace(WAITING, ladder=(Rung(600, TELL_MANAGER, UNASSIGNED),))
    assert plan([nobody], working) == [("unassigned-600", after(days=7, minutes=10))]


def test_time_in_which_a_ticket_rested_is_no_waiting_in_any_hours_either():
    (nobody,) = only(Target.ASSIGNMENT)
    (held,) = sla.pause_for(Status.ON_HOLD, [nobody], after(minutes=5), ALWAYS)
    assert plan([held], WAITING) == []
    (back,) = sla.pause_for(Status.OPEN, [held], after(hours=3), ALWAYS)
    assert plan([back], WAITING) == [("unassigned-600", after(hours=3, minutes=5))]


def test_a_calendar_that_never_opens_again_leaves_a_clock_without_steps():
    once = Calendar.from_data({
        "id": "once", "name": "Once", "version": 1, "zone": "UTC", "weekly": {},
        "openings": {"2026-11-23": [["09:00", "10:00"]]},
    })  # fmt: skip
    (clock,) = only(Target.RESOLUTION, started(calendar=once))
    assert plan([clock]) == []
    hand_set = sla.Override(after(days=2), MONDAY_9, "Ana", "")
    (by_hand,) = sla.override([clock], Target.RESOLUTION, hand_set)
    assert plan([by_hand])[-1][0] == "ladder-0"
