"""The settings pages of teams: the list in words, and the editor of one."""

import pytest

from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import Role
from chalicelib.services import desk_settings, settings
from tests.cast import ADA, ANA, BEN, LEA, MONDAY_9, ROSA
from tests.factories import employ
from tests.integration.browser import Browser
from tests.integration.editors import filled, plain, pressed, sent
from tests.integration.test_pages_settings import HOSTILE, error_at

pytestmark = pytest.mark.usefixtures("cloud")

LIST, NEW, NETWORKS = "/settings/teams", "/settings/teams/new", "/settings/teams/networks"
SUE = Actor("P-SUE", "Sue Plier", Role.LEAD, "sue@supplier.example")


@pytest.fixture
def ada() -> Browser:
    employ(ADA, LEA, BEN)
    employ(ANA, team="networks")
    stored("networks")
    return Browser().sign_in(ADA)


def stored(team_id: str, **changed: object) -> None:
    data = {"id": team_id, "name": team_id.capitalize(), **changed}
    desk_settings.put_team(data, ADA, MONDAY_9)


def test_a_team_is_added_with_its_rules(ada):
    page = ada.follow(sent(ada, NEW, id="tills", name="Tills", strategy="pull", away_P1="",
                           away_P2="", out_of_office_P3="yes", short_break="15", dedicated="yes",
                           outside="yes"))  # fmt: skip
    assert "Version 1 is stored." in page.text
    team = desk_settings.team("tills")
    assert (team.strategy, team.short_break, team.dedicated, team.outside) == (
        "pull", 15, True, True,
    )  # fmt: skip
    assert team.hand_over == {
        "shift_end": ["P1", "P2"], "away": [], "out_of_office": ["P1", "P2", "P3"],
    }  # fmt: skip


def test_the_list_says_each_team_in_words(ada):
    stored("tills", strategy="round_robin", dedicated=True, hand_over={
        "shift_end": ["P1", "P2", "P3", "P4", "P5"], "away": ["P1"]})  # fmt: skip
    stored("sup", strategy="pull", outside=True, hand_over={})
    text = plain(ada.get(LIST))
    for words in (
        "P1 and P2 move on at the end of a shift, when away for more than 30 minutes and when "
        "out of office. All else waits for them.",
        "Everything moves on at the end of a shift; P1 moves on when away for more than 30 min",
        "Nothing moves on when somebody goes", "<b>By room.</b>", "<b>In turn.</b>",
        "<b>They take them.</b>", ">dedicated<", ">outside group<", "1 person", "0 people",
        'In no team <span class="bd">3</span>',
    ):  # fmt: skip
        assert words in text


def test_without_teams_the_list_says_what_that_means(ada):
    employ(ANA)
    desk_settings.delete_team("networks", ADA, MONDAY_9)
    assert "There are no teams yet" in ada.get(LIST).text


def test_the_editor_names_who_is_in_it(ada):
    text = plain(ada.get(NETWORKS))
    assert f'href="/settings/people/{ANA.id}"' in text
    assert f'href="/settings/people/{BEN.id}"' not in text


def test_what_is_saved_unchanged_stays_the_same(ada):
    stored("tills", strategy="round_robin", hand_over={"away": ["P5"]}, short_break=0)
    before = desk_settings.team("tills")
    assert sent(ada, f"{LIST}/tills").status == 303
    after = desk_settings.team("tills").to_data()
    empty = {"shift_end": [], "out_of_office": []}
    whole = {**before.to_data(), "hand_over": {**before.hand_over, **empty}}
    assert {**after, "version": 1} == whole


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": ""}, "name", "Give a name"),
        ({"short_break": "half an hour"}, "short_break", "whole minutes"),
        ({"short_break": "1441"}, "short_break", "from 0 to 1440"),
        ({"short_break": ""}, "short_break", "whole minutes"),
        ({"strategy": "by lot"}, "strategy", "Choose one of these"),
    ],
)
def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(ada, typed, field, words):
    page = sent(ada, NETWORKS, away_P5="yes", outside="yes", **typed)
    assert page.status == 422
    assert words in error_at(page, field)
    again = {"strategy": "by lot", **filled(page, NETWORKS)}
    assert (again["away_P5"], again["outside"]) == ("yes", "yes")
    assert all(again[name] == text for name, text in typed.items())
    assert desk_settings.team("networks").version == 1


def test_an_id_that_is_taken_or_reserved_is_refused(ada):
    taken = sent(ada, NEW, id="networks", name="Another")
    assert (taken.status, "one with this id already" in taken.text) == (409, True)
    for wrong in ("new", "none", "not an id", ""):
        page = sent(ada, NEW, id=wrong, name="Another")
        assert (page.status, bool(error_at(page, "id"))) == (422, True)


def test_a_team_that_somebody_else_stored_meanwhile_is_held_back(ada):
    form = {**filled(ada.get(NETWORKS), NETWORKS), "do": "save", "name": "Mine", "away_P3": "yes"}
    stored("networks", name="Theirs")
    held = ada.post(NETWORKS, form)
    assert held.status == 409
    assert "somebody else stored version 2" in held.text
    assert "stored <bdi>Theirs</bdi>" in plain(held)
    assert "Away for longer than a break, P3" in plain(held)
    again = filled(held, NETWORKS)
    assert (again["name"], again["away_P3"], again["version"]) == ("Mine", "yes", "2")
    assert ada.post(NETWORKS, {**again, "do": "save"}).status == 303
    assert desk_settings.team("networks").name == "Mine"


def test_the_same_form_sent_twice_is_stored_once(ada):
    form = {**filled(ada.get(NETWORKS), NETWORKS), "do": "save", "short_break": "10"}
    assert [ada.post(NETWORKS, form).status for _ in range(2)] == [303, 303]
    assert desk_settings.team("networks").version == 2


def test_a_team_in_use_is_not_deleted_and_its_users_are_named(ada):
    refused = pressed(ada, NETWORKS, "delete")
    assert (refused.status, "is used by Ana Costa" in refused.text) == (409, True)
    employ(ANA)
    assert "It is deleted." in ada.follow(pressed(ada, NETWORKS, "delete")).text
    assert ada.get(NETWORKS).status == 404


def test_leads_read_admins_change_and_nobody_else_comes_in(ada):
    lea = Browser().sign_in(LEA)
    assert 'value="save"' not in lea.get(NETWORKS).text
    assert sent(lea, NETWORKS).status == 403
    assert pressed(lea, NETWORKS, "delete").status == 403
    stored("sup", outside=True)
    employ(SUE, team="sup")
    employ(ROSA)
    for who in (ANA, ROSA, SUE):
        assert [Browser().sign_in(who).get(path).status for path in (LIST, NETWORKS)] == [403, 403]
    assert [one.version for one in settings.teams()] == [1, 1]


def test_hostile_words_stay_words(ada):
    stored("networks", name=HOSTILE)
    for path in (LIST, NETWORKS, "/settings/people", f"/settings/people/{ANA.id}",
                 "/settings/shifts", "/settings/routing-rules/new"):  # fmt: skip
        page = ada.get(path)
        assert (page.status, "<script>alert" in page.text) == (200, False)
    page = sent(ada, NETWORKS, short_break=HOSTILE, strategy=HOSTILE)
    assert (page.status, "<script>alert" in page.text) == (422, False)
