"""Alert rules over the API: stored as versions, and asked in an order."""

import pytest

from chalicelib.domain.alert_rules import rule_for
from chalicelib.services import settings, sla_settings
from tests.cast import ADA, ANA, LEA, MONDAY_9, ROSA
from tests.integration.api import Api
from tests.integration.outsiders import outsider, pointers

pytestmark = pytest.mark.usefixtures("cloud")

ALL, ONE, ORDER = "/alert-rules", "/alert-rules/shop", "/alert-rule-order"
SHOP = {"name": "Shop", "matchers": ["service=shop"], "tier": 2}
BAD = [
    ({"name": ""}, "/name"),
    ({"id": "default"}, "/id"),
    ({"matchers": ["shop"]}, "/matchers/0"),
    ({"tier": 4}, "/tier"),
    ({"tier": "2"}, "/tier"),
    ({"branch": "atlantis"}, "/branch"),
    ({"impact": "huge"}, "/impact"),
    ({"service": "s" * 101}, "/service"),
    ({"tags_from": [""]}, "/tags_from"),
    ({"runbook": "javascript:alert(1)"}, "/runbook"),
    ({"version": 3}, "/version"),
]


@pytest.fixture
def ada() -> Api:
    return Api(ADA)


def ids(answer) -> list[str]:
    return [one["id"] for one in answer.json["items"]]


def test_a_rule_lives_over_the_api(ada):
    made = ada.post(ALL, SHOP, Idempotency_Key="k")
    assert (made.status, made.json["id"], made.etag) == (201, "shop", '"1"')
    assert made.headers["Location"] == f"https://desk.example/api/v1{ONE}"
    again = ada.post(ALL, SHOP, Idempotency_Key="k")
    assert (again.json, again.headers["Idempotency-Replayed"]) == (made.json, "true")
    assert ada.post(ALL, SHOP).status == 409
    changed = ada.put(ONE, {**SHOP, "impact": "high"}, If_Match=made.etag)
    assert (changed.json["impact"], changed.etag) == ("high", '"2"')
    assert ada.put(ONE, SHOP, If_Match=made.etag).status == 412
    assert pointers(ada.put(ONE, {**SHOP, "id": "other"})) == ["/id"]
    assert (ada.get(ONE).json["version"], ids(ada.get(ALL))) == (2, ["shop"])
    assert ada.delete(ONE).status == 204
    assert [ada.get(ONE).status, ada.delete(ONE).status, ada.put(ONE, SHOP).status] == [404] * 3


def test_the_first_rule_of_the_order_wins(ada):
    ada.post(ALL, {"name": "Anything"})
    ada.post(ALL, SHOP)
    assert ids(ada.get(ALL)) == ["anything", "shop"]
    ordered = ada.put(ORDER, {"ids": ["shop", "anything"]})
    assert ids(ordered) == ids(ada.get(ALL)) == ["shop", "anything"]
    assert rule_for(settings.alert_rules(), {"service": "shop"}).id == "shop"
    for wrong in (["shop"], ["shop", "shop"], ["shop", "anything", "x"]):
        assert pointers(ada.put(ORDER, {"ids": wrong})) == ["/ids"]
    ada.delete("/alert-rules/anything")
    assert ids(ada.get(ALL)) == ["shop"]


def test_a_branch_is_named_by_its_id(ada):
    lyon = {"id": "lyon", "name": "Lyon", "calendar": "24x7"}
    sla_settings.put_branch(lyon, ADA, MONDAY_9)
    assert ada.post(ALL, {**SHOP, "branch": "lyon"}).json["branch"] == "lyon"


@pytest.mark.parametrize(("change", "pointer"), BAD)
def test_one_that_cannot_work_is_refused_at_its_field(ada, change, pointer):
    assert pointer in pointers(ada.post(ALL, {**SHOP, **change}))
    assert ada.get(ALL).json == {"items": [], "next": None}


def test_staff_read_and_admins_change(ada):
    ada.post(ALL, SHOP)
    ana, lea, fia, rosa = Api(ANA), Api(LEA), outsider(), Api(ROSA)
    assert [api.get(path).status for api in (ana, lea) for path in (ALL, ONE)] == [200] * 4
    assert [api.get(path).status for api in (fia, rosa) for path in (ALL, ONE)] == [403] * 4
    for api in (ana, lea, fia, rosa):
        tried = (api.post(ALL, SHOP), api.put(ONE, SHOP), api.delete(ONE),
                 api.put(ORDER, {"ids": ["shop"]}))  # fmt: skip
        assert [answer.status for answer in tried] == [403] * 4
