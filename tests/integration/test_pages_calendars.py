"""The settings pages of calendars and branches: the editor, its drawings, and who uses what."""

import pytest

from chalicelib.services import settings, sla_settings
from tests.cast import ADA, LEA, MONDAY_9
from tests.factories import employ
from tests.integration.browser import Browser, Page
from tests.integration.fields import fields_of
from tests.integration.test_pages_settings import HOSTILE, error_at, stored

pytestmark = pytest.mark.usefixtures("cloud")

LIST = "/settings/calendars"
BRANCHES = "/settings/branches"
LISBON = {
    "id": "lisbon",
    "name": "Lisbon office",
    "zone": "Europe/Lisbon",
    "weekly": {day: [["09:00", "12:30"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "country": "PT",
    "holidays": ["2026-12-31"],
    "openings": {"2026-12-24": [["09:00", "12:00"]]},
}


@pytest.fixture
def ada() -> Browser:
    employ(ADA, LEA)
    sla_settings.put_calendar(LISBON, ADA, MONDAY_9)
    return Browser().sign_in(ADA)


def sent(browser: Browser, calendar: str, do: str = "save", /, **typed: str) -> Page:
    """Change fields of a calendar's editor and press one of its buttons."""
    path = f"{LIST}/{calendar}"
    form = {**fields_of(browser.get(path), path), "do": do, **typed}
    return browser.post(path, form)


def test_a_calendar_is_stored_with_its_weeks_and_days(ada):
    page = ada.follow(sent(ada, "new", id="lyon", name="Lyon store", zone="Europe/Paris",
                           mon="9-12:30, 13:30-18", tue="24h", wed="", thu="22:00–24:00",
                           country="FR", region="57", holidays="2026-12-31\r\n\r\n2027-01-02",
                           openings="2026-12-25 10:00-12:00, 13:00-14:00"))  # fmt: skip
    assert "Version 1 is stored." in page.text
    data = sla_settings.calendar("lyon").to_data()
    assert data["weekly"]["mon"] == [["09:00", "12:30"], ["13:30", "18:00"]]
    assert data["weekly"]["tue"] == [["00:00", "24:00"]]
    assert (data["weekly"]["wed"], data["weekly"]["thu"]) == ([], [["22:00", "24:00"]])
    assert data["weekly"]["fri"] == [["09:00", "17:00"]]
    assert data["holidays"] == ["2026-12-31", "2027-01-02"]
    assert data["openings"] == {"2026-12-25": [["10:00", "12:00"], ["13:00", "14:00"]]}
    assert "Good Friday" in data["public_holidays"].values()


def test_what_is_saved_unchanged_stays_the_same(ada):
    before = sla_settings.calendar("lisbon").to_data()
    assert sent(ada, "lisbon").status == 303
    assert sla_settings.calendar("lisbon").to_data() == {**before, "version": 2}


def test_the_page_draws_the_week_and_names_the_coming_days(ada):
    text = ada.get(f"{LIST}/lisbon").text
    assert 'aria-label="Monday, 09:00–12:30"' in text
    assert '<rect class="open" x="540" width="210" height="16"/>' in text
    assert "Restoration of Independence Day" in text
    assert "Given holiday" in text
    assert "One-off opening" in text


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"zone": "Lisbon"}, "zone", "IANA"),
        ({"tue": "9-12, 11-18"}, "tue", "overlaps"),
        ({"tue": "18-9"}, "tue", "ends after it starts"),
        ({"tue": "early"}, "tue", "Write hours like"),
        ({"tue": "09:00-25:00"}, "tue", "Write hours like"),
        ({"mon": "", "tue": "", "wed": "", "thu": "", "fri": "", "sat": "",
          "openings": ""}, "mon", "once"),
        ({"holidays": "2026-12-31\n2026-02-30"}, "holidays", "Date 2: Give a date that exists"),
        ({"openings": "2026-12-24"}, "openings", "2026-12-24: Give at least one interval"),
        ({"openings": "Christmas 9-12"}, "openings", "Christmas: Give a date"),
        ({"openings": "2026-12-24 noon"}, "openings", "Write the date and its hours"),
        ({"country": "XX"}, "country", "No public holidays are known of XX"),
        ({"region": "BY"}, "region", "PT has no region BY"),
        ({"name": " "}, "name", "Give a name"),
    ],
)  # fmt: skip
def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(ada, typed, field, words):
    kept = {"sat": "10-11", **typed}
    page = sent(ada, "lisbon", **kept)
    assert page.status == 422
    assert words in error_at(page, field)
    again = fields_of(page, f"{LIST}/lisbon")
    assert all(again[name] == text for name, text in kept.items() if name != "country")
    assert sla_settings.calendar("lisbon").version == 1


def test_regions_are_shown_without_storing_and_one_of_another_country_is_dropped(ada):
    page = sent(ada, "lisbon", "regions", country="DE", region="11", name="Typed")
    assert page.status == 200
    assert '<option value="BY">Bayern (BY)</option>' in page.text
    again = fields_of(page, f"{LIST}/lisbon")
    assert (again["name"], again["country"], again["region"]) == ("Typed", "DE", "")
    assert sla_settings.calendar("lisbon").version == 1


def test_a_calendar_that_somebody_else_stored_meanwhile_is_held_back(ada):
    path = f"{LIST}/lisbon"
    form = {**fields_of(ada.get(path), path), "do": "save", "name": "Mine"}
    sla_settings.put_calendar({**LISBON, "name": "Theirs"}, ADA, MONDAY_9)
    held = ada.post(path, form)
    assert held.status == 409
    assert "stored <bdi>Theirs</bdi>" in " ".join(held.text.split())
    assert ada.post(path, {**fields_of(held, path), "do": "save"}).status == 303
    assert sla_settings.calendar("lisbon").name == "Mine"


def test_the_same_form_sent_twice_is_stored_once(ada):
    path = f"{LIST}/lisbon"
    form = {**fields_of(ada.get(path), path), "do": "save", "name": "Lisbon"}
    assert [ada.post(path, form).status for _ in range(2)] == [303, 303]
    assert sla_settings.calendar("lisbon").version == 2


def test_a_calendar_in_use_is_not_deleted_and_its_users_are_named(ada):
    path = f"{LIST}/lisbon"
    stored("gold", calendar="lisbon")
    csrf = {"csrf": ada.get(path).forms[path]["csrf"], "do": "delete"}
    refused = ada.post(path, csrf)
    assert (refused.status, "is used by Gold" in refused.text) == (409, True)
    assert "used by <bdi>Gold</bdi>" in ada.get(LIST).text
    stored("gold")
    assert "It is deleted." in ada.follow(ada.post(path, csrf)).text
    assert ada.get(path).status == 404


def test_24x7_is_shown_and_cannot_be_changed(ada):
    page = ada.get(f"{LIST}/24x7")
    assert "built in" in page.text
    assert f'action="{LIST}/24x7"' not in page.text
    csrf = {"csrf": ada.get(f"{LIST}/lisbon").forms[f"{LIST}/lisbon"]["csrf"]}
    assert ada.post(f"{LIST}/24x7", {**csrf, "do": "delete"}).status == 409
    assert ada.post(f"{LIST}/24x7", {**csrf, "do": "save", "name": "x"}).status == 422


def test_a_lead_cannot_store_a_calendar_or_a_branch(ada):
    lea = Browser().sign_in(LEA)
    assert sent(lea, "lisbon").status == 403
    csrf = lea.get(f"{LIST}/lisbon").forms[f"{LIST}/lisbon"]["csrf"]
    form = {"csrf": csrf, "id": "lyon", "name": "Lyon", "calendar": "24x7"}
    assert lea.post(f"{BRANCHES}/new", form).status == 403
    assert settings.branches() == []


def test_a_branch_is_added_changed_and_deleted(ada):
    path = f"{BRANCHES}/new"
    form = fields_of(ada.get(BRANCHES), path)
    page = ada.follow(ada.post(path, {**form, "id": "lx", "name": "Lisboa", "calendar": "lisbon"}))
    assert "Version 1 is stored." in page.text
    assert ">Lisboa<" in page.text
    own = fields_of(page, f"{BRANCHES}/lx")
    changed = ada.post(f"{BRANCHES}/lx", {**own, "do": "save", "calendar": "24x7"})
    assert changed.status == 303
    assert settings.branch("lx") == {"id": "lx", "name": "Lisboa", "calendar": "24x7",
                                     "version": 2}  # fmt: skip
    gone = ada.follow(ada.post(f"{BRANCHES}/lx", {"csrf": own["csrf"], "do": "delete"}))
    assert "It is deleted." in gone.text
    assert settings.branches() == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"name": ""}, "name"), ({"id": "not an id"}, "id"), ({"id": "new"}, "id"),
     ({"calendar": "nowhere"}, "calendar"), ({"name": "n" * 101}, "name")],
)  # fmt: skip
def test_a_wrong_branch_is_refused_at_its_field(ada, typed, field):
    form = {**fields_of(ada.get(BRANCHES), f"{BRANCHES}/new"), "id": "lx", "name": "Lisboa"}
    page = ada.post(f"{BRANCHES}/new", {**form, **typed})
    assert page.status == 422
    assert error_at(page, field)
    assert settings.branches() == []


def test_hostile_words_stay_words(ada):
    sla_settings.put_calendar({**LISBON, "name": HOSTILE}, ADA, MONDAY_9)
    branch = {"id": "lx", "name": HOSTILE, "calendar": "lisbon"}
    sla_settings.put_branch(branch, ADA, MONDAY_9)
    for path in (LIST, f"{LIST}/lisbon", BRANCHES, f"{BRANCHES}/lx", "/settings/jobs"):
        assert "<script>alert" not in ada.get(path).text
    page = sent(ada, "lisbon", mon=HOSTILE, openings=HOSTILE, zone=HOSTILE, region=HOSTILE[:60])
    assert page.status == 422
    assert "<script>alert" not in page.text
