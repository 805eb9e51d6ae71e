"""How a clock came to where it stands, and what it would have shown under other rules."""

from dataclasses import replace

from chalicelib.domain import sla
from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.policies import STANDARD
from chalicelib.domain.replay import replayed, verdict
from chalicelib.domain.sla_history import history
from chalicelib.domain.vocabulary import Priority, Status, Target
from tests.cast import MONDAY_9, after

OFFICE = Calendar.from_data({
    "id": "office", "name": "Office", "version": 2, "zone": "UTC",
    "weekly": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
})  # fmt: skip


def resolution() -> sla.Clock:
    clocks = sla.start(STANDARD, Priority.P3, 1, MONDAY_9, ALWAYS)
    return next(one for one in clocks if one.kind is Target.RESOLUTION)


def turned(clock: sla.Clock, status: Status, hours: float, calendar=ALWAYS) -> sla.Clock:
    (found,) = sla.pause_for(status, [clock], after(hours=hours), calendar)
    return found


def told(clock: sla.Clock, hours: float) -> list[tuple]:
    return [
        (one.kind, one.started_at, one.stopped_at, one.why, one.working_seconds / 3600)
        for one in history(clock, after(hours=hours))
    ]


def test_it_ran_until_now():
    assert told(resolution(), 3) == [("ran", after(), None, "", 3)]


def test_runs_and_rests_alternate_and_a_rest_says_what_it_waits_for():
    clock = turned(turned(resolution(), Status.PENDING, 1), Status.OPEN, 5)
    clock = turned(clock, Status.ON_HOLD, 6)
    assert told(clock, 9) == [
        ("ran", after(), after(hours=1), "pending", 1),
        ("rested", after(hours=1), after(hours=5), "pending", 0),
        ("ran", after(hours=5), after(hours=6), "on_hold", 1),
        ("rested", after(hours=6), None, "on_hold", 0),
    ]


def test_other_hours_are_no_rest_and_each_run_names_its_calendar():
    (clock,) = sla.recalendar([resolution()], OFFICE, after(hours=7))
    found = history(clock, after(hours=12))
    assert [(one.kind, one.working_seconds / 3600) for one in found] == [("ran", 7), ("ran", 1)]
    assert [one.calendar.ref for one in found] == ["24x7@1", "office@2"]


def test_what_took_no_time_is_left_out():
    clock = turned(turned(resolution(), Status.PENDING, 1), Status.OPEN, 1)
    assert [one.kind for one in history(clock, after(hours=2))] == ["ran", "ran"]


def test_a_met_clock_has_no_rest_after_it_and_a_reopened_one_rested_meanwhile():
    met = sla.meet(resolution(), after(hours=2))
    assert told(met, 9) == [("ran", after(), after(hours=2), "met", 2)]
    (again,) = sla.reopen([met], after(hours=5), ALWAYS)
    assert told(again, 6)[1] == ("rested", after(hours=2), after(hours=5), "met", 0)


# What it would have shown.


def test_a_verdict_is_told_as_it_is_in_the_records():
    clock = resolution()
    late = sla.meet(clock, after(hours=49))
    unmeasured = replace(clock, within=None)
    found = [verdict(one) for one in (clock, sla.meet(clock, after(hours=48)), late, unmeasured)]
    assert found == ["open", "met", "breached", "not measured"]


def test_the_same_rules_give_the_same_verdict_and_amount():
    paused = turned(turned(resolution(), Status.PENDING, 1), Status.OPEN, 30)
    for hours in (40, 77, 77.5):
        met = sla.meet(paused, after(hours=hours))
        again = replayed(met, met.within, ALWAYS, after(days=9))
        assert (verdict(again), again.used) == (verdict(met), met.used)


def test_another_target_or_other_hours_are_counted_as_if_always_so():
    met = sla.meet(resolution(), after(days=1, hours=3))  # 27 hours, 11 of them office hours
    assert verdict(replayed(met, 27 * 3600, ALWAYS, after(days=9))) == "met"
    assert verdict(replayed(met, 27 * 3600 - 1, ALWAYS, after(days=9))) == "breached"
    by_office = replayed(met, 11 * 3600, OFFICE, after(days=9))
    assert (verdict(by_office), by_office.used) == ("met", 11 * 3600)


def test_what_is_open_is_measured_until_now_and_a_breach_can_be_taken_back():
    late = turned(resolution(), Status.PENDING, 50)
    assert verdict(late) == "breached"
    assert verdict(replayed(late, 50 * 3600, ALWAYS, after(days=9))) == "open"
    assert verdict(replayed(resolution(), 3600, ALWAYS, after(hours=2))) == "breached"


def test_a_date_set_by_hand_is_nobodys_rule():
    by_hand = sla.Override(after(hours=3), after(), "Ana", "")
    (clock,) = sla.override([resolution()], Target.RESOLUTION, by_hand)
    assert replayed(clock, 60, OFFICE, after(days=9)) == clock
