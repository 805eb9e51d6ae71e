"""Promises over the API: accept, call, escalate and back, dates by hand, and the explanation."""

import pytest

from tests.cast import ADA, ANA, LEA, ROSA
from tests.factories import employ_everyone
from tests.integration.api import Api, a_request

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def ana() -> Api:
    api = Api(ANA)
    employ_everyone()
    return api


def a_ticket(api: Api, **fields):
    return api.post("/tickets", a_request(**fields))


def test_accepting_ends_the_time_to_accept(ana):
    opened = a_ticket(ana)
    answer = ana.put(f"/tickets/{opened.json['id']}/acceptance", {}, If_Match=opened.etag)
    assert answer.status == 200
    assert answer.json["assignee"]["id"] == ANA.id
    states = {one["kind"]: one["state"] for one in answer.json["sla"]["targets"]}
    assert states["time_to_accept"] == "met"


def test_a_call_is_logged_once_and_answers(ana):
    path = f"/tickets/{a_ticket(ana).json['id']}"
    first = ana.post(f"{path}/calls", {"body": "Spoke to her."}, Idempotency_Key="k")
    again = ana.post(f"{path}/calls", {"body": "Spoke to her."}, Idempotency_Key="k")
    assert (first.status, first.json["kind"]) == (201, "call")
    assert again.json == first.json
    assert ana.get(path).json["sla"]["targets"][0]["state"] == "met"


def test_a_ticket_goes_up_and_back_and_to_the_management(ana):
    path = f"/tickets/{a_ticket(ana).json['id']}"
    assert ana.post(f"{path}/escalation", {"reason": "Hard", "tried": "All"}).status == 201
    assert ana.get(path).json["tier"] == 2
    assert ana.post(f"{path}/de-escalation", {"reason": "Easy"}).json["kind"] == "de_escalated"
    assert ana.get(path).json["tier"] == 1
    told = ana.post(f"{path}/escalation", {"reason": "Angry", "tell": "manager"})
    assert told.json["data"]["told"] == "manager"
    assert ana.get(path).json["escalated_to"] == "manager"
    found = ana.get("/tickets?escalated_to=manager").json["items"]
    assert [one["escalated_to"] for one in found] == ["manager"]


def test_below_the_first_tier_there_is_none(ana):
    path = f"/tickets/{a_ticket(ana).json['id']}"
    assert ana.post(f"{path}/de-escalation", {"reason": "x"}).status == 409
    assert ana.post(f"{path}/de-escalation", {"reason": "x", "to_tier": 9}).status == 422


def test_a_date_by_hand_is_set_shown_and_taken_away(ana):
    opened = a_ticket(ana)
    path = f"/tickets/{opened.json['id']}"
    dated = {"due_at": "2026-11-27T17:00:00Z", "reason": "promised"}
    answer = ana.put(f"{path}/deadlines/resolution", dated, If_Match=opened.etag)
    target = answer.json["sla"]["targets"][1]
    assert target["due_at"] == "2026-11-27T17:00:00.000Z"
    assert (target["override"]["by"], target["override"]["reason"]) == (ANA.name, "promised")
    back = ana.delete(f"{path}/deadlines/resolution", If_Match=answer.etag)
    assert back.json["sla"]["targets"] == opened.json["sla"]["targets"]


@pytest.mark.parametrize(
    ("target", "body", "status", "pointer"),
    [
        ("resolution", {"due_at": "2026-11-20T17:00:00Z", "reason": "x"}, 422, "/due_at"),
        ("resolution", {"due_at": "2026-11-27T17:00:00", "reason": "x"}, 422, "/due_at"),
        ("resolution", {"due_at": "2026-11-27T17:00:00Z"}, 422, "/reason"),
        ("next_response", {"due_at": "2026-11-27T17:00:00Z", "reason": "x"}, 409, None),
        ("assignment", {"due_at": "2026-11-27T17:00:00Z", "reason": "x"}, 404, None),
        ("nonsense", {"due_at": "2026-11-27T17:00:00Z", "reason": "x"}, 404, None),
    ],
)
def test_a_date_that_cannot_be_is_refused(ana, target, body, status, pointer):
    opened = a_ticket(ana)
    path = f"/tickets/{opened.json['id']}/deadlines/{target}"
    answer = ana.put(path, body, If_Match=opened.etag)
    assert answer.status == status
    assert [one["pointer"] for one in answer.json.get("errors", [])] == [pointer] * bool(pointer)


def test_a_date_needs_the_version_that_was_seen(ana):
    body = {"due_at": "2026-11-27T17:00:00Z", "reason": "x"}
    path = f"/tickets/{a_ticket(ana).json['id']}/deadlines/resolution"
    assert ana.put(path, body).status == 428
    assert ana.put(path, body, If_Match='"9"').status == 412


def test_the_explanation_has_words_and_what_comes_next(ana):
    found = ana.get(f"/tickets/{a_ticket(ana).json['id']}/sla").json
    assert found["next_step"]["action"] in ("warn", "breach")
    assert [one["kind"] for one in found["words"]] == [one["kind"] for one in found["targets"]]
    assert all(one["lines"] for one in found["words"])


def test_a_requester_sees_what_was_promised_and_not_what_the_desk_asks_of_itself(ana):
    ticket = a_ticket(ana).json["id"]
    rosa = Api(ROSA)
    found = rosa.get(f"/tickets/{ticket}/sla").json
    assert [one["kind"] for one in found["targets"]] == ["first_response", "resolution"]
    assert found["next_step"] is None
    assert not any(one["steps_taken"] for one in found["targets"])
    shown = rosa.get(f"/tickets/{ticket}").json
    assert [one["kind"] for one in shown["sla"]["targets"]] == ["first_response", "resolution"]
    assert shown["escalated_to"] is None


def test_a_requester_may_do_none_of_it(ana):
    opened = a_ticket(ana)
    rosa, path = Api(ROSA), f"/tickets/{opened.json['id']}"
    dated = {"due_at": "2026-11-27T17:00:00Z", "reason": "x"}
    answers = [
        rosa.put(f"{path}/acceptance", {}, If_Match=opened.etag),
        rosa.post(f"{path}/calls", {"body": "x"}),
        rosa.post(f"{path}/escalation", {"reason": "x", "tell": "lead"}),
        rosa.post(f"{path}/de-escalation", {"reason": "x"}),
        rosa.put(f"{path}/deadlines/resolution", dated, If_Match=opened.etag),
    ]
    assert [one.status for one in answers] == [403] * 5


def test_a_reply_to_a_closed_ticket_names_the_one_that_goes_on(ana):
    opened = a_ticket(ana)
    path = f"/tickets/{opened.json['id']}"
    cancelled = ana.put(f"{path}/cancellation", {"reason": "spam"}, If_Match=opened.etag)
    assert cancelled.status == 200
    answer = Api(ROSA).post(f"{path}/replies", {"body": "It was no spam."}, Idempotency_Key="k")
    again = Api(ROSA).post(f"{path}/replies", {"body": "It was no spam."}, Idempotency_Key="k")
    assert answer.status == 201
    assert answer.headers["Location"] == again.headers["Location"]
    following = ana.get("/tickets/" + answer.headers["Location"].rpartition("/")[2]).json
    assert following["follows"] == opened.json["id"]
    assert following["description"] == "It was no spam."


POLICY = {
    "name": "Gold",
    "targets": {name: {"resolution": 7200} for name in ("P1", "P2", "P3", "P4", "P5")},
}
OFFICE = {"name": "Lisbon", "zone": "Europe/Lisbon", "country": "PT",
          "weekly": {"mon": [["09:00", "17:00"]]}}  # fmt: skip


@pytest.fixture
def ada() -> Api:
    return Api(ADA)


def test_a_policy_lives_over_the_api(ada):
    made = ada.post("/sla-policies", POLICY, Idempotency_Key="k")
    assert (made.status, made.json["id"], made.json["version"]) == (201, "gold", 1)
    assert ada.post("/sla-policies", POLICY, Idempotency_Key="k").json == made.json
    assert ada.post("/sla-policies", POLICY).status == 409
    stored = ada.put("/sla-policies/gold", {**POLICY, "warnings": [80]}, If_Match=made.etag)
    assert (stored.json["version"], stored.json["warnings"]) == (2, [80])
    assert ada.put("/sla-policies/gold", POLICY, If_Match=made.etag).status == 412
    listed = [one["id"] for one in ada.get("/sla-policies").json["items"]]
    assert listed == ["gold", "standard"]
    assert ada.get(f"/jobs/{stored.json['job']}").json["state"] == "running"
    assert ada.delete("/sla-policies/gold").status == 204
    assert ada.get("/sla-policies/gold").status == 404


def test_the_first_policy_of_the_order_wins(ada):
    for name in ("Gold", "Silver"):
        ada.post("/sla-policies", {**POLICY, "name": name})
    ordered = ada.put("/sla-policy-order", {"ids": ["silver", "gold"]})
    assert [one["id"] for one in ordered.json["items"]] == ["silver", "gold", "standard"]
    assert a_ticket(ada).json["sla"]["policy"] == "silver"
    assert ada.put("/sla-policy-order", {"ids": ["gold"]}).status == 422


def test_a_policy_in_use_is_retired_and_not_deleted(ada):
    ada.post("/sla-policies", POLICY)
    assert a_ticket(ada).json["sla"]["policy"] == "gold"
    refused = ada.delete("/sla-policies/gold")
    assert refused.status == 409
    assert "retired" in refused.json["detail"]
    assert ada.put("/sla-policies/gold", {**POLICY, "retired": True}).json["retired"] is True
    assert a_ticket(ada).json["sla"]["policy"] == "standard"


def test_a_calendar_and_a_branch_live_over_the_api(ada):
    made = ada.post("/calendars", OFFICE)
    assert made.json["public_holidays"]["2026-12-25"]
    assert ada.post("/branches", {"name": "Porto", "calendar": "lisbon"}).json["id"] == "porto"
    assert ada.post("/branches", {"name": "Faro", "calendar": "nowhere"}).status == 422
    assert ada.delete("/calendars/lisbon").status == 409
    assert ada.delete("/branches/porto").status == 204
    assert ada.delete("/calendars/lisbon").status == 204


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"zone": "Mars/Olympus"}, "/zone"),
        ({"weekly": {"mon": [["09:00", "17:00"], ["16:00", "18:00"]]}}, "/weekly/mon/1"),
        ({"weekly": {"mon": [["17:00", "09:00"]]}}, "/weekly/mon/0"),
        ({"weekly": {}}, "/weekly"),
        ({"country": "XX"}, "/country"),
        ({"holidays": ["2026-02-30"]}, "/holidays/0"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_calendar_that_cannot_work_is_refused_at_its_field(ada, change, pointer):
    answer = ada.post("/calendars", {**OFFICE, **change})
    assert answer.status == 422
    assert pointer in [one["pointer"] for one in answer.json["errors"]]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"targets": {**POLICY["targets"], "P1": {"resolution": 59}}}, "/targets/P1/resolution"),
        ({"targets": {**POLICY["targets"], "P1": {"lunch": 600}}}, "/targets/P1/lunch"),
        ({"conditions": {"weather": ["rain"]}}, "/conditions/weather"),
        ({"ladder": [{"after": 60, "action": "next_tier"}, {"after": 60, "action": "tell_lead"}]},
         "/ladder/1/after"),
        ({"calendar": "nowhere"}, "/calendar"),
        ({"warnings": [120]}, "/warnings/0"),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_work_is_refused_at_its_field(ada, change, pointer):
    answer = ada.post("/sla-policies", {**POLICY, **change})
    assert answer.status == 422
    assert pointer in [one["pointer"] for one in answer.json["errors"]]


def test_only_admins_change_settings_and_only_leads_ask_for_reports(ana):
    lea = Api(LEA)
    assert ana.get("/sla-policies").status == 200
    assert [api.post("/sla-policies", POLICY).status for api in (ana, lea)] == [403, 403]
    assert [api.get("/attainment?month=2026-11").status for api in (ana, lea)] == [403, 200]
    assert Api(ROSA).get("/sla-policies").status == 403


def test_a_what_if_is_asked_once_and_changes_nothing(ada):
    a_ticket(ada)
    asked = {"policy": POLICY, "days": 30}
    job = ada.post("/sla-what-ifs", asked, Idempotency_Key="k")
    assert job.status == 201
    assert ada.post("/sla-what-ifs", asked, Idempotency_Key="k").json["id"] == job.json["id"]
    assert ada.get(f"/jobs/{job.json['id']}").json["kind"] == "sla_what_if"
    assert [one["id"] for one in ada.get("/sla-policies").json["items"]] == ["standard"]
    wrong = ada.post("/sla-what-ifs", {"policy": {**POLICY, "warnings": [0]}})
    assert wrong.json["errors"][0]["pointer"] == "/policy/warnings/0"
