"""The settings pages of maintenance windows: what goes on, what comes next, and the editor."""

import pytest

from chalicelib.models.person import Person
from chalicelib.services import alert_settings, settings
from tests.cast import ADA, ANA, LEA, MONDAY_9, ROSA
from tests.factories import employ
from tests.integration.browser import Browser
from tests.integration.editors import filled, pressed, sent
from tests.integration.monitoring import connect, incidents, report, told
from tests.integration.page_text import text_of
from tests.integration.test_pages_settings import HOSTILE, error_at

pytestmark = pytest.mark.usefixtures("cloud")

LIST = "/settings/maintenance"
NEW, PATCH = f"{LIST}/new", f"{LIST}/patch"
WINDOW = {
    "id": "patch", "name": "Patch night", "starts_at": "2026-11-21T22:00", "minutes": 90,
    "time_zone": "Europe/Lisbon", "weekdays": [5, 6], "until": "2027-03-31",
    "matchers": ["service=shop"],
}  # fmt: skip


@pytest.fixture
def ada() -> Browser:
    employ(ADA, LEA, ANA)
    alert_settings.put_window(WINDOW, ADA, MONDAY_9)
    return Browser().sign_in(ADA)


def once(window_id: str, starts_at: str) -> None:
    data = {"id": window_id, "name": window_id.upper(), "starts_at": starts_at, "minutes": 60}
    alert_settings.put_window(data, ADA, MONDAY_9)


def test_the_list_says_what_goes_on_now_then_what_comes_then_what_is_over(ada):
    once("past", "2026-11-20T09:00")
    once("open", "2026-11-23T08:30")
    text = text_of(ada.get(LIST))
    said = ("OPEN open until 09:30", "Patch night next", "PAST over")
    places = [text.index(one) for one in said]
    assert places == sorted(places)
    assert "Once, on 23 Nov 2026 at 08:30 for 1 hour" in text
    every = "Every Saturday and Sunday at 22:00 for 1 hour 30 minutes, until 31 Mar 2027"
    assert every in text
    assert "what says service is “shop”" in text


def test_the_coming_week_is_drawn(ada):
    page = ada.get(LIST)
    assert page.text.count('<rect class="open"') == 2
    assert 'aria-label="In the coming seven days 2 times"' in page.text
    assert "style=" not in page.text


def test_a_new_window_begins_in_the_zone_of_its_writer(ada):
    assert filled(ada.get(NEW), NEW)["zone"] == "UTC"
    Person(ADA.id).update(actions=[Person.time_zone.set("Europe/Lisbon")])
    form = filled(ada.get(NEW), NEW)
    assert form["zone"] == "Europe/Lisbon"
    assert form["starts_at"] == "2026-11-23T10:00"
    assert form["minutes"] == "120"


def test_a_window_is_stored_and_holds_alerts_back(ada):
    page = ada.follow(sent(ada, NEW, id="now", name="Now", starts_at="2026-11-23T09:30",
                           zone="Europe/Berlin", minutes="60", matchers="alertname=Disk*",
                           ))  # fmt: skip
    assert "Version 1 is stored." in page.text
    stored = alert_settings.window("now")
    assert (stored.starts_at, stored.time_zone) == ("2026-11-23T09:30", "Europe/Berlin")
    assert (stored.weekdays, stored.until) == ([], None)
    report(connect(), told("DiskFull"), told("Heat"))
    assert [one.subject for one in incidents()] == ["Heat is broken"]


def test_it_repeats_on_the_days_that_are_ticked(ada):
    sent(ada, NEW, id="week", name="Week", on_0="yes", on_4="yes", until="2026-12-31")
    stored = alert_settings.window("week")
    assert (stored.weekdays, stored.until) == ([0, 4], "2026-12-31")
    sent(ada, f"{LIST}/week", on_0="", until="")
    assert alert_settings.window("week").weekdays == [4]
    assert alert_settings.window("week").until is None


def test_what_is_saved_unchanged_stays_the_same(ada):
    before = alert_settings.window("patch")
    assert sent(ada, PATCH).status == 303
    assert {**alert_settings.window("patch").to_data(), "version": 1} == before.to_data()


@pytest.mark.parametrize(("typed", "field", "words"), [
    ({"name": ""}, "name", "Give a name"),
    ({"starts_at": "tomorrow"}, "starts_at", "Give a day and a time"),
    ({"starts_at": ""}, "starts_at", "Give a day and a time"),
    ({"minutes": "0"}, "minutes", "Give how long it lasts"),
    ({"minutes": "a while"}, "minutes", "Give how long it lasts"),
    ({"minutes": "99999"}, "minutes", "Give how long it lasts"),
    ({"zone": "Mars/Olympus"}, "zone", "IANA name"),
    ({"zone": ""}, "zone", "IANA name"),
    ({"until": "2026-02-31"}, "until", "a day that exists"),
    ({"matchers": "nonsense"}, "matchers", "“nonsense”: Give label=value"),
])  # fmt: skip
def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(ada, typed, field, words):
    kept = {"on_2": "yes", **typed}
    page = sent(ada, PATCH, **kept)
    assert page.status == 422
    assert words in error_at(page, field)
    again = filled(page, PATCH)
    assert all(again[name] == text for name, text in kept.items())
    assert alert_settings.window("patch").version == 1


def test_what_somebody_else_stored_meanwhile_is_not_written_over(ada):
    form = filled(ada.get(PATCH), PATCH)
    sent(ada, PATCH, minutes="30")
    page = ada.post(PATCH, {**form, "do": "save", "minutes": "45"})
    assert (page.status, "somebody else stored version 2" in page.text) == (409, True)
    assert filled(page, PATCH)["minutes"] == "45"


def test_a_window_is_deleted_by_a_button(ada):
    assert "It is deleted." in ada.follow(pressed(ada, PATCH, "delete")).text
    assert settings.windows() == []
    assert ada.get(PATCH).status == 404


def test_leads_read_and_nobody_else_does(ada):
    employ(ROSA)
    lea = Browser().sign_in(LEA)
    for path in (LIST, NEW, PATCH):
        assert lea.get(path).status == 200
        assert 'value="save"' not in lea.get(path).text
        assert Browser().sign_in(ANA).get(path).status == 403
        assert Browser().sign_in(ROSA).get(path).status == 403
    assert lea.post(PATCH, {**filled(lea.get(PATCH), PATCH), "do": "save"}).status == 403


def test_hostile_text_is_shown_as_text(ada):
    sent(ada, NEW, id="x", name=HOSTILE, matchers=f"a={HOSTILE}")
    for path in (LIST, f"{LIST}/x"):
        assert "<script>alert" not in ada.get(path).text
