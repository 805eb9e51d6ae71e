"""Calendars that know their country's public holidays: closed then, unless an opening says so."""

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.business_hours import add_working, is_open, next_opening
from chalicelib.domain.calendars import ALWAYS, Calendar, check

FRIDAY = datetime(2026, 12, 25, 10, 0, tzinfo=UTC)
MONDAY = datetime(2026, 12, 28, 9, 0, tzinfo=UTC)
DAY = [["09:00", "17:00"]]
PORTO = {
    "id": "porto",
    "name": "Porto office",
    "version": 2,
    "zone": "Europe/Lisbon",
    "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), DAY),
    "holidays": ["2026-12-24"],
    "openings": {},
    "country": "PT",
    "region": "13",
    "public_holidays": {"2026-12-25": "Christmas Day", "2026-12-08": "Immaculate Conception"},
}


def test_a_public_holiday_closes():
    calendar = Calendar.from_data(PORTO)
    assert not is_open(calendar, FRIDAY)
    assert next_opening(calendar, FRIDAY) == MONDAY
    assert add_working(calendar, FRIDAY, 3600) == MONDAY.replace(hour=10)


def test_a_holiday_of_the_calendars_own_closes_beside_them():
    assert not is_open(Calendar.from_data(PORTO), FRIDAY.replace(day=24))


def test_an_opening_opens_a_public_holiday():
    calendar = Calendar.from_data({**PORTO, "openings": {"2026-12-25": [["10:00", "12:00"]]}})
    assert is_open(calendar, FRIDAY)
    assert add_working(calendar, FRIDAY, 2 * 3600) == FRIDAY.replace(hour=12)


def test_another_year_has_holidays_only_if_they_are_stored():
    assert is_open(Calendar.from_data(PORTO), FRIDAY.replace(year=2028))


def test_public_holidays_survive_being_stored():
    calendar = Calendar.from_data(PORTO)
    assert calendar.public_holidays[date(2026, 12, 25)] == "Christmas Day"
    assert Calendar.from_data(calendar.to_data()) == calendar
    assert list(calendar.to_data()["public_holidays"]) == ["2026-12-08", "2026-12-25"]
    assert calendar.to_data()["country"] == "PT"
    assert calendar.to_data()["region"] == "13"


def test_a_version_stored_before_there_were_public_holidays_still_loads():
    new = ("country", "region", "public_holidays")
    calendar = Calendar.from_data({key: PORTO[key] for key in PORTO if key not in new})
    assert (calendar.country, calendar.region, calendar.public_holidays) == (None, None, {})
    assert is_open(calendar, FRIDAY)


def test_two_drafts_with_other_public_holidays_are_not_taken_for_each_other():
    draft = Calendar.from_data({**PORTO, "public_holidays": {}})
    assert add_working(Calendar.from_data(PORTO), FRIDAY, 3600) == MONDAY.replace(hour=10)
    assert add_working(draft, FRIDAY, 3600) == FRIDAY.replace(hour=11)


def test_around_the_clock_with_a_public_holiday_is_not_always():
    data = {**ALWAYS.to_data(), "public_holidays": {"2026-12-25": "Christmas Day"}}
    calendar = Calendar.from_data(data)
    assert not calendar.is_always
    assert add_working(calendar, FRIDAY, 60) == datetime(2026, 12, 26, 0, 1, tzinfo=UTC)


def test_a_calendar_with_public_holidays_can_be_used():
    assert check(PORTO, date(2026, 11, 23)) == []
    assert check({**PORTO, "region": None}) == []
    assert check({**PORTO, "country": None, "region": None}) == []


def test_public_holidays_on_every_open_day_leave_none():
    mondays = (date(2026, 11, 23) + timedelta(weeks=week) for week in range(53))
    closed = {day.isoformat(): "Monday off" for day in mondays}
    data = {**PORTO, "weekly": {"mon": DAY}, "public_holidays": closed}
    assert [error.pointer for error in check(data, date(2026, 11, 23))] == ["/weekly"]


BAD = {
    "a country by name": ({"country": "Portugal"}, "/country"),
    "a country in small letters": ({"country": "pt"}, "/country"),
    "a country as a number": ({"country": 351}, "/country"),
    "a region of no country": ({"country": None}, "/region"),
    "a region as a number": ({"region": 13}, "/region"),
    "a blank region": ({"region": " "}, "/region"),
    "public holidays in a list": ({"public_holidays": ["2026-12-25"]}, "/public_holidays"),
    "public holidays left empty": ({"public_holidays": None}, "/public_holidays"),
    "a day that no month has": (
        {"public_holidays": {"2026-02-30": "Leap"}},
        "/public_holidays/2026-02-30",
    ),
    "a day with slashes": ({"public_holidays": {"2/3": "Feast"}}, "/public_holidays/2~13"),
    "a holiday without a name": (
        {"public_holidays": {"2026-12-25": " "}},
        "/public_holidays/2026-12-25",
    ),
    "a name as a number": ({"public_holidays": {"2026-12-25": 1}}, "/public_holidays/2026-12-25"),
}


@pytest.mark.parametrize(("change", "pointer"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_refused_with_its_field_and_a_reason(change, pointer):
    wrong = check({**PORTO, **change}, today=date(2026, 11, 23))
    assert [error.pointer for error in wrong] == [pointer]
    assert wrong[0].detail.endswith(".")
