"""Maintenance windows: when they are open, by the clocks of their zones."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import maintenance
from chalicelib.domain.maintenance import LONGEST, Window, ends_at, next_span, span_at

LISBON, LORD_HOWE, NEW_YORK = "Europe/Lisbon", "Australia/Lord_Howe", "America/New_York"
DATA = {"id": "w", "name": "Patches", "starts_at": "2026-11-28T22:00", "minutes": 120}


def window(starts_at: str, minutes: int = 60, zone: str = "UTC", **fields) -> Window:
    return Window("w", "W", starts_at, minutes, time_zone=zone, **fields)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def span(begin: str, end: str) -> tuple[datetime, datetime]:
    return at(begin), at(end)


def test_one_that_happens_once_is_open_from_its_start_until_but_not_at_its_end():
    once = window("2026-11-28T22:00", 120, LISBON)
    whole = span("2026-11-28T22:00", "2026-11-29T00:00")
    assert span_at(once, at("2026-11-28T21:59:59")) is None
    assert span_at(once, at("2026-11-28T22:00")) == whole
    assert span_at(once, at("2026-11-28T23:59:59")) == whole
    assert span_at(once, at("2026-11-29T00:00")) is None
    assert span_at(once, at("2026-12-05T22:30")) is None


def test_the_start_is_wall_clock_time_in_its_zone():
    assert span_at(window("2026-07-01T22:00", 60, LISBON), at("2026-07-01T21:00"))
    assert not span_at(window("2026-07-01T22:00", 60, LISBON), at("2026-07-01T22:00"))
    assert span_at(window("2026-07-02T00:15", 30, "Asia/Kathmandu"), at("2026-07-01T18:45"))


def test_a_weekly_one_goes_on_over_midnight():
    saturdays = window("2026-11-28T23:00", 180, weekdays=[5])
    whole = span("2026-12-05T23:00", "2026-12-06T02:00")
    assert span_at(saturdays, at("2026-12-06T01:59")) == whole
    assert span_at(saturdays, at("2026-12-06T02:00")) is None
    assert span_at(saturdays, at("2026-12-06T23:30")) is None


def test_one_of_a_week_that_begins_each_week_is_always_open():
    always = window("2026-11-23T09:00", LONGEST, weekdays=[0])
    assert span_at(always, at("2026-11-23T09:00")) == span("2026-11-23T09:00", "2026-11-30T09:00")
    assert span_at(always, at("2026-11-30T08:59")) == span("2026-11-23T09:00", "2026-11-30T09:00")
    assert span_at(always, at("2026-11-30T09:00")) == span("2026-11-30T09:00", "2026-12-07T09:00")


def test_none_begins_before_its_first_day_or_after_its_last():
    nightly = window("2026-11-25T23:30", 60, weekdays=list(range(7)), until="2026-11-27")
    assert span_at(nightly, at("2026-11-24T23:45")) is None
    assert span_at(nightly, at("2026-11-25T23:45"))
    assert span_at(nightly, at("2026-11-28T00:15"))  # began on the last day
    assert span_at(nightly, at("2026-11-28T23:45")) is None
    assert next_span(nightly, at("2026-11-27T23:30")) is None


def test_the_first_day_of_a_weekly_one_need_not_be_among_its_days():
    sundays = window("2026-11-25T10:00", weekdays=[6])
    assert span_at(sundays, at("2026-11-25T10:30")) is None
    assert next_span(sundays, at("2026-11-25T09:00")) == span(
        "2026-11-29T10:00", "2026-11-29T11:00"
    )


def test_the_next_one_is_the_one_after_that_which_is_open():
    weekly = window("2026-11-28T22:00", weekdays=[5])
    assert next_span(weekly, at("2026-11-28T22:30")) == span("2026-12-05T22:00", "2026-12-05T23:00")
    assert next_span(weekly, at("2026-01-01T00:00")) == span("2026-11-28T22:00", "2026-11-28T23:00")
    assert next_span(window("2026-11-28T22:00"), at("2026-11-28T22:00")) is None


# Daylight saving: an occurrence begins by the zone's clocks and lasts by anybody's.


def test_in_lisbon_the_night_that_is_an_hour_longer_has_a_window_of_the_same_length():
    nightly = window("2026-10-01T00:30", 180, LISBON, weekdays=list(range(7)))
    assert span_at(nightly, at("2026-10-24T23:30")) == span("2026-10-24T23:30", "2026-10-25T02:30")
    assert span_at(nightly, at("2026-10-26T00:30")) == span("2026-10-26T00:30", "2026-10-26T03:30")


def test_in_lisbon_an_hour_that_comes_twice_begins_one_window_with_the_first():
    sundays = window("2026-10-01T01:30", 30, LISBON, weekdays=[6])
    assert span_at(sundays, at("2026-10-25T00:30")) == span("2026-10-25T00:30", "2026-10-25T01:00")
    assert span_at(sundays, at("2026-10-25T01:30")) is None


def test_in_lisbon_an_hour_that_is_left_out_begins_its_window_all_the_same():
    sundays = window("2026-03-01T01:30", 60, LISBON, weekdays=[6])
    assert span_at(sundays, at("2026-03-22T01:30")) == span("2026-03-22T01:30", "2026-03-22T02:30")
    assert span_at(sundays, at("2026-03-29T01:30")) == span("2026-03-29T01:30", "2026-03-29T02:30")
    assert span_at(sundays, at("2026-04-05T00:30")) == span("2026-04-05T00:30", "2026-04-05T01:30")


def test_on_lord_howe_the_clocks_change_by_half_an_hour():
    daily = window("2026-01-01T06:00", 60, LORD_HOWE, weekdays=list(range(7)))
    assert span_at(daily, at("2026-04-03T19:00")) == span("2026-04-03T19:00", "2026-04-03T20:00")
    assert span_at(daily, at("2026-04-05T19:30")) == span("2026-04-05T19:30", "2026-04-05T20:30")
    assert span_at(daily, at("2026-10-04T19:00")) == span("2026-10-04T19:00", "2026-10-04T20:00")


def test_a_window_of_the_other_side_of_the_world_is_open_today_there():
    kiritimati = window("2026-11-24T00:00", 60, "Pacific/Kiritimati", weekdays=[1])
    assert span_at(kiritimati, at("2026-11-23T10:30"))
    assert next_span(kiritimati, at("2026-11-23T09:00"))[0] == at("2026-11-23T10:00")
    west = window("2026-11-23T23:00", 60, NEW_YORK, weekdays=[0])
    assert span_at(west, at("2026-11-24T04:30"))


# Which alerts they cover, and until when.


def test_an_alert_is_covered_until_the_last_of_its_open_windows_ends():
    short = window("2026-11-23T09:00", 30)
    long = window("2026-11-23T08:00", 180, matchers=["service=shop"])
    other = window("2026-11-23T08:00", 600, matchers=["service=till"])
    found = ends_at([short, long, other], {"service": "shop"}, at("2026-11-23T09:10"))
    assert found == at("2026-11-23T11:00")
    assert ends_at([short], {"service": "shop"}, at("2026-11-23T09:30")) is None


minutes = st.integers(0, 60 * 24 * 800)


@given(
    st.sampled_from([LISBON, LORD_HOWE, NEW_YORK, "UTC", "Pacific/Apia"]),
    st.integers(1, LONGEST), st.lists(st.integers(0, 6), max_size=7), minutes, st.times(),
)  # fmt: skip
def test_whatever_is_open_covers_now_and_what_comes_next_comes_later(zone, long, days, ahead, time):
    now = at("2026-01-01T00:00") + timedelta(minutes=ahead)
    starts = f"2026-01-01T{time:%H:%M}"
    given_one = window(starts, long, zone, weekdays=days)
    open_now, then = span_at(given_one, now), next_span(given_one, now)
    if open_now:
        assert open_now[0] <= now < open_now[1]
        assert open_now[1] - open_now[0] == timedelta(minutes=long)
    if then:
        assert then[0] > now
        assert span_at(given_one, then[0])
    assert bool(then) or not days


# What may be stored.


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"id": "new"}, "/id"),
        ({"name": ""}, "/name"),
        ({"colour": "red"}, "/colour"),
        ({"starts_at": None}, "/starts_at"),
        ({"starts_at": "2026-11-28"}, "/starts_at"),
        ({"starts_at": "2026-02-30T22:00"}, "/starts_at"),
        ({"starts_at": "2026-11-28T22:00Z"}, "/starts_at"),
        ({"starts_at": "2026-11-28T22:00+01:00"}, "/starts_at"),
        ({"starts_at": "0001-01-01T00:00"}, "/starts_at"),
        ({"starts_at": "9999-12-31T22:00"}, "/starts_at"),
        ({"starts_at": 20261128}, "/starts_at"),
        ({"minutes": 0}, "/minutes"),
        ({"minutes": LONGEST + 1}, "/minutes"),
        ({"minutes": True}, "/minutes"),
        ({"minutes": 1.5}, "/minutes"),
        ({"time_zone": "Mars"}, "/time_zone"),
        ({"time_zone": None}, "/time_zone"),
        ({"time_zone": ["UTC"]}, "/time_zone"),
        ({"weekdays": [7]}, "/weekdays"),
        ({"weekdays": [True]}, "/weekdays"),
        ({"weekdays": ["mon"]}, "/weekdays"),
        ({"weekdays": 5}, "/weekdays"),
        ({"until": "2027-02-30"}, "/until"),
        ({"until": "20270331"}, "/until"),
        ({"until": 7}, "/until"),
        ({"matchers": ["shop"]}, "/matchers/0"),
    ],
)
def test_a_wrong_window_is_refused_at_its_field(change, pointer):
    assert pointer in [one.pointer for one in maintenance.check({**DATA, **change})]


def test_a_sound_window_goes_through_and_stays_what_it_was():
    data = {**DATA, "weekdays": [5, 6], "until": "2027-03-31", "time_zone": LORD_HOWE,
            "matchers": ["service=shop"]}  # fmt: skip
    assert maintenance.check(data) == []
    assert Window.from_data(Window.from_data(data).to_data()) == Window.from_data(data)
    assert [one.pointer for one in maintenance.check([])] == [""]
