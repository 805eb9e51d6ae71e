"""Coverage: counted exactly, in any zone, over days that clocks make shorter or longer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import business_hours
from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.coverage import Stretch, Worker, gaps, hours_of, local_hour, stretches

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
WEEK = MONDAY + timedelta(days=7)
OFFICE = Calendar("office", "Office", 1, "UTC", (((540, 1020),),) * 5 + ((),) * 2)
LATE = replace(OFFICE, id="late", weekly=(((960, 1440),),) * 7)
NIGHT = replace(OFFICE, id="night", weekly=(((0, 540), (1320, 1440)),) * 7)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


def of(*calendars: Calendar | None) -> list[Stretch]:
    return stretches([Worker(one) for one in calendars], MONDAY, WEEK)


def test_without_people_the_whole_week_is_one_gap():
    assert of() == [Stretch(MONDAY, WEEK, 0)]
    assert gaps(of(), MONDAY) == [Stretch(MONDAY, WEEK, 0)]


def test_whoever_has_no_shift_is_always_there():
    assert of(None) == of(ALWAYS) == [Stretch(MONDAY, WEEK, 1)]
    assert gaps(of(None), MONDAY) == []


def test_shifts_add_up_where_they_overlap():
    assert [(one.starts, one.people) for one in of(OFFICE, LATE)[:4]] == [
        (MONDAY, 0), (at(0, 9), 1), (at(0, 16), 2), (at(0, 17), 1),
    ]  # fmt: skip


def test_people_of_different_shifts_may_follow_each_other_without_a_gap():
    assert gaps(of(OFFICE, LATE, NIGHT)[:1], MONDAY) == []
    assert [(one.starts, one.ends) for one in gaps(of(OFFICE, LATE, NIGHT), MONDAY)] == [
        (at(5, 9), at(5, 16)), (at(6, 9), at(6, 16)),
    ]  # fmt: skip


def test_a_gap_that_has_begun_begins_now_and_past_ones_are_left_out():
    now = at(1, 8)
    found = gaps(of(OFFICE), now)
    assert (found[0].starts, found[0].ends) == (now, at(1, 9))
    assert found[-1] == Stretch(at(4, 17), WEEK, 0)
    assert found[-1].seconds == 55 * 3600


def test_whoever_is_out_of_office_counts_from_when_they_are_back():
    found = stretches([Worker(OFFICE, at(1, 12))], MONDAY, WEEK)
    assert found[:2] == [Stretch(MONDAY, at(1, 12), 0), Stretch(at(1, 12), at(1, 17), 1)]
    assert stretches([Worker(None, WEEK)], MONDAY, WEEK) == [Stretch(MONDAY, WEEK, 0)]


def test_an_hour_tells_the_fewest_and_the_most():
    half = replace(OFFICE, id="half", weekly=(((570, 1020),),) * 7)
    hours = hours_of(date(2026, 11, 23), "UTC", of(OFFICE, half))
    assert [(one.fewest, one.most) for one in hours if one][8:11] == [(0, 0), (1, 2), (2, 2)]


def test_hours_are_those_of_the_zone():
    hours = hours_of(date(2026, 11, 23), "Asia/Tokyo", of(OFFICE))
    assert [hour for hour, one in enumerate(hours) if one and one.fewest] == [
        18,
        19,
        20,
        21,
        22,
        23,
    ]
    assert local_hour(date(2026, 11, 23), 24, "Asia/Tokyo") == at(0, 15)


def test_an_hour_that_the_clock_skips_is_none_and_one_that_it_repeats_is_long():
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    found = [Stretch(start, start + timedelta(days=400), 2)]
    assert hours_of(spring, "Europe/Lisbon", found)[1] is None
    long = hours_of(autumn, "Europe/Lisbon", found)[1]
    assert long and (long.ends - long.starts, long.fewest) == (timedelta(hours=2), 2)
    assert sum(one is None for one in hours_of(autumn, "Europe/Lisbon", found)) == 0


intervals = st.tuples(st.integers(0, 1438), st.integers(1, 1439)).filter(
    lambda one: one[0] < one[1]
)
calendars = st.builds(
    lambda days, zone: Calendar(f"{zone} {days}", "Any", 1, zone, tuple(days)),
    st.lists(st.lists(intervals, max_size=1).map(tuple), min_size=7, max_size=7),
    st.sampled_from(["UTC", "Europe/Lisbon", "Asia/Kolkata", "America/New_York"]),
)


@given(found=st.lists(st.none() | calendars, max_size=4), minutes=st.integers(0, 7 * 1440 - 1))
def test_at_every_minute_the_count_is_that_of_the_open_calendars(found, minutes):
    now = MONDAY + timedelta(minutes=minutes)
    run = of(*found)
    there = sum(one is None or business_hours.is_open(one, now) for one in found)
    assert [one.people for one in run if one.starts <= now < one.ends] == [there]
    assert (run[0].starts, run[-1].ends) == (MONDAY, WEEK)
    assert all(a.ends == b.starts and a.people != b.people for a, b in pairwise(run))
