"""Business hours: by example, and to the microsecond like a slow walk through every minute."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from chalicelib.domain.business_hours import (
    NeverOpen,
    add_working,
    is_open,
    next_opening,
    working_seconds,
)
from chalicelib.domain.calendars import ALWAYS, WEEKDAYS, Calendar, check
from tests.cast import MONDAY_9, after
from tests.oracle import MINUTE, reads_open, walked, walked_to

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONES = (
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "America/Santiago",
    "Africa/Casablanca",
    "Europe/Lisbon",
    "Asia/Kolkata",
    "UTC",
)
OFFICE_DAY = [["09:00", "12:30"], ["13:30", "18:00"]]
OFFICE = {
    "id": "lisbon",
    "name": "Lisbon office",
    "version": 3,
    "zone": "Europe/Lisbon",
    "weekly": dict.fromkeys(WEEKDAYS[:5], OFFICE_DAY),
    "holidays": ["2026-12-25", "2026-12-01", "2026-12-08"],
    "openings": {"2026-12-24": [["09:00", "12:00"]], "2026-12-08": [["10:00", "11:00"]]},
    "country": None,
    "region": None,
    "public_holidays": {},
}
OFFICE_HOURS = Calendar.from_data(OFFICE)


def every_day(zone: str, *hours: list[str]) -> Calendar:
    weekly = {day: list(hours) for day in WEEKDAYS}
    return Calendar.from_data({"id": "daily", "name": "Daily", "zone": zone, "weekly": weekly})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# What the properties are tried with: hours of all shapes, mostly around a change of the clocks.


@lru_cache
def changes(zone: str) -> list[datetime]:
    """The hours of 2026 in which the zone changes its offset; New Year's Eve if it never does."""
    tz, first = ZoneInfo(zone), datetime(2026, 1, 1, tzinfo=UTC)
    hours = [first + n * HOUR for n in range(365 * 24)]
    offsets = [hour.astimezone(tz).utcoffset() for hour in hours]
    return [hours[n] for n in range(1, len(hours)) if offsets[n] != offsets[n - 1]] or hours[-1:]


times = st.one_of(
    st.integers(0, 1440),
    st.integers(0, 5 * 60),
    st.sampled_from([0, 60, 120, 150, 180, 1380, 1440]),
).map(lambda minute: f"{minute // 60:02d}:{minute % 60:02d}")


@st.composite
def hours(draw, fewest=0):
    bounds = sorted(draw(st.sets(times, min_size=fewest * 2, max_size=6)))
    return [list(pair) for pair in list(pairwise(bounds))[::2]]


@st.composite
def calendars(draw):
    """Plain data of a calendar, and an instant near which something happens to it."""
    zone = draw(st.sampled_from(ZONES))
    near = draw(st.sampled_from(changes(zone)))
    days = st.integers(-3, 3).map(lambda n: (near + n * DAY).date().isoformat())
    data = {
        "id": "drawn",
        "name": "Drawn",
        "version": 1,
        "zone": zone,
        "weekly": {day: draw(hours()) for day in WEEKDAYS},
        "holidays": sorted(draw(st.sets(days, max_size=2))),
        "openings": draw(st.dictionaries(days, hours(fewest=1), max_size=2)),
        "public_holidays": draw(st.dictionaries(days, st.just("Feast"), max_size=2)),
    }
    return data, near


spans = st.integers(0, 2 * DAY // timedelta(microseconds=1)).map(
    lambda microseconds: timedelta(microseconds=microseconds)
)


@settings(deadline=None)
@given(calendars(), spans, spans)
def test_working_time_is_what_the_clock_on_the_wall_says(drawn, before, length):
    (data, near), calendar = drawn, Calendar.from_data(drawn[0])
    start, end = near - before, near - before + length
    assert working_seconds(calendar, start, end) == walked(data, start, end).total_seconds()


@settings(deadline=None)
@given(calendars(), spans, st.integers(1, 30 * 3600 * 1_000_000))
def test_added_working_time_ends_where_a_walk_would(drawn, before, microseconds):
    (data, near), calendar = drawn, Calendar.from_data(drawn[0])
    start, left = near - before, timedelta(microseconds=microseconds)
    expected = walked_to(data, start, left, until=start + 4 * DAY)
    try:
        found = add_working(calendar, start, left.total_seconds())
    except NeverOpen:
        assert expected is None and not any(data["weekly"].values())
    else:
        assert found == expected if expected else found >= start + 4 * DAY


@settings(deadline=None)
@given(calendars(), spans, st.floats(0.001, 3e6))
def test_adding_undoes_measuring_and_measuring_undoes_adding(drawn, before, seconds):
    (data, near), calendar = drawn, Calendar.from_data(drawn[0])
    assume(any(data["weekly"].values()))
    start, seconds = near - before, round(seconds, 6)
    try:
        end = add_working(calendar, start, seconds)
    except NeverOpen:  # minutes a week: thirty years do not hold as much
        reject()
    assert working_seconds(calendar, start, end) == seconds
    assert add_working(calendar, start, working_seconds(calendar, start, end)) == end
    assert working_seconds(calendar, start, end - timedelta(microseconds=1)) < seconds


@settings(deadline=None)
@given(calendars(), spans, st.lists(spans, min_size=2, max_size=5))
def test_working_time_adds_up_wherever_it_is_cut(drawn, before, lengths):
    calendar, near = Calendar.from_data(drawn[0]), drawn[1]
    cuts = [near - before]
    for length in lengths:
        cuts.append(cuts[-1] + length)
    parts = sum(working_seconds(calendar, start, end) for start, end in pairwise(cuts))
    assert parts == pytest.approx(working_seconds(calendar, cuts[0], cuts[-1]), abs=1e-6)


@settings(deadline=None)
@given(calendars(), spans)
def test_it_is_open_when_the_clock_on_the_wall_says_so_and_next_opens_when_it_first_does(
    drawn, before
):
    (data, near), calendar = drawn, Calendar.from_data(drawn[0])
    at = near - before
    assert is_open(calendar, at) == reads_open(data, at.replace(second=0, microsecond=0))
    opens = next_opening(calendar, at)
    assert opens is None or is_open(calendar, opens)
    assert (opens == at) == is_open(calendar, at)
    if opens and opens < at + 3 * DAY:
        assert walked(data, at, opens) == timedelta()
    else:
        assert walked(data, at, at + 3 * DAY) == timedelta()


@settings(deadline=None)
@given(calendars())
def test_a_calendar_survives_being_stored(drawn):
    data, _ = drawn
    calendar = Calendar.from_data(data)
    assert Calendar.from_data(calendar.to_data()) == calendar
    assert check(data) == [] or not (any(data["weekly"].values()) or data["openings"])


@given(spans, st.floats(0, 1e9))
def test_around_the_clock_is_plain_addition(before, seconds):
    start = MONDAY_9 - before
    assert add_working(ALWAYS, start, seconds) == start + timedelta(seconds=seconds)
    assert working_seconds(ALWAYS, start, start + before) == before.total_seconds()


# By example.


def test_the_lunch_break_is_nobodys_working_time():
    assert working_seconds(OFFICE_HOURS, after(hours=3), after(hours=5)) == 3600
    assert add_working(OFFICE_HOURS, after(hours=3), 3600) == after(hours=5)
    assert not is_open(OFFICE_HOURS, after(hours=4))


def test_work_that_fills_a_day_ends_when_it_closes_and_not_when_it_opens_again():
    assert add_working(OFFICE_HOURS, MONDAY_9, 8 * 3600) == after(hours=9)
    assert add_working(OFFICE_HOURS, MONDAY_9, 8 * 3600 + 1) == after(days=1, seconds=1)
    late = MONDAY_9 + timedelta(microseconds=100_000)
    assert add_working(OFFICE_HOURS, late, 8 * 3600 - 0.1) == after(hours=9)


def test_the_end_of_an_interval_is_closed_and_its_start_is_open():
    assert is_open(OFFICE_HOURS, MONDAY_9)
    assert not is_open(OFFICE_HOURS, after(hours=9))


def test_no_time_at_all_gives_the_start_itself_even_if_closed():
    assert add_working(OFFICE_HOURS, after(hours=12), 0) == after(hours=12)


def test_time_is_never_taken_away():
    assert working_seconds(OFFICE_HOURS, after(hours=3), MONDAY_9) == 0
    assert working_seconds(ALWAYS, after(hours=3), MONDAY_9) == 0
    with pytest.raises(ValueError, match="never taken away"):
        add_working(OFFICE_HOURS, MONDAY_9, -1)


def test_a_holiday_is_skipped():
    assert working_seconds(OFFICE_HOURS, utc("2026-12-01"), utc("2026-12-02")) == 0
    assert next_opening(OFFICE_HOURS, utc("2026-12-01 10:00")) == utc("2026-12-02 09:00")


def test_a_one_off_opening_replaces_the_hours_of_its_date():
    assert working_seconds(OFFICE_HOURS, utc("2026-12-24"), utc("2026-12-25")) == 3 * 3600


def test_a_one_off_opening_opens_a_holiday():
    assert add_working(OFFICE_HOURS, utc("2026-12-08"), 1800) == utc("2026-12-08 10:30")


def test_an_open_office_next_opens_now():
    assert next_opening(OFFICE_HOURS, after(minutes=5)) == after(minutes=5)
    assert next_opening(ALWAYS, MONDAY_9) == MONDAY_9


def test_answers_are_in_utc_whatever_the_zone_of_the_question():
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Asia/Kolkata"))
    for calendar in (OFFICE_HOURS, ALWAYS):
        assert add_working(calendar, noon, 0).tzinfo is UTC
        assert add_working(calendar, noon, 9000).tzinfo is UTC
    assert add_working(OFFICE_HOURS, noon, 60) == MONDAY_9 + MINUTE


def test_an_hour_that_the_clocks_skip_is_nobodys_working_time():
    early = every_day("Europe/Berlin", ["01:00", "03:00"])
    assert working_seconds(early, utc("2026-03-28 12:00"), utc("2026-03-29 12:00")) == 3600
    skipped = every_day("Europe/Berlin", ["02:00", "03:00"])
    assert working_seconds(skipped, utc("2026-03-28 12:00"), utc("2026-03-29 12:00")) == 0
    half = every_day("Europe/Berlin", ["02:30", "04:00"])
    assert next_opening(half, utc("2026-03-29 00:00")) == utc("2026-03-29 01:00")


def test_an_hour_that_the_clocks_repeat_counts_twice():
    early = every_day("Europe/Berlin", ["01:00", "04:00"])
    assert working_seconds(early, utc("2026-10-24 12:00"), utc("2026-10-25 12:00")) == 4 * 3600


def test_hours_that_end_in_a_repeated_hour_come_in_two_stretches():
    night = every_day("Europe/Berlin", ["00:00", "02:30"])
    assert working_seconds(night, utc("2026-10-24 22:00"), utc("2026-10-25 12:00")) == 3 * 3600
    assert next_opening(night, utc("2026-10-25 00:30")) == utc("2026-10-25 01:00")


def test_lord_howe_turns_its_clocks_by_half_an_hour():
    early = every_day("Australia/Lord_Howe", ["01:00", "03:00"])
    assert working_seconds(early, utc("2026-10-03 02:00"), utc("2026-10-04 02:00")) == 1.5 * 3600
    assert working_seconds(early, utc("2026-04-04 02:00"), utc("2026-04-05 02:00")) == 2.5 * 3600


def test_santiago_skips_and_repeats_an_hour_at_midnight():
    night = every_day("America/Santiago", ["00:00", "02:00"], ["23:00", "24:00"])
    assert working_seconds(night, utc("2026-09-05 16:00"), utc("2026-09-06 16:00")) == 2 * 3600
    assert working_seconds(night, utc("2026-04-04 16:00"), utc("2026-04-05 16:00")) == 4 * 3600


def test_a_clock_that_is_set_back_over_midnight_shows_two_dates_twice():
    data = every_day("America/St_Johns", ["00:00", "00:01"], ["23:30", "24:00"]).to_data()
    start, end = utc("2010-11-07"), utc("2010-11-08")
    late = Calendar.from_data({**data, "holidays": ["2010-11-07"]})
    assert working_seconds(late, start, end) == walked(late.to_data(), start, end).total_seconds()
    assert working_seconds(late, start, end) == 3600


def test_a_day_that_a_zone_left_out_has_no_working_time():
    apia = every_day("Pacific/Apia", ["08:00", "16:00"])
    assert working_seconds(apia, utc("2011-12-29 16:00"), utc("2011-12-31 10:00")) == 16 * 3600
    assert add_working(apia, utc("2011-12-30 01:00"), 2 * 3600) == utc("2011-12-30 19:00")
    only = {**apia.to_data(), "weekly": {}, "openings": {"2011-12-30": [["08:00", "16:00"]]}}
    assert next_opening(Calendar.from_data(only), utc("2011-12-25")) is None


def test_hours_may_end_with_the_day_and_go_on_with_the_next():
    night = every_day("Asia/Kolkata", ["00:00", "06:00"], ["22:00", "24:00"])
    assert add_working(night, utc("2026-11-23 16:30"), 8 * 3600) == utc("2026-11-24 00:30")


def test_years_of_working_time_are_added_as_exactly_as_minutes():
    length = 40 * 250 * 3600 * 5
    spring = add_working(OFFICE_HOURS, MONDAY_9, length)
    assert working_seconds(OFFICE_HOURS, MONDAY_9, spring) == length
    assert 2048 < spring.year < 2052


def test_what_would_take_a_lifetime_is_given_up_after_thirty_years():
    """Or opening a ticket under such hours would walk through centuries, once for each step."""
    with pytest.raises(NeverOpen, match="30 years"):
        add_working(OFFICE_HOURS, MONDAY_9, 40 * 250 * 3600 * 10)


def test_a_calendar_that_opens_no_more_says_so():
    once = {**OFFICE, "weekly": {}, "holidays": []}
    calendar = Calendar.from_data(once)
    assert add_working(calendar, MONDAY_9, 4 * 3600) == utc("2026-12-24 12:00")
    with pytest.raises(NeverOpen, match="lisbon"):
        add_working(calendar, MONDAY_9, 4 * 3600 + 1)
    assert next_opening(calendar, utc("2027-01-01")) is None


def test_two_drafts_of_one_version_are_not_taken_for_each_other():
    draft = Calendar.from_data({**OFFICE, "holidays": ["2026-11-23"]})
    assert add_working(OFFICE_HOURS, MONDAY_9, 60) == after(minutes=1)
    assert add_working(draft, MONDAY_9, 60) == after(days=1, minutes=1)


def test_around_the_clock_is_a_calendar_too():
    assert ALWAYS.id == "24x7"
    assert ALWAYS.is_always
    assert Calendar.from_data(ALWAYS.to_data()) == ALWAYS
    assert not Calendar.from_data({**ALWAYS.to_data(), "holidays": ["2026-12-25"]}).is_always
    assert not OFFICE_HOURS.is_always


def test_a_calendar_reads_in_json_as_it_was_written():
    weekly = {**OFFICE["weekly"], "sat": [], "sun": []}
    in_order = {"holidays": sorted(OFFICE["holidays"]), "weekly": weekly}
    assert OFFICE_HOURS.to_data() == {**OFFICE, **in_order}
    assert check(OFFICE, date(2026, 1, 1)) == []


BAD = {
    "an id with a slash": ({"id": "a/b"}, "/id"),
    "no id": ({"id": None}, "/id"),
    "the id of the built-in one": ({"id": "24x7"}, "/id"),
    "no name": ({"name": " "}, "/name"),
    "a version in words": ({"version": "two"}, "/version"),
    "an unknown field": ({"a/b~c": 1}, "/a~1b~0c"),
    "an unknown zone": ({"zone": "Mars/Olympus"}, "/zone"),
    "a folder of zones": ({"zone": "America"}, "/zone"),
    "a zone out of the tree": ({"zone": "../etc/passwd"}, "/zone"),
    "no zone": ({"zone": None}, "/zone"),
    "no weekly hours": ({"weekly": None}, "/weekly"),
    "an unknown weekday": ({"weekly": {"monday": OFFICE_DAY}}, "/weekly/monday"),
    "hours in a word": ({"weekly": {"mon": "09:00-17:00"}}, "/weekly/mon"),
    "an interval without an end": ({"weekly": {"mon": [["09:00"]]}}, "/weekly/mon/0"),
    "an hour of one digit": ({"weekly": {"mon": [["9:00", "17:00"]]}}, "/weekly/mon/0"),
    "an hour that no day has": ({"weekly": {"mon": [["09:00", "24:01"]]}}, "/weekly/mon/0"),
    "a time as a number": ({"weekly": {"mon": [[540, 1020]]}}, "/weekly/mon/0"),
    "an empty interval": ({"weekly": {"mon": [["09:00", "09:00"]]}}, "/weekly/mon/0"),
    "an inverted interval": ({"weekly": {"mon": [["22:00", "06:00"]]}}, "/weekly/mon/0"),
    "overlapping intervals": (
        {"weekly": {"tue": [["13:00", "18:00"], ["09:00", "13:01"]]}},
        "/weekly/tue/1",
    ),
    "holidays by name": ({"holidays": "christmas"}, "/holidays"),
    "a day that no month has": ({"holidays": ["2026-12-25", "2026-02-30"]}, "/holidays/1"),
    "a date without hyphens": ({"holidays": ["20261225"]}, "/holidays/0"),
    "a date as a number": ({"holidays": [20261225]}, "/holidays/0"),
    "openings in a list": ({"openings": []}, "/openings"),
    "an opening on no date": ({"openings": {"xmas/eve": OFFICE_DAY}}, "/openings/xmas~1eve"),
    "an opening without hours": ({"openings": {"2026-12-24": []}}, "/openings/2026-12-24"),
    "an overlap in an opening": (
        {"openings": {"2026-12-24": [["09:00", "12:00"], ["11:00", "13:00"]]}},
        "/openings/2026-12-24/1",
    ),
    "no hours at all": ({"weekly": {}, "openings": {}}, "/weekly"),
    "no hours before next year is over": (
        {"weekly": {"mon": []}, "openings": {"2028-01-03": OFFICE_DAY}},
        "/weekly",
    ),
}


@pytest.mark.parametrize(("change", "pointer"), BAD.values(), ids=BAD)
def test_a_bad_calendar_is_refused_with_its_field_and_a_reason(change, pointer):
    wrong = check({**OFFICE, **change}, today=date(2026, 11, 23))
    assert [error.pointer for error in wrong] == [pointer]
    assert wrong[0].detail.endswith(".")


@pytest.mark.parametrize("data", [None, [], "24x7"], ids=str)
def test_what_is_no_calendar_at_all_is_refused(data):
    assert [error.pointer for error in check(data)] == [""]


def test_touching_intervals_do_not_overlap_and_need_no_order():
    hours = [["13:00", "18:00"], ["09:00", "13:00"]]
    data = {**OFFICE, "weekly": {"mon": hours}}
    assert check(data, date(2026, 11, 23)) == []
    assert add_working(Calendar.from_data(data), MONDAY_9, 9 * 3600) == after(hours=9)


def test_without_a_date_to_count_from_any_opening_will_do():
    assert check({**OFFICE, "weekly": {}}) == []
    assert [error.pointer for error in check({**OFFICE, "weekly": {}, "openings": {}})] == [
        "/weekly"
    ]
