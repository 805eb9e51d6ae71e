"""The settings pages of routing rules: their order, the editor, and trying a draft."""

import pytest

from chalicelib.models.setting import Setting
from chalicelib.services import desk_settings, settings
from tests.cast import ADA, ANA, LEA, MONDAY_9, OMAR, ROSA, after
from tests.factories import a_ticket, employ
from tests.integration.browser import Browser, Page
from tests.integration.editors import filled, plain, pressed, sent
from tests.integration.test_pages_settings import HOSTILE, error_at

pytestmark = pytest.mark.usefixtures("cloud")

LIST = "/settings/routing-rules"
NEW, TILLS, DEFAULT = f"{LIST}/new", f"{LIST}/tills", f"{LIST}/default"
RULE = {
    "id": "tills", "name": "Tills", "conditions": {"type": ["incident"], "text": ["till", "card"]},
    "tier": 2, "team": "networks", "skills": {"network": 3}, "priority": "P2",
}  # fmt: skip


@pytest.fixture
def ada() -> Browser:
    employ(ADA, LEA, ANA)
    desk_settings.put_team({"id": "networks", "name": "Networks"}, ADA, MONDAY_9)
    desk_settings.put_rule(RULE, ADA, MONDAY_9)
    return Browser().sign_in(ADA)


def stored(rule_id: str, **changed: object) -> None:
    desk_settings.put_rule({"id": rule_id, "name": rule_id.upper(), **changed}, ADA, MONDAY_9)


def rows_in(page: Page) -> int:
    return plain(page).partition("<tbody>")[2].partition("</tbody>")[0].count("<tr>")


def test_the_list_says_each_rule_as_a_sentence(ada):
    text = plain(ada.get(LIST))
    assert "type is incident and text contains “till” or “card”" in text
    assert "<b>Tier 2</b>" in text
    assert "team <bdi>Networks</bdi>" in text
    assert "skill <bdi>network at least 3</bdi>" in text
    assert text.index(">Tills<") < text.index(">Everything else<")
    assert "no other rule is for it" in text


def test_all_that_conditions_look_at_is_said_in_words(ada):
    stored("all", conditions={
        "channel": ["walk_in"], "language": ["fr"], "priority": ["P1", "P2"], "tag": ["vip"],
        "organisation": ["shop.example"], "branch": ["Lyon"], "category": ["Tills"],
        "type": ["service_request"]})  # fmt: skip
    assert (
        "priority is P1 or P2 and type is service request and category is Tills and requester is "
        "of shop.example and branch is Lyon and channel is walk-in and tag is vip and language "
        "is French"
    ) in plain(ada.get(LIST))


def test_a_rule_is_stored_with_its_conditions_and_goal(ada):
    page = ada.follow(sent(ada, NEW, id="vpn", name="VPN", for_type_incident="yes",
                           for_channel_phone="yes", for_category="Network, VPN ,",
                           for_language="fr, pt", for_text="vpn, slow\r\n\r\nno tunnel",
                           tier="3", team="networks", skills="network 2\nvpn 4",
                           priority="P1"))  # fmt: skip
    assert "Version 1 is stored." in page.text
    rule = desk_settings.rule("vpn")
    assert rule.conditions == {
        "type": ["incident"], "channel": ["phone"], "category": ["Network", "VPN"],
        "language": ["fr", "pt"], "text": ["vpn, slow", "no tunnel"],
    }  # fmt: skip
    assert (rule.tier, rule.team, rule.priority) == (3, "networks", "P1")
    assert rule.skills == {"network": 2, "vpn": 4}


def test_what_is_saved_unchanged_stays_the_same(ada):
    before = desk_settings.rule("tills")
    assert sent(ada, TILLS).status == 303
    assert {**desk_settings.rule("tills").to_data(), "version": 1} == before.to_data()


def test_the_default_has_a_goal_and_no_conditions(ada):
    page = ada.get(DEFAULT)
    assert "for_text" not in filled(page, DEFAULT)
    assert 'value="delete"' not in page.text
    assert sent(ada, DEFAULT, tier="2").status == 303
    assert settings.rules()[-1].tier == 2
    refused = sent(ada, DEFAULT, for_tag="vip")
    assert (refused.status, "it has none" in refused.text) == (422, True)
    assert pressed(ada, DEFAULT, "delete").status == 409


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": ""}, "name", "Give a name"),
        ({"tier": "9"}, "tier", "Choose a tier"),
        ({"team": "nowhere"}, "team", "no such team"),
        ({"priority": "P9"}, "priority", "Choose of P1"),
        ({"skills": "network"}, "skills", "“network”: Write a skill and its level"),
        ({"skills": "network 9"}, "skills", "“network”: Write a skill and its level"),
        ({"skills": "vpn 1\nvpn 2"}, "skills", "“vpn” is there twice"),
        ({"for_tag": "t" * 101}, "for_tag", "words"),
        ({"for_text": "t" * 101}, "for_text", "one a line"),
        ({"for_language": "f" * 101}, "for_language", "words"),
    ],
)
def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(ada, typed, field, words):
    kept = {"for_category": "Kept as it is", "for_channel_chat": "yes", **typed}
    page = sent(ada, TILLS, **kept)
    assert page.status == 422
    assert words in error_at(page, field)
    again = filled(page, TILLS)
    assert all(again[name] == text for name, text in kept.items())
    assert desk_settings.rule("tills").version == 1


def test_an_id_that_is_taken_or_reserved_is_refused(ada):
    for taken in ("tills", "default"):
        page = sent(ada, NEW, id=taken, name="Another")
        assert (page.status, "one with this id already" in page.text) == (409, True)
    for wrong in ("new", "not an id", ""):
        page = sent(ada, NEW, id=wrong, name="Another")
        assert (page.status, bool(error_at(page, "id"))) == (422, True)


def test_a_rule_that_somebody_else_stored_meanwhile_is_held_back(ada):
    form = {**filled(ada.get(TILLS), TILLS), "do": "save", "name": "Mine", "for_tag": "vip"}
    stored("tills", name="Theirs")
    held = ada.post(TILLS, form)
    assert held.status == 409
    assert "somebody else stored version 2" in held.text
    assert "stored <bdi>Theirs</bdi>" in plain(held)
    again = filled(held, TILLS)
    assert (again["name"], again["for_tag"], again["version"]) == ("Mine", "vip", "2")
    assert ada.post(TILLS, {**again, "do": "save"}).status == 303
    assert desk_settings.rule("tills").name == "Mine"


def test_the_same_form_sent_twice_is_stored_once(ada):
    form = {**filled(ada.get(TILLS), TILLS), "do": "save", "tier": "3"}
    assert [ada.post(TILLS, form).status for _ in range(2)] == [303, 303]
    assert desk_settings.rule("tills").version == 2


def test_rules_move_up_and_down_and_the_default_stays_last(ada):
    stored("a")
    stored("b")
    csrf = {"csrf": ada.get(LIST).forms[LIST]["csrf"]}
    assert "The order is stored." in ada.follow(ada.post(LIST, {**csrf, "up": "tills"})).text
    assert [one.id for one in settings.rules()] == ["a", "tills", "b", "default"]
    ada.post(LIST, {**csrf, "down": "a"})
    assert [one.id for one in settings.rules()] == ["tills", "a", "b", "default"]
    for vain in ({"up": "tills"}, {"down": "b"}, {"up": "default"}, {"down": "nonsense"}):
        assert ada.post(LIST, {**csrf, **vain}).status == 303
    assert [one.id for one in settings.rules()] == ["tills", "a", "b", "default"]
    assert ada.post(LIST, {**csrf, "sideways": "a"}).status == 422


def test_a_rule_for_all_warns_that_nothing_below_it_is_asked(ada):
    assert "nothing below it is ever asked" not in ada.get(LIST).text
    stored("all")
    assert "nothing below it is ever asked" in ada.get(LIST).text


def test_a_rule_is_deleted(ada):
    assert "It is deleted." in ada.follow(pressed(ada, TILLS, "delete")).text
    assert ada.get(TILLS).status == 404


def test_a_draft_is_tried_on_the_last_tickets_and_nothing_is_stored(ada):
    for number in range(3):
        a_ticket(now=after(minutes=number), subject=f"The VPN is slow {number}")
    a_ticket(OMAR, now=after(minutes=9), subject="The coffee is cold")
    before = [dict(row.to_simple_dict()) for row in Setting.scan()]
    page = sent(ada, NEW, "try", name="VPN", for_text="vpn", tier="2", team="networks",
                skills="vpn 2", last="10")  # fmt: skip
    assert page.status == 200
    text = plain(page)
    assert "Tried on the last 4 tickets" in text
    assert "3 would differ" in text
    assert rows_in(page) == 3
    assert "Tier 2, team Networks, skill vpn at least 2" in text
    assert text.index("The VPN is slow 2") < text.index("The VPN is slow 0")
    assert "The coffee is cold" not in text
    again = filled(page, NEW)
    assert (again["name"], again["for_text"], again["last"]) == ("VPN", "vpn", "10")
    assert [dict(row.to_simple_dict()) for row in Setting.scan()] == before


def test_a_draft_of_a_stored_rule_is_tried_in_its_place(ada):
    a_ticket(subject="The till is frozen")
    assert "0 would differ" in plain(sent(ada, TILLS, "try"))
    page = sent(ada, TILLS, "try", for_text="nothing like it")
    assert "1 would differ" in plain(page)
    assert "Everything else" in page.text
    assert filled(page, TILLS)["version"] == "1"


def test_a_draft_looks_back_no_further_than_was_asked(ada):
    for number in range(4):
        a_ticket(now=after(minutes=number), subject="The VPN is slow")
    page = sent(ada, NEW, "try", for_text="vpn", tier="3", last="2")
    assert "Tried on the last 2 tickets" in plain(page)
    assert rows_in(page) == 2


def test_a_draft_without_effect_or_tickets_says_so(ada):
    assert "There are no tickets yet." in sent(ada, TILLS, "try").text
    a_ticket()
    assert "They would all go where they go today." in sent(ada, TILLS, "try").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"last": "501"}, "last"), ({"last": "0"}, "last"), ({"last": "all"}, "last"),
     ({"tier": "9"}, "tier"), ({"skills": "vpn"}, "skills")],
)  # fmt: skip
def test_a_draft_that_could_not_be_stored_is_not_tried(ada, typed, field):
    a_ticket()
    page = sent(ada, TILLS, "try", for_category="Kept", **typed)
    assert (page.status, bool(error_at(page, field))) == (422, True)
    assert filled(page, TILLS)["for_category"] == "Kept"
    assert "Tried on" not in page.text


def test_a_lead_tries_but_stores_nothing_and_nobody_else_comes_in(ada):
    lea = Browser().sign_in(LEA)
    assert 'value="save"' not in lea.get(TILLS).text
    a_ticket(subject="The till is frozen")
    assert "1 would differ" in plain(sent(lea, TILLS, "try", for_text="no such words"))
    assert sent(lea, TILLS).status == 403
    assert pressed(lea, TILLS, "delete").status == 403
    csrf = lea.get(LIST).forms[LIST]["csrf"]
    assert lea.post(LIST, {"csrf": csrf, "up": "tills"}).status == 403
    employ(ROSA)
    for who in (ANA, ROSA):
        assert [Browser().sign_in(who).get(path).status for path in (LIST, TILLS)] == [403, 403]


def test_hostile_words_stay_words(ada):
    a_ticket(subject=HOSTILE)
    stored("tills", name=HOSTILE, conditions={"text": [HOSTILE], "tag": [HOSTILE]},
           skills={HOSTILE: 3})  # fmt: skip
    for path in (LIST, TILLS, NEW):
        assert "<script>alert" not in ada.get(path).text
    tried = sent(ada, TILLS, "try", for_text="frozen", for_tag="")
    assert (tried.status, "<script>alert" in tried.text) == (200, False)
    wrong = dict.fromkeys(("tier", "team", "skills", "priority", "last"), HOSTILE)
    page = sent(ada, TILLS, **wrong)
    assert (page.status, "<script>alert" in page.text) == (422, False)
