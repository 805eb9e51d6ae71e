"""Teams and routing rules over the API: stored as versions, ordered, and tried on the past."""

import pytest

from tests.cast import ADA, ANA, LEA, ROSA
from tests.factories import employ
from tests.integration.api import Api, a_request
from tests.integration.outsiders import outsider, pointers

pytestmark = pytest.mark.usefixtures("cloud")

NET = {"name": "Network"}
VPN = {"name": "VPN", "conditions": {"text": ["vpn"]}, "tier": 2, "skills": {"network": 3}}
BAD_TEAMS = [
    ({"name": ""}, "/name"),
    ({"id": "a b"}, "/id"),
    ({"id": "new"}, "/id"),
    ({"id": "none"}, "/id"),
    ({"strategy": "by_height"}, "/strategy"),
    ({"strategy": ["pull"]}, "/strategy"),
    ({"hand_over": {"lunch": ["P1"]}}, "/hand_over"),
    ({"hand_over": {"away": ["P9"]}}, "/hand_over/away"),
    ({"hand_over": {"away": "P1"}}, "/hand_over/away"),
    ({"short_break": -1}, "/short_break"),
    ({"short_break": 1441}, "/short_break"),
    ({"outside": "yes"}, "/outside"),
    ({"colour": "red"}, "/colour"),
]
BAD_RULES = [
    ({"name": "x" * 101}, "/name"),
    ({"conditions": {"weather": ["rain"]}}, "/conditions/weather"),
    ({"conditions": {"text": []}}, "/conditions/text"),
    ({"conditions": {"text": "vpn"}}, "/conditions/text"),
    ({"conditions": {"channel": ["mail", "pigeon"]}}, "/conditions/channel/1"),
    ({"tier": 4}, "/tier"),
    ({"tier": "2"}, "/tier"),
    ({"tier": True}, "/tier"),
    ({"team": "nowhere"}, "/team"),
    ({"skills": {"network": 0}}, "/skills/network"),
    ({"skills": {"network": "3"}}, "/skills/network"),
    ({"priority": "P0"}, "/priority"),
    ({"version": 3}, "/version"),
]


@pytest.fixture
def ada() -> Api:
    return Api(ADA)


def ids(answer) -> list[str]:
    return [one["id"] for one in answer.json["items"]]


# Teams.


def test_a_team_lives_over_the_api(ada):
    made = ada.post("/teams", NET, Idempotency_Key="k")
    assert (made.status, made.json["id"], made.etag) == (201, "network", '"1"')
    assert made.headers["Location"] == "https://desk.example/api/v1/teams/network"
    again = ada.post("/teams", NET, Idempotency_Key="k")
    assert (again.json, again.headers["Idempotency-Replayed"]) == (made.json, "true")
    assert ada.post("/teams", NET).status == 409
    changed = ada.put("/teams/network", {**NET, "strategy": "pull"}, If_Match=made.etag)
    assert (changed.json["strategy"], changed.json["version"]) == ("pull", 2)
    assert ada.put("/teams/network", NET, If_Match=made.etag).status == 412
    assert (ada.get("/teams/network").etag, ids(ada.get("/teams"))) == ('"2"', ["network"])
    assert ada.delete("/teams/network").status == 204
    assert [ada.get("/teams/network").status, ada.put("/teams/network", NET).status] == [404] * 2


def test_what_a_change_of_a_team_leaves_out_has_its_default(ada):
    urgent = ["P1", "P2"]
    usual = {"shift_end": urgent, "away": urgent, "out_of_office": urgent}
    made = ada.post("/teams", {**NET, "hand_over": {"away": ["P1"]}, "short_break": 5})
    assert (made.json["hand_over"], made.json["short_break"]) == ({"away": ["P1"]}, 5)
    bare = ada.put("/teams/network", NET).json
    assert (bare["hand_over"], bare["short_break"], bare["outside"]) == (usual, 30, False)


@pytest.mark.parametrize(("change", "pointer"), BAD_TEAMS)
def test_a_team_that_cannot_work_is_refused_at_its_field(ada, change, pointer):
    assert pointer in pointers(ada.post("/teams", {**NET, **change}))
    assert ada.get("/teams").json["items"] == []


def test_an_id_never_changes(ada):
    ada.post("/teams", NET)
    ada.post("/routing-rules", VPN)
    assert pointers(ada.put("/teams/network", {**NET, "id": "other"})) == ["/id"]
    assert pointers(ada.put("/routing-rules/vpn", {**VPN, "id": "other"})) == ["/id"]


def test_a_team_in_use_stays(ada):
    ada.post("/teams", NET)
    employ(ANA, team="network")
    refused = ada.delete("/teams/network")
    assert (refused.status, "Ana Costa" in refused.json["detail"]) == (409, True)


# Routing rules.


def test_a_rule_lives_over_the_api_and_routes(ada):
    made = ada.post("/routing-rules", VPN, Idempotency_Key="k")
    assert (made.status, made.json["id"], made.json["team"]) == (201, "vpn", None)
    assert ada.post("/routing-rules", VPN, Idempotency_Key="k").json == made.json
    ticket = ada.post("/tickets", a_request(subject="The VPN is down")).json
    assert (ticket["tier"], ticket["skills"]) == (2, {"network": 3})
    stored = ada.put("/routing-rules/vpn", {**VPN, "priority": "P1"}, If_Match=made.etag)
    assert (stored.json["priority"], stored.etag) == ("P1", '"2"')
    assert ada.put("/routing-rules/vpn", VPN, If_Match=made.etag).status == 412
    assert ada.delete("/routing-rules/vpn").status == 204
    assert ada.get("/routing-rules/vpn").status == 404


def test_the_first_rule_of_the_order_wins_and_the_default_stays_last(ada):
    for name in ("Broken", "Answer"):
        ada.post("/routing-rules", {"name": name})
    ordered = ada.put("/routing-rule-order", {"ids": ["broken", "answer"]})
    assert ids(ordered) == ids(ada.get("/routing-rules")) == ["broken", "answer", "default"]
    assert pointers(ada.put("/routing-rule-order", {"ids": ["broken"]})) == ["/ids"]
    assert pointers(ada.put("/routing-rule-order", {"ids": ["broken", "broken"]})) == ["/ids"]


def test_the_default_may_be_changed_but_neither_deleted_nor_narrowed(ada):
    assert ada.put("/routing-rules/default", {"name": "All else", "tier": 2}).json["tier"] == 2
    assert ada.post("/tickets", a_request()).json["tier"] == 2
    assert ada.delete("/routing-rules/default").status == 409
    assert ada.post("/routing-rules", {"id": "default", "name": "Another"}).status == 409
    narrow = {"name": "All else", "conditions": {"channel": ["mail"]}}
    assert pointers(ada.put("/routing-rules/default", narrow)) == ["/conditions"]


@pytest.mark.parametrize(("change", "pointer"), BAD_RULES)
def test_a_rule_that_cannot_work_is_refused_at_its_field(ada, change, pointer):
    assert pointer in pointers(ada.post("/routing-rules", {**VPN, **change}))
    assert pointer.replace("/", "/rule/", 1) in pointers(
        ada.post("/routing-dry-runs", {"rule": {**VPN, **change}})
    )
    assert ids(ada.get("/routing-rules")) == ["default"]


# A dry run.


def rows(answer) -> list[tuple]:
    assert answer.status == 200, answer.body
    found = answer.json["items"]
    return [(one["subject"], one["now"]["rule"], one["then"]["rule"]) for one in found]


def test_a_draft_is_tried_on_the_latest_tickets_and_nothing_is_changed(ada):
    for subject in ("The VPN is down", "A mouse"):
        ada.post("/tickets", a_request(subject=subject))
    tried = ada.post("/routing-dry-runs", {"rule": VPN, "tickets": 10})
    assert sorted(rows(tried)) == [
        ("A mouse", "default", "default"), ("The VPN is down", "default", "vpn"),
    ]  # fmt: skip
    assert (tried.json["seen"], tried.json["changed"]) == (2, 1)
    moved = next(one for one in tried.json["items"] if one["changed"])
    assert (moved["now"]["tier"], moved["then"]["tier"]) == (1, 2)
    assert ids(ada.get("/routing-rules")) == ["default"]
    assert ada.post("/routing-dry-runs", {"rule": VPN, "tickets": 1}).json["seen"] == 1


def test_a_draft_stands_in_its_own_place_or_before_another(ada):
    everything = {"name": "All"}
    ada.post("/routing-rules", everything)
    ada.post("/tickets", a_request(subject="The VPN is down"))

    def winner(rule, **where):
        return rows(ada.post("/routing-dry-runs", {"rule": rule, **where}))[0][2]

    assert winner(VPN) == "all"
    assert winner(VPN, before="all") == "vpn"
    assert winner({**everything, "id": "all", "conditions": {"text": ["mouse"]}}) == "default"
    assert pointers(ada.post("/routing-dry-runs", {"rule": VPN, "before": "vpn"})) == ["/before"]
    for tickets in (0, 501, "10"):
        asked = {"rule": VPN, "tickets": tickets}
        assert pointers(ada.post("/routing-dry-runs", asked)) == ["/tickets"]


# Who may.


def test_staff_read_admins_change_and_leads_try(ada):
    ana, lea, fia, rosa = Api(ANA), Api(LEA), outsider(), Api(ROSA)
    for path, body in (("/teams", NET), ("/routing-rules", VPN)):
        one = path + "/" + ada.post(path, body).json["id"]
        assert [api.get(p).status for api in (ana, lea) for p in (path, one)] == [200] * 4
        assert [api.get(p).status for api in (fia, rosa) for p in (path, one)] == [403] * 4
        for api in (ana, lea, fia, rosa):
            tried = (api.post(path, body), api.put(one, body), api.delete(one))
            assert [answer.status for answer in tried] == [403] * 3
    order, run = ("/routing-rule-order", {"ids": ["vpn"]}), ("/routing-dry-runs", {"rule": VPN})
    everybody = (ada, lea, ana, fia, rosa)
    assert [api.put(*order).status for api in everybody] == [200, 403, 403, 403, 403]
    assert [api.post(*run).status for api in everybody] == [200, 200, 403, 403, 403]
