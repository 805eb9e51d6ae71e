"""The settings pages of alert rules: their order, and the editor of one."""

import pytest

from chalicelib.services import alert_settings, settings, sla_settings
from tests.cast import ADA, ANA, LEA, MONDAY_9, ROSA
from tests.factories import employ
from tests.integration.browser import Browser, Page
from tests.integration.editors import filled, plain, pressed, sent
from tests.integration.monitoring import connect, incident, report, told
from tests.integration.test_pages_settings import HOSTILE, error_at

pytestmark = pytest.mark.usefixtures("cloud")

LIST = "/settings/alert-rules"
NEW, SHOP = f"{LIST}/new", f"{LIST}/shop"
RULE = {
    "id": "shop", "name": "The shop", "matchers": ["service=shop", "host!=test-*"],
    "service": "Web shop", "tier": 2, "impact": "high", "tags_from": ["region"],
    "runbook": "https://wiki.example/shop",
}  # fmt: skip


@pytest.fixture
def ada() -> Browser:
    employ(ADA, LEA, ANA)
    alert_settings.put_alert_rule(RULE, ADA, MONDAY_9)
    return Browser().sign_in(ADA)


def test_the_list_says_each_rule_as_a_sentence(ada):
    text = plain(ada.get(LIST))
    assert "service is “shop” and host is not “test-*”" in text
    assert "tier <bdi>2</bdi>" in text
    assert 'href="https://wiki.example/shop" rel="noopener noreferrer"' in text
    assert "For all that no rule is for." in text


def test_a_rule_is_stored_and_goes_for_the_next_alert(ada):
    sla_settings.put_branch({"id": "lyon", "name": "Lyon", "calendar": "24x7"}, ADA, MONDAY_9)
    page = ada.follow(sent(ada, NEW, id="tills", name="Tills",
                           matchers="alertname = Till*\r\n\r\nseverity=critical", service="Tills",
                           branch="lyon", tier="3", impact="low", urgency="low",
                           tags_from="region, env", runbook="https://wiki.example/t"))  # fmt: skip
    assert "Version 1 is stored." in page.text
    rule = alert_settings.alert_rule("tills")
    assert rule.matchers == ["alertname = Till*", "severity=critical"]
    report(connect(), told("Till4", labels={"region": "west"}))
    found = incident()
    assert (found.service, found.tier, found.impact, found.branch) == ("Tills", 3, "low", "lyon")
    assert list(found.tags) == ["region:west"]


def test_what_is_saved_unchanged_stays_the_same(ada):
    before = alert_settings.alert_rule("shop")
    assert sent(ada, SHOP).status == 303
    assert {**alert_settings.alert_rule("shop").to_data(), "version": 1} == before.to_data()


@pytest.mark.parametrize(("typed", "field", "words"), [
    ({"name": ""}, "name", "Give a name"),
    ({"matchers": "service=shop\nnonsense"}, "matchers", "“nonsense”: Give label=value"),
    ({"matchers": "\n".join(f"a=b{n}" for n in range(30))}, "matchers", "up to 20 matchers"),
    ({"branch": "nowhere"}, "branch", "no such branch"),
    ({"tier": "9"}, "tier", "Choose a tier"),
    ({"impact": "huge"}, "impact", "Choose of"),
    ({"runbook": "javascript:alert(1)"}, "runbook", "begins with https://"),
    ({"service": "s" * 101}, "service", "up to 100"),
    ({"tags_from": "t" * 41}, "tags_from", "names of labels"),
])  # fmt: skip
def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(ada, typed, field, words):
    kept = {"urgency": "low", **typed}
    page = sent(ada, SHOP, **kept)
    assert page.status == 422
    assert words in error_at(page, field)
    again = filled(page, SHOP)
    assert all(again[name] == text for name, text in kept.items())
    assert alert_settings.alert_rule("shop").version == 1


def test_an_id_that_is_taken_or_reserved_is_refused(ada):
    assert sent(ada, NEW, id="shop", name="Again").status == 409
    assert sent(ada, NEW, id="default", name="Default").status == 422


def test_what_somebody_else_stored_meanwhile_is_not_written_over(ada):
    form = filled(ada.get(SHOP), SHOP)
    sent(ada, SHOP, service="Theirs")
    page = ada.post(SHOP, {**form, "do": "save", "service": "Mine"})
    assert (page.status, "somebody else stored version 2" in page.text) == (409, True)
    assert filled(page, SHOP)["service"] == "Mine"


def test_rules_are_asked_earlier_or_later_by_a_button(ada):
    alert_settings.put_alert_rule({"id": "all", "name": "All"}, ADA, MONDAY_9)
    assert "nothing below it is ever asked" not in moved(ada, up="shop").text
    assert [one.id for one in settings.alert_rules()] == ["shop", "all"]
    page = moved(ada, down="shop")
    assert "The order is stored." in page.text
    assert [one.id for one in settings.alert_rules()] == ["all", "shop"]
    assert "nothing below it is ever asked" in page.text


def moved(ada: Browser, **where: str) -> Page:
    answer = ada.post(LIST, {"csrf": ada.get(LIST).forms[LIST]["csrf"], **where})
    return ada.follow(answer)


def test_a_rule_is_deleted_by_a_button(ada):
    assert "It is deleted." in ada.follow(pressed(ada, SHOP, "delete")).text
    assert settings.alert_rules() == []
    assert ada.get(SHOP).status == 404


def test_leads_read_and_nobody_else_does(ada):
    employ(ROSA)
    lea = Browser().sign_in(LEA)
    for path in (LIST, NEW, SHOP):
        assert lea.get(path).status == 200
        assert 'value="save"' not in lea.get(path).text
        assert Browser().sign_in(ANA).get(path).status == 403
        assert Browser().sign_in(ROSA).get(path).status == 403
    assert lea.post(SHOP, {**filled(lea.get(SHOP), SHOP), "do": "save"}).status == 403


def test_hostile_text_is_shown_as_text(ada):
    sent(ada, NEW, id="x", name=HOSTILE, matchers=f"a={HOSTILE}", service=HOSTILE)
    for path in (LIST, f"{LIST}/x"):
        assert "<script>alert" not in ada.get(path).text
