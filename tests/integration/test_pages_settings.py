"""The settings pages: who comes in, and the list and the editor of SLA policies."""

import html
import re

import pytest

from chalicelib.domain.policies import STANDARD
from chalicelib.services import settings, sla_settings
from tests.cast import ADA, ANA, LEA, MONDAY_9, ROSA
from tests.factories import a_ticket, employ
from tests.integration.browser import Browser, Page
from tests.integration.fields import fields_of

pytestmark = pytest.mark.usefixtures("cloud")

LIST = "/settings/sla-policies"
PATHS = (
    "/settings", LIST, f"{LIST}/new", f"{LIST}/standard", "/settings/calendars",
    "/settings/calendars/new", "/settings/calendars/24x7", "/settings/branches", "/settings/jobs",
    "/settings/people", "/settings/people/new", "/settings/teams", "/settings/teams/new",
    "/settings/shifts", "/settings/on-call", "/settings/on-call/new", "/settings/routing-rules",
    "/settings/routing-rules/new", "/settings/routing-rules/default",
    "/reports", "/reports/attainment.csv",
)  # fmt: skip
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def ada() -> Browser:
    employ(ADA, LEA, ANA, ROSA)
    return Browser().sign_in(ADA)


def stored(policy_id: str, **changed: object) -> None:
    data = {**STANDARD.to_data(), "id": policy_id, "name": policy_id.capitalize(), **changed}
    sla_settings.put_policy(data, ADA, MONDAY_9)


def saved(browser: Browser, policy_id: str, **typed: str) -> Page:
    """Change fields of a policy's editor and store it."""
    path = f"{LIST}/{policy_id}"
    form = {**fields_of(browser.get(path), path), "do": "save", **typed}
    return browser.post(path, form)


def error_at(page: Page, field: str) -> str:
    """What stands at a field, without its picture."""
    found = re.search(rf'id="{field}-error">.*?</span>(.*?)</span></p>', page.text, re.DOTALL)
    return html.unescape(found[1]) if found else ""


@pytest.mark.parametrize("path", PATHS)
def test_admins_and_leads_may_read_and_nobody_else(ada, path):
    assert ada.get(path).status == 200
    assert Browser().sign_in(LEA).get(path).status == 200
    for who in (ANA, ROSA):
        refused = Browser().sign_in(who).get(path)
        assert (refused.status, "That is not possible" in refused.text) == (403, True)
    assert Browser().get(path).headers["Location"].startswith("/sign-in")


def test_the_side_bar_leads_there_those_who_may(ada):
    assert 'href="/settings"' in ada.get("/desk").text
    assert 'href="/reports"' in Browser().sign_in(LEA).get("/desk").text
    assert 'href="/settings"' not in Browser().sign_in(ANA).get("/desk").text


@pytest.mark.parametrize("path", ["/settings/nonsense", f"{LIST}/nonsense",
                                  "/settings/nonsense/new", "/settings/jobs/J-0"])  # fmt: skip
def test_what_does_not_exist_is_not_found(ada, path):
    assert ada.get(path).status == 404
    assert ada.post(path, {"csrf": ada.get(LIST).forms[LIST]["csrf"]}).status == 404


def test_a_lead_is_offered_no_button_that_stores_and_cannot_store_without_one(ada):
    lea, path = Browser().sign_in(LEA), f"{LIST}/standard"
    page = lea.get(path)
    assert 'value="save"' not in page.text
    refused = lea.post(path, {**fields_of(page, path), "do": "save"})
    assert refused.status == 403
    assert settings.policies()[-1].version == 1


def test_a_form_without_the_token_of_its_page_changes_nothing(ada):
    form = {**fields_of(ada.get(f"{LIST}/standard"), f"{LIST}/standard"), "do": "save"}
    del form["csrf"]
    assert ada.post(f"{LIST}/standard", form).status == 403
    assert settings.policies()[-1].version == 1


def test_saving_stores_a_version_and_says_how_many_tickets_are_measured_anew(ada):
    a_ticket()
    page = ada.follow(saved(ada, "standard", P1_first_response="10 min", P1_accept2="1h30m"))
    assert "Version 2 is stored." in page.text
    assert "1 open ticket is being measured anew." in page.text
    policy = sla_settings.policy("standard")
    assert policy.targets["P1"]["first_response"] == 600
    assert policy.targets["P1"]["time_to_accept"] == {"1": 600, "2": 5400, "3": 2400}


def test_what_is_saved_unchanged_stays_the_same(ada):
    stored("gold", conditions={"priority": ["P1"], "tag": ["vip", "press"]}, calendar="branch")
    before = sla_settings.policy("gold")
    assert saved(ada, "gold").status == 303
    after = sla_settings.policy("gold")
    assert {**after.to_data(), "version": 1} == before.to_data()


def test_a_new_policy_begins_with_the_standards_promises(ada):
    form = fields_of(ada.get(f"{LIST}/new"), f"{LIST}/new")
    typed = {"name": "Lyon's incidents", "id": "lyon", "do": "save", "for_priority_P1": "yes",
             "for_type_incident": "yes", "for_branch": "Lyon, Lyon Part-Dieu ,"}  # fmt: skip
    page = ada.follow(ada.post(f"{LIST}/new", {**form, **typed}))
    assert "Version 1 is stored." in page.text
    policy = sla_settings.policy("lyon")
    assert policy.targets == STANDARD.targets
    assert policy.conditions == {"priority": ["P1"], "type": ["incident"],
                                 "branch": ["Lyon", "Lyon Part-Dieu"]}  # fmt: skip
    assert "P1 incidents of Lyon or Lyon Part-Dieu" in ada.get(LIST).text


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": " "}, "name", "Give a name"),
        ({"name": "n" * 101}, "name", "at most 100 characters"),
        ({"P2_resolution": "soon"}, "P2_resolution", "like 15m, 4h or 1h 30m"),
        ({"P2_resolution": "59s"}, "P2_resolution", "From 1 minute"),
        ({"P2_resolution": "100000h"}, "P2_resolution", "to 10 years"),
        ({"P3_accept2": "15"}, "P3_accept2", "like 15m"),
        ({"warnings": "50, 100"}, "warnings", "from 1 to 99"),
        ({"warnings": "half"}, "warnings", "from 1 to 99"),
        ({"reopen_within_days": "a week"}, "reopen_within_days", "whole days"),
        ({"calendar": "nowhere"}, "calendar", "Choose one of"),
        ({"step1_after": "later"}, "step1_after", "like 15m"),
        ({"step1_after": "0m"}, "step1_after", "at this time already"),
        ({"step1_action": ""}, "step1_action", "Choose what is done"),
        ({"step3_after": "5h"}, "step3_action", "Choose what is done"),
        ({"step3_after": "5h", "step3_action": "tell_lead"}, "step3_targets", "at least one"),
        ({"step3_when": "unassigned", "step3_after": "0m", "step3_action": "next_tier"},
         "step3_after", "counts from 1 minute"),
        ({"for_tag": "t" * 101}, "for_tag", "words"),
    ],
)  # fmt: skip
def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(ada, typed, field, words):
    stored("gold")
    page = saved(ada, "gold", for_category="Kept as it is", **typed)
    assert page.status == 422
    assert words in error_at(page, field)
    assert f'href="#{field}"' in page.text
    again = fields_of(page, f"{LIST}/gold")
    assert again["for_category"] == "Kept as it is"
    assert all(again[name] == text for name, text in typed.items())
    assert sla_settings.policy("gold").version == 1


def test_a_priority_without_any_target_is_refused_and_all_faults_are_told_at_once(ada):
    gone = dict.fromkeys((f"P5_{name}" for name in ("first_response", "next_response",
                          "resolution", "accept1", "accept2", "accept3")), "")  # fmt: skip
    page = saved(ada, "standard", **gone, warnings="0", P1_first_response="?")
    assert "at least one target" in error_at(page, "P5_first_response")
    assert error_at(page, "warnings") and error_at(page, "P1_first_response")


def test_steps_are_added_removed_and_kept_by_their_time(ada):
    page = saved(ada, "standard", step0_gone="yes", step3_when="unassigned", step3_after="10m",
                 step3_action="tell_lead", step3_hours="any", step4_when="breached",
                 step4_after="45m", step4_action="tell_manager",
                 step4_resolution="yes")  # fmt: skip
    assert page.status == 303
    ladder = sla_settings.policy("standard").ladder
    assert [(one.when, one.after, one.action) for one in ladder] == [
        ("unassigned", 600, "tell_lead"), ("breached", 1800, "tell_lead"),
        ("breached", 2700, "tell_manager"), ("breached", 7200, "tell_manager"),
    ]  # fmt: skip
    assert (ladder[0].hours, ladder[2].targets) == ("any", ("resolution",))


def test_a_refused_step_in_another_order_is_shown_in_its_own_row(ada):
    page = saved(ada, "standard", step3_after="1m", step3_action="", step3_resolution="yes")
    assert error_at(page, "step3_action")
    assert not error_at(page, "step0_action")


def test_a_policy_that_somebody_else_stored_meanwhile_is_held_back(ada):
    stored("gold")
    path = f"{LIST}/gold"
    form = {**fields_of(ada.get(path), path), "do": "save", "name": "Mine", "for_tag": "vip"}
    stored("gold", name="Theirs")
    held = ada.post(path, form)
    assert held.status == 409
    assert "somebody else stored version 2" in held.text
    assert "stored <bdi>Theirs</bdi>" in " ".join(held.text.split())
    assert sla_settings.policy("gold").name == "Theirs"
    again = fields_of(held, path)
    assert (again["name"], again["for_tag"], again["version"]) == ("Mine", "vip", "2")
    assert ada.post(path, {**again, "do": "save"}).status == 303
    assert sla_settings.policy("gold").name == "Mine"


def test_the_same_form_sent_twice_is_stored_once(ada):
    path = f"{LIST}/standard"
    form = {**fields_of(ada.get(path), path), "do": "save", "P1_first_response": "20m"}
    assert [ada.post(path, form).status for _ in range(2)] == [303, 303]
    assert sla_settings.policy("standard").version == 2


def test_an_id_that_is_taken_or_reserved_is_refused(ada):
    stored("gold")
    form = {**fields_of(ada.get(f"{LIST}/new"), f"{LIST}/new"), "do": "save", "name": "Another"}
    taken = ada.post(f"{LIST}/new", {**form, "id": "gold"})
    assert (taken.status, "one with this id already" in taken.text) == (409, True)
    for wrong in ("new", "not an id", ""):
        page = ada.post(f"{LIST}/new", {**form, "id": wrong})
        assert (page.status, bool(error_at(page, "id"))) == (422, True)


def test_policies_move_up_and_down_and_the_standard_one_stays_last(ada):
    for name in ("a", "b", "c"):
        stored(name)
    stored("old", retired=True)
    csrf = {"csrf": ada.get(LIST).forms[LIST]["csrf"]}
    assert ada.follow(ada.post(LIST, {**csrf, "up": "c"})).text.count("The order is stored.") == 1
    assert [one.id for one in settings.policies()] == ["a", "c", "b", "old", "standard"]
    ada.post(LIST, {**csrf, "down": "a"})
    assert [one.id for one in settings.policies()] == ["c", "a", "b", "old", "standard"]
    for vain in ({"up": "c"}, {"down": "b"}, {"up": "standard"}, {"up": "nonsense"}):
        assert ada.post(LIST, {**csrf, **vain}).status == 303
    assert [one.id for one in settings.policies()] == ["c", "a", "b", "old", "standard"]
    assert ada.post(LIST, {**csrf, "sideways": "a"}).status == 422


def test_a_policy_is_retired_folded_away_and_brought_back(ada):
    stored("gold")
    path = f"{LIST}/gold"
    csrf = {"csrf": ada.get(path).forms[path]["csrf"]}
    page = ada.follow(ada.post(path, {**csrf, "do": "retire"}))
    assert "The policy is retired." in page.text
    assert ">Gold<" in page.text.partition("<details")[2]
    assert saved(ada, "gold", name="Still retired").status == 303
    assert sla_settings.policy("gold").retired
    assert "in use again" in ada.follow(ada.post(path, {**csrf, "do": "return"})).text
    assert not sla_settings.policy("gold").retired


def test_a_policy_is_deleted_only_while_it_was_never_used(ada):
    for name, tag in (("gold", "vip"), ("silver", "press")):
        stored(name, conditions={"tag": [tag]})
    a_ticket(tags=["vip"])
    csrf = {"csrf": ada.get(f"{LIST}/gold").forms[f"{LIST}/gold"]["csrf"], "do": "delete"}
    refused = ada.post(f"{LIST}/gold", csrf)
    assert refused.status == 409
    assert "it can be retired, not deleted" in refused.text
    assert "It is deleted." in ada.follow(ada.post(f"{LIST}/silver", csrf)).text
    assert ada.get(f"{LIST}/silver").status == 404


def test_the_standard_policy_cannot_be_retired_or_deleted(ada):
    path = f"{LIST}/standard"
    page = ada.get(path)
    assert 'value="retire"' not in page.text
    csrf = {"csrf": page.forms[path]["csrf"]}
    assert ada.post(path, {**csrf, "do": "retire"}).status == 422
    assert ada.post(path, {**csrf, "do": "delete"}).status == 409
    assert not sla_settings.policy("standard").retired


def test_a_policy_for_all_warns_that_nothing_below_it_is_asked(ada):
    stored("gold")
    assert "nothing below it is ever asked" in ada.get(LIST).text


def test_hostile_words_stay_words(ada):
    stored("gold", name=HOSTILE, conditions={"tag": [HOSTILE]})
    for path in (LIST, f"{LIST}/gold"):
        assert "<script>alert" not in ada.get(path).text
    page = saved(ada, "gold", warnings=HOSTILE, for_branch=HOSTILE, step0_after=HOSTILE)
    assert page.status == 422
    assert "<script>alert" not in page.text


def test_a_body_that_is_no_form_of_ours_is_refused_as_a_page(ada):
    path = f"{LIST}/standard"
    form = {**fields_of(ada.get(path), path), "do": "save"}
    for wrong in ({"retired": "yes"}, {"do": "explode"}, {"step20_after": "1h"},
                  {"for_priority_P9": "yes"}, {"step0_when": "never"}):  # fmt: skip
        assert ada.post(path, {**form, **wrong}).status == 422
    assert ada.post(path, {**form, **{f"x{n}": "" for n in range(500)}}).status == 400
