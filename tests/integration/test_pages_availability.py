"""What people say about their own time: one press in the side bar, or the whole of it."""

from datetime import datetime

import pytest

from chalicelib.models.person import Person
from chalicelib.services import desk_settings
from tests.cast import ADA, ANA, BEN, CHI, LEA, MONDAY_9, after
from tests.factories import employ
from tests.integration.browser import Browser, Page
from tests.integration.fields import fields_of
from tests.integration.page_text import text_of

pytestmark = pytest.mark.usefixtures("cloud")

PATH = "/desk/availability"


@pytest.fixture
def ana() -> Browser:
    employ(ANA, time_zone="Europe/Lisbon", load=3)
    employ(BEN, CHI, LEA)
    return Browser().sign_in(ANA)


def said() -> tuple[str, datetime | None, str | None, str | None]:
    one = Person.get(ANA.id)
    return one.availability, one.away_until, one.substitute, one.away_note


def send(browser: Browser, **fields: str) -> Page:
    return browser.post(PATH, {"csrf": browser.get(PATH).forms[PATH]["csrf"], **fields})


@pytest.mark.parametrize(
    ("quick", "state", "until", "words"),
    [
        ("busy", "busy", None, "Busy"),
        ("available", "available", None, "Available"),
        ("away_15", "away", after(minutes=15), "Away until 09:15"),
        ("away_30", "away", after(minutes=30), "Away until 09:30"),
    ],
)
def test_one_press_in_the_side_bar_says_it_and_comes_back_to_the_page(
    ana, quick, state, until, words
):
    page = ana.get("/desk?view=tier1&done=messages")
    answer = ana.submit(page, PATH, quick=quick)
    assert answer.headers["Location"] == "/desk?view=tier1"
    assert said()[:2] == (state, until)
    assert f"Ana Costa {words} 3 of 8" in text_of(ana.follow(answer))


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_one_press_never_leads_to_another_site(ana, back):
    assert send(ana, quick="busy", back=back).headers["Location"] == PATH


def test_a_press_that_there_is_not_changes_nothing(ana):
    assert send(ana, quick="gone").status == 422
    assert said()[0] == "available"


def test_out_of_office_with_all_that_belongs_to_it(ana):
    note = "The <b>lag</b> first.\nThen Omar."
    answer = send(
        ana, availability="out_of_office", until="2026-11-30T09:00", substitute=CHI.id, note=note
    )
    assert said() == ("out_of_office", datetime.fromisoformat("2026-11-30T09:00Z"), CHI.id, note)
    page = ana.follow(answer)
    assert "Stored: out of office until 30 Nov 2026, 09:00." in text_of(page)
    stored = fields_of(page, PATH, "substitute")
    assert stored["substitute"] == CHI.id
    assert stored["until"] == "2026-11-30T09:00"
    assert stored["note"] == note
    assert "<b>lag</b>" not in page.text


def test_what_is_over_is_said_no_more(ana):
    employ(ANA, availability="away", away_until=after(hours=-1), away_note="Lunch")
    page = ana.get(PATH)
    assert 'value="available" checked' in page.text
    assert "Lunch" not in page.text
    assert "Ana Costa Available" in text_of(page)


BAD = [
    ({"until": "2026-11-20T09:00"}, "until", "still to come"),
    ({"until": "soon"}, "until", "like 2026-11-24 09:00"),
    ({"until": "9999-12-31T09:00"}, "until", "like 2026-11-24 09:00"),
    ({"availability": ""}, "availability", "Choose how you are."),
    ({"availability": "asleep"}, "availability", "Choose how you are."),
    ({"availability": "busy", "substitute": CHI.id}, "substitute", "out of office"),
    ({"substitute": "P-NOBODY"}, "substitute", "There is no such agent."),
    ({"substitute": ANA.id}, "substitute", "in a circle"),
    ({"note": "x" * 2001}, "note", "at most 2,000 characters"),
]


@pytest.mark.parametrize(("wrong", "field", "words"), BAD)
def test_what_cannot_be_is_refused_at_its_field_and_nothing_typed_is_lost(ana, wrong, field, words):
    typed = {"availability": "out_of_office", "until": "2026-11-30T09:00", "substitute": BEN.id,
             "note": 'My "last" <words>', **wrong}  # fmt: skip
    answer = send(ana, **typed)
    assert answer.status == 422
    assert f'id="{field}-error"' in answer.text
    assert words in answer.text
    assert said() == ("available", None, None, None)
    kept = fields_of(answer, PATH, "substitute")
    assert kept["until"] == typed["until"]
    assert "note" in wrong or "My &#34;last&#34; &lt;words&gt;" in answer.text
    if typed["substitute"] in (BEN.id, CHI.id):
        assert kept["substitute"] == typed["substitute"]


def test_the_page_says_by_the_rule_of_the_team_what_moves_on(ana):
    moves = {"shift_end": ["P1"], "away": [], "out_of_office": ["P1", "P2"]}
    team = {"id": "front", "name": "Front <line>", "short_break": 45, "hand_over": moves}
    desk_settings.put_team(team, ADA, MONDAY_9)
    employ(ANA, team="front")
    page = text_of(ana.get(PATH))
    assert "Away for up to 45 minutes: everything stays." in page
    assert "Away for longer: everything stays." in page
    assert "Out of office: P1, P2 tickets move on" in page
    assert "The rule of the team Front &lt;line&gt;." in page


def test_nobody_says_it_for_others_here(ana):
    employ(LEA)
    lea = Browser().sign_in(LEA)
    assert send(lea, availability="away", person=ANA.id).status == 422
    assert send(lea, availability="away", until="").status == 303
    assert said()[0] == "available"
    assert Person.get(LEA.id).availability == "away"


def test_a_form_of_another_site_says_nothing(ana):
    csrf = ana.get(PATH).forms[PATH]["csrf"]
    assert ana.post(PATH, {"quick": "away_30", "csrf": "x"}).status == 403
    sent = {"quick": "away_30", "csrf": csrf}
    assert ana.post(PATH, sent, sec_fetch_site="cross-site").status == 403
    assert said()[0] == "available"
