"""The settings page of shifts: how the coming week is covered, and who works by which hours."""

import re

import pytest

from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import Availability, Role
from chalicelib.models.person import Person
from chalicelib.services import desk_settings, members, settings, sla_settings
from tests.cast import ADA, ANA, BEN, CHI, LEA, MONDAY_9, ROSA, after
from tests.factories import employ
from tests.integration.browser import Browser, Page
from tests.integration.editors import plain, pressed
from tests.integration.test_pages_settings import HOSTILE, error_at

pytestmark = pytest.mark.usefixtures("cloud")

PAGE = "/settings/shifts"
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
WEEK = {day: [["09:00", "18:00"]] for day in WORKDAYS}
DAY = {"id": "day", "name": "Day", "zone": "UTC", "weekly": WEEK}


@pytest.fixture
def ada() -> Browser:
    sla_settings.put_calendar(DAY, ADA, MONDAY_9)
    employ(ADA, LEA)
    employ(ANA, BEN, CHI, shift="day")
    settings.put(settings.TIER, "2", {"name": "Specialists"})
    return Browser().sign_in(ADA)


def picture(page: Page, title: str) -> str:
    """The part of the page that is about a tier or a team."""
    text = plain(page)
    cards = re.split(
        r"<section class=\"card pane cover\"|<details class=\"card fold cover\">", text
    )
    return next(one for one in cards if f"<bdi>{title}</bdi>" in one)


def numbers(part: str) -> list[list[str]]:
    """What stands in the cells, a list a day."""
    body = part.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = body.split("<tr>")[1:]
    return [re.findall(r"<td [^>]*>(\d*)</td>", row) for row in rows]


def test_each_hour_of_the_week_says_how_many_are_on_shift(ada):
    days = numbers(picture(ada.get(PAGE), "Tier 1"))
    assert [len(one) for one in days] == [24] * 7
    assert days[0] == ["0"] * 9 + ["2"] * 9 + ["0"] * 6
    assert days[5] == days[6] == ["0"] * 24
    assert numbers(picture(ada.get(PAGE), "Tier 2 · Specialists"))[0][9:18] == ["1"] * 9


def test_gaps_are_said_plainly_from_now_on(ada):
    part = picture(ada.get(PAGE), "Tier 1")
    gaps = re.findall(r"<li>(.*?)</li>", part)
    assert gaps[0] == "Mon 18:00 \N{EN DASH} Tue 09:00"
    assert gaps[-1] == "Fri 18:00 \N{EN DASH} the end of these days"
    assert "114 h without anybody" in part
    assert 'aria-current="time"' in part


def test_a_tier_in_which_nobody_works_says_so(ada):
    part = picture(ada.get(PAGE), "Tier 3")
    assert "Nobody works here." in part
    assert numbers(part)[0] == ["0"] * 24


def test_whoever_has_no_shift_covers_all_hours(ada):
    employ(BEN)
    part = picture(ada.get(PAGE), "Tier 1")
    assert "Always somebody." in part
    assert "without anybody" not in part
    assert numbers(part)[0] == ["1"] * 9 + ["2"] * 9 + ["1"] * 6


def test_the_hours_are_those_of_the_reader_or_of_the_zone_asked_for(ada):
    Person.get(ADA.id).update([Person.time_zone.set("Asia/Tokyo")])
    own = ada.get(PAGE)
    assert 'value="Asia/Tokyo"' in own.text
    assert numbers(picture(own, "Tier 1"))[0] == ["0"] * 18 + ["2"] * 6
    asked = ada.get(f"{PAGE}?zone=Europe/Paris")
    assert numbers(picture(asked, "Tier 1"))[0][10:19] == ["2"] * 9
    assert "Back to Asia/Tokyo" in asked.text


def test_a_zone_that_is_none_is_refused_at_its_field_and_kept(ada):
    page = ada.get(f"{PAGE}?zone=Atlantis")
    assert "no such zone" in error_at(page, "zone")
    assert 'value="Atlantis"' in page.text
    assert numbers(picture(page, "Tier 1"))[0][9] == "2"


def test_whoever_is_out_of_office_counts_from_when_they_are_back(ada):
    members.set_availability(CHI, Availability.OUT_OF_OFFICE, after(days=2), MONDAY_9)
    days = numbers(picture(ada.get(PAGE), "Tier 2 · Specialists"))
    assert [one[10] for one in days] == ["0", "0", "1", "1", "1", "0", "0"]
    members.set_availability(CHI, Availability.OUT_OF_OFFICE, None, MONDAY_9)
    assert numbers(picture(ada.get(PAGE), "Tier 2 · Specialists"))[4][10] == "0"
    members.set_availability(CHI, Availability.BUSY, None, MONDAY_9)
    assert numbers(picture(ada.get(PAGE), "Tier 2 · Specialists"))[0][10] == "1"


def test_a_dedicated_team_counts_for_itself_and_not_for_its_tier(ada):
    desk_settings.put_team({"id": "vip", "name": "Vip", "dedicated": True}, ADA, MONDAY_9)
    employ(BEN, team="vip", shift="day")
    page = ada.get(PAGE)
    assert numbers(picture(page, "Tier 1"))[0][10] == "1"
    assert numbers(picture(page, "Vip"))[0][10] == "1"
    assert "1 person" in picture(page, "Vip")


def test_calendars_are_listed_with_who_works_by_them(ada):
    text = plain(ada.get(PAGE)).partition("Who works by which hours")[2]
    day, always = text.split("<h3>Always</h3>")
    assert 'href="/settings/calendars/day"' in day
    assert [one.name in day for one in (ANA, BEN, CHI, ADA)] == [True, True, True, False]
    assert [one.name in always for one in (ADA, LEA, ANA)] == [True, True, False]
    assert "24x7" not in text.partition("<datalist")[0]
    assert "the shift of 3 agents" in ada.get("/settings/calendars").text


def test_a_calendar_by_which_somebody_works_is_not_deleted(ada):
    refused = pressed(ada, "/settings/calendars/day", "delete")
    assert (refused.status, "is used by Ana Costa" in refused.text) == (409, True)
    employ(ANA, BEN, CHI)
    assert pressed(ada, "/settings/calendars/day", "delete").status == 303


def test_a_shift_has_no_page_of_its_own_and_nothing_is_sent_here(ada):
    assert ada.get(f"{PAGE}/day").status == 404
    csrf = ada.get(PAGE).forms["/sign-out"]["csrf"]
    assert [ada.post(path, {"csrf": csrf}).status for path in (PAGE, f"{PAGE}/day")] == [404, 404]


def test_leads_read_it_and_nobody_else(ada):
    assert Browser().sign_in(LEA).get(PAGE).status == 200
    desk_settings.put_team({"id": "out", "name": "Out", "outside": True}, ADA, MONDAY_9)
    sue = Actor("P-SUE", "Sue Plier", Role.LEAD, "sue@supplier.example")
    employ(sue, team="out")
    employ(ROSA)
    assert [Browser().sign_in(who).get(PAGE).status for who in (ANA, ROSA, sue)] == [403] * 3


def test_hostile_words_stay_words(ada):
    sla_settings.put_calendar({**DAY, "name": HOSTILE}, ADA, MONDAY_9)
    employ(Actor("P-EVE", HOSTILE, Role.AGENT, "eve@desk.example"), shift="day", tiers=[1])
    page = ada.get(f"{PAGE}?zone={HOSTILE}")
    assert (page.status, "<script>alert" in page.text) == (200, False)
