"""The settings pages of the desk's people: the table, the editor, availability and leaving."""

import pytest

from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import Availability, Level, Role
from chalicelib.models.person import Person
from chalicelib.services import desk_settings, members, ownership, sla_settings, staff
from tests.cast import ADA, ANA, BEN, CHI, LEA, MONDAY_9, ROSA, after
from tests.factories import a_ticket, employ
from tests.integration.browser import Browser, Page
from tests.integration.editors import filled, plain, pressed, sent
from tests.integration.fields import fields_of
from tests.integration.test_pages_settings import HOSTILE, error_at

pytestmark = pytest.mark.usefixtures("cloud")

LIST, NEW = "/settings/people", "/settings/people/new"
OF_ANA = f"{LIST}/{ANA.id}"
WEEK = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
LATE = {"id": "late", "name": "Late shift", "zone": "UTC", "weekly": {"mon": [["14:00", "22:00"]]}}
DAY = {"id": "day", "name": "Day shift", "zone": "UTC", "weekly": WEEK}
EVA = {"name": "Eva Lind", "email": "eva@desk.example", "do": "save"}


@pytest.fixture
def ada() -> Browser:
    employ(ADA, LEA, ANA, BEN, CHI)
    for calendar in (DAY, LATE):
        sla_settings.put_calendar(calendar, ADA, MONDAY_9)
    desk_settings.put_team({"id": "networks", "name": "Networks"}, ADA, MONDAY_9)
    sla_settings.put_branch({"id": "lx", "name": "Lisboa", "calendar": "day"}, ADA, MONDAY_9)
    return Browser().sign_in(ADA)


def added(browser: Browser, **typed: str) -> Page:
    return browser.post(NEW, {**filled(browser.get(NEW), NEW), **EVA, **typed})


def said(browser: Browser, **typed: str) -> Page:
    """Change the availability of Ana."""
    form = fields_of(browser.get(OF_ANA), OF_ANA, has="status")
    return browser.post(OF_ANA, {**form, "do": "availability", **typed})


def row_of(page: Page, actor: Actor) -> str:
    """The part of the table that is about somebody."""
    rows = plain(page).split("<tr>")
    return next(one for one in rows if f"{LIST}/{actor.id}" in one)


def test_the_table_says_of_everybody_what_they_do_and_whether_they_are_there(ada):
    sent(ada, OF_ANA, team="networks", branch="lx", shift="late", skills="network 3\nsap 2",
         languages="pt, en")  # fmt: skip
    members.set_availability(ANA, Availability.BUSY, after(hours=2), MONDAY_9)
    ownership.assign(
        a_ticket(impact=Level.HIGH, urgency=Level.HIGH).ticket_id, ANA.id, ANA, MONDAY_9
    )
    page = ada.get(LIST)
    row = row_of(page, ANA)
    for words in ("Tier 1", "Networks", "Lisboa", "Late shift", "off shift", "network 3, sap 2",
                  "Portuguese, English", "Load 3 of 8", "Busy", "until", "never"):  # fmt: skip
        assert words in row
    assert "Always" in row_of(page, BEN) and "on shift" in row_of(page, BEN)
    assert "5 work here, 4 are on shift now." in page.text


@pytest.mark.parametrize(
    ("query", "names"),
    [("", {"Ana", "Ben", "Chi", "Lea", "Ada"}), ("tier=1", {"Ana", "Ben"}), ("tier=2", {"Chi"}),
     ("tier=3", set()), ("team=networks", {"Ana"}), ("team=none", {"Ben", "Chi", "Lea", "Ada"}),
     ("tier=1&team=none", {"Ben"}), ("tier=x&team=y", set())],
)  # fmt: skip
def test_the_table_is_narrowed_by_tier_and_team(ada, query, names):
    sent(ada, OF_ANA, team="networks")
    page = ada.get(f"{LIST}?{query}")
    known = {one.name.split()[0]: one for one in (ADA, ANA, BEN, CHI, LEA)}
    assert {name for name, one in known.items() if f'"{LIST}/{one.id}"' in page.text} == names
    assert ("Nobody here" in page.text) == (not names)


def test_somebody_new_is_added_with_all_they_can(ada):
    page = ada.follow(added(ada, tier2="yes", team="networks", shift="day", capacity="12",
                            skills="Network 3\r\nPoint of sale 5", languages="PT,en, pt",
                            branch="lx", zone="Europe/Lisbon"))  # fmt: skip
    assert "Version 1 is stored." in page.text
    eva = Person.with_email("eva@desk.example")
    assert (eva.name, eva.role, eva.tiers, eva.team) == ("Eva Lind", "agent", [1, 2], "networks")
    assert eva.skills == {"Network": 3, "Point of sale": 5}
    assert (eva.languages, eva.capacity, eva.shift) == (["pt", "en"], 12, "day")
    assert (eva.branch, eva.time_zone, eva.availability) == ("lx", "Europe/Lisbon", "available")


def test_what_is_saved_unchanged_stays_the_same(ada):
    added(ada, skills="network 3", languages="pt", team="networks")
    eva = Person.with_email("eva@desk.example")
    eva.update([Person.locale.set("pt")])
    before = members.member(eva.person_id).to_simple_dict()
    assert sent(ada, f"{LIST}/{eva.person_id}").status == 303
    after_it = members.member(eva.person_id).to_simple_dict()
    assert {**after_it, "version": 1} == before


def test_a_change_is_stored_and_takes_away_what_was_emptied(ada):
    sent(ada, OF_ANA, skills="network 3", team="networks", languages="pt", shift="late")
    page = ada.follow(sent(ada, OF_ANA, skills="", team="", languages="", shift="", tier3="yes",
                           role="lead"))  # fmt: skip
    assert "Version 3 is stored." in page.text
    ana = members.member(ANA.id)
    assert (ana.skills, ana.team, ana.languages, ana.shift) == (None, None, None, None)
    assert (ana.role, ana.tiers) == ("lead", [1, 3])
    assert "They have no shift" in page.text


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": " "}, "name", "Give a name"),
        ({"name": "n" * 101}, "name", "at most 100 characters"),
        ({"role": "king"}, "role", "Choose agent, lead or admin"),
        ({"tier1": ""}, "tiers", "at least one tier"),
        ({"team": "nowhere"}, "team", "no such team"),
        ({"branch": "nowhere"}, "branch", "no such branch"),
        ({"shift": "nowhere"}, "shift", "no such calendar"),
        ({"capacity": "many"}, "capacity", "whole number"),
        ({"capacity": "501"}, "capacity", "from 0 to 500"),
        ({"skills": "network"}, "skills", "“network”: Write a skill and its level"),
        ({"skills": "network 6"}, "skills", "“network”: Write a skill and its level"),
        ({"skills": "network 2\nnetwork 3"}, "skills", "“network” is there twice"),
        ({"skills": f"{'s' * 61} 3"}, "skills", "name of up to 60 characters"),
        ({"languages": "pt, Portuguese"}, "languages", "“portuguese” is no code"),
        ({"zone": "Lisbon"}, "zone", "zone of the IANA database"),
        ({"zone": ""}, "zone", "zone of the IANA database"),
    ],
)  # fmt: skip
def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(ada, typed, field, words):
    page = sent(ada, OF_ANA, **{"skills": "kept 1", "tier2": "", **typed})
    assert page.status == 422
    assert words in error_at(page, field)
    again = {"tier1": "", "skills": "kept 1", **filled(page, OF_ANA)}
    assert all(again.get(name, "") == text for name, text in typed.items())
    assert members.member(ANA.id).version == 1


@pytest.mark.parametrize(
    ("email", "words"),
    [("", "Give a mail address"), ("eva", "Give a mail address"),
     ("ANA@desk.example", "Ana Costa has this address already.")],
)  # fmt: skip
def test_an_address_that_is_none_or_taken_is_refused_at_its_field(ada, email, words):
    page = added(ada, email=email, skills="network 3")
    assert page.status == 422
    assert words in error_at(page, "email")
    assert filled(page, NEW)["skills"] == "network 3"
    assert len(staff.rows()) == 5


def test_somebody_whom_another_admin_changed_meanwhile_is_held_back(ada):
    form = {**filled(ada.get(OF_ANA), OF_ANA), "do": "save", "name": "Mine", "tier2": "yes"}
    sent(ada, OF_ANA, name="Theirs")
    held = ada.post(OF_ANA, form)
    assert held.status == 409
    assert "somebody else stored version 2" in held.text
    assert "stored <bdi>Theirs</bdi>" in plain(held)
    again = filled(held, OF_ANA)
    assert (again["name"], again["tier2"], again["version"]) == ("Mine", "yes", "2")
    assert ada.post(OF_ANA, {**again, "do": "save"}).status == 303
    assert members.member(ANA.id).name == "Mine"


def test_a_refusal_remembers_which_version_its_writer_saw(ada):
    form = {**filled(ada.get(OF_ANA), OF_ANA), "do": "save", "name": "n" * 101}
    sent(ada, OF_ANA, name="Theirs")
    refused = ada.post(OF_ANA, form)
    assert (refused.status, filled(refused, OF_ANA)["version"]) == (422, "1")
    assert ada.post(OF_ANA, {**filled(refused, OF_ANA), "do": "save", "name": "x"}).status == 409


def test_the_same_form_sent_twice_is_stored_once(ada):
    form = {**filled(ada.get(OF_ANA), OF_ANA), "do": "save", "skills": "network 3"}
    assert [ada.post(OF_ANA, form).status for _ in range(2)] == [303, 303]
    assert members.member(ANA.id).version == 2


def test_the_last_admin_stays_one(ada):
    path = f"{LIST}/{ADA.id}"
    page = sent(ada, path, role="agent", tier1="yes")
    assert (page.status, "The desk needs an admin" in page.text) == (409, True)
    assert filled(page, path)["role"] == "agent"
    assert members.member(ADA.id).role == "admin"


def test_a_lead_reads_and_says_who_is_there_but_stores_nobody(ada):
    lea = Browser().sign_in(LEA)
    page = lea.get(OF_ANA)
    assert 'value="save"' not in page.text and 'value="leave"' not in page.text
    assert "Only admins store people." in page.text
    assert sent(lea, OF_ANA).status == 403
    assert pressed(lea, OF_ANA, "leave").status == 403
    assert added(lea).status == 403
    assert lea.follow(said(lea, status="away")).text.count("It is noted.") == 1
    assert members.member(ANA.id).availability == "away"


def test_neither_agents_nor_an_outside_group_come_in(ada):
    outside = {"id": "out", "name": "Supplier", "outside": True, "dedicated": True}
    desk_settings.put_team(outside, ADA, MONDAY_9)
    supplier = Actor("P-SUP", "Sue Plier", Role.ADMIN, "sue@supplier.example")
    employ(supplier, team="out")
    employ(ROSA)
    for who in (ANA, ROSA, supplier):
        browser = Browser().sign_in(who)
        for path in (LIST, NEW, OF_ANA):
            assert browser.get(path).status == 403
        assert browser.post(OF_ANA, {**browser.get("/requests").forms["/sign-out"],
                                     "do": "leave"}).status == 403  # fmt: skip
    assert "Ana Costa" in ada.get(LIST).text


def test_availability_is_said_with_until_when_and_who_stands_in(ada):
    page = ada.follow(said(ada, status="out_of_office", until="2026-11-24T08:30",
                           substitute=BEN.id, note="Ask me about sap."))  # fmt: skip
    ana = members.member(ANA.id)
    assert (ana.availability, ana.substitute, ana.away_note) == (
        "out_of_office", BEN.id, "Ask me about sap.",
    )  # fmt: skip
    assert ana.away_until == after(hours=23.5)
    form = fields_of(page, OF_ANA, has="status")
    assert form["until"] == "2026-11-24T08:30"
    assert (form["status"], form["substitute"]) == ("out_of_office", BEN.id)
    assert "Ben Ito</bdi> stands in" in row_of(ada.get(LIST), ANA)
    assert said(ada, status="available").status == 303
    assert members.member(ANA.id).availability == "available"


def test_until_is_in_the_zone_of_whoever_says_it(ada):
    Person.get(ADA.id).update([Person.time_zone.set("Asia/Tokyo")])
    page = ada.follow(said(ada, status="away", until="2026-11-24T09:00"))
    assert members.member(ANA.id).away_until == after(hours=15)
    assert fields_of(page, OF_ANA, has="status")["until"] == "2026-11-24T09:00"


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"status": "away", "until": "2026-11-22T09:00"}, "until", "still to come"),
        ({"status": "away", "until": "tomorrow"}, "until", "the date and the hour like"),
        ({"status": "away", "substitute": BEN.id}, "substitute", "out of office"),
        ({"status": "out_of_office", "substitute": "P-NOBODY"}, "substitute", "no such agent"),
        ({"status": "out_of_office", "substitute": ANA.id}, "substitute", "in a circle"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_refused_at_its_field(ada, typed, field, words):
    page = said(ada, note="Kept", **typed)
    assert page.status == 422
    assert words in error_at(page, field)
    form = fields_of(page, OF_ANA, has="status")
    assert form["note"] == "Kept"
    assert all(form[name] == text for name, text in typed.items())
    assert filled(page, OF_ANA)["name"] == ANA.name
    assert members.member(ANA.id).availability == "available"


def test_leaving_says_what_happens_to_their_tickets_and_does_it(ada):
    for _ in range(2):
        ownership.assign(a_ticket().ticket_id, ANA.id, ANA, MONDAY_9)
    assert "Their 2 open tickets go to whoever can take them" in plain(ada.get(OF_ANA))
    assert "They hold no open tickets." in ada.get(f"{LIST}/{BEN.id}").text
    page = ada.follow(pressed(ada, OF_ANA, "leave"))
    assert "They have left the desk." in page.text
    assert ANA.name not in page.text
    assert ada.get(OF_ANA).status == 404


def test_leaving_names_the_rotations_in_which_they_still_take_turns(ada):
    rotation = {"id": "nights", "name": "Nights", "tier": 2, "zone": "UTC", "people": [ANA.id],
                "starts": "2026-11-23"}  # fmt: skip
    desk_settings.put_rotation(rotation, ADA, MONDAY_9)
    assert "/settings/on-call/nights" in ada.get(OF_ANA).text
    assert "/settings/on-call/nights" not in ada.get(f"{LIST}/{BEN.id}").text


def test_nobody_removes_themselves(ada):
    page = pressed(ada, f"{LIST}/{ADA.id}", "leave")
    assert (page.status, "You cannot remove yourself." in page.text) == (409, True)
    assert filled(page, f"{LIST}/{ADA.id}")["name"] == ADA.name


def test_the_week_of_a_shift_is_drawn_and_said(ada):
    page = ada.follow(sent(ada, OF_ANA, shift="day"))
    assert "Tuesday, 09:00–17:00" in page.text
    assert "Saturday, closed" in page.text
    assert ">40 hours<" in page.text


def test_a_form_without_its_token_or_with_a_strange_field_changes_nothing(ada):
    form = {**filled(ada.get(OF_ANA), OF_ANA), "do": "save", "name": "Other"}
    without = {name: text for name, text in form.items() if name != "csrf"}
    assert ada.post(OF_ANA, without).status == 403
    for wrong in ({"load": "0"}, {"do": "explode"}, {"tier9": "yes"}, {"tier1": "no"}):
        assert ada.post(OF_ANA, {**form, **wrong}).status == 422
    assert members.member(ANA.id).name == ANA.name


def test_hostile_words_stay_words(ada):
    sent(ada, OF_ANA, name=HOSTILE, skills=f"{HOSTILE} 3")
    said(ada, status="away", note=HOSTILE)
    for path in (LIST, OF_ANA, NEW, f"{LIST}/{BEN.id}", f"{LIST}?tier={HOSTILE}&team={HOSTILE}"):
        page = ada.get(path)
        assert (page.status, "<script>alert" in page.text) == (200, False)
    wrong = dict.fromkeys(("name", "team", "branch", "zone", "capacity", "languages"), HOSTILE)
    page = sent(ada, OF_ANA, **wrong)
    assert (page.status, "<script>alert" in page.text) == (422, False)
