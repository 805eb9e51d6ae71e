"""Integrations over the API: stored as versions, with keys that are renewed and secrets for few."""

import pytest

from chalicelib.adapters import clock
from chalicelib.domain.errors import Invalid
from chalicelib.models.marker import Marker
from chalicelib.models.setting import Setting
from chalicelib.services import alert_settings, hook_keys, settings
from tests.cast import ADA, ANA, LEA, MONDAY_9, ROSA, after
from tests.integration.api import Api
from tests.integration.monitoring import body, post, report, send, told
from tests.integration.outsiders import outsider, pointers

pytestmark = pytest.mark.usefixtures("cloud")

PROM = {"name": "Prometheus", "source": "alertmanager"}
ONE = "/integrations/prometheus"
MAPPING = {"identity": "check.id", "title": "check.name"}
BAD = [
    ({"name": ""}, "/name"),
    ({"id": "a b"}, "/id"),
    ({"id": "new"}, "/id"),
    ({"source": "pigeon"}, "/source"),
    ({"source": None}, "/source"),
    ({"on_resolve": "forget"}, "/on_resolve"),
    ({"quiet_for": -1}, "/quiet_for"),
    ({"stale_after": 1}, "/stale_after"),
    ({"storm_size": "5"}, "/storm_size"),
    ({"options": {"colour": 1}}, "/options/colour"),
    ({"options": {"mapping": {"title": "t"}}}, "/options/mapping/identity"),
    ({"pasted_secret": "s" * 501}, "/pasted_secret"),
    ({"pasted_secret": "gehëim"}, "/pasted_secret"),
    ({"key_hashes": []}, "/key_hashes"),
    ({"generation": 7}, "/generation"),
    ({"pasted": "x"}, "/pasted"),
    ({"version": 3}, "/version"),
    ({"colour": "red"}, "/colour"),
]


@pytest.fixture
def ada() -> Api:
    return Api(ADA)


def status_at(address: str, **headers: str) -> int:
    """What a tool hears that reports to an address."""
    path = address.removeprefix("https://desk.example")
    return Api().call("POST", path, body(told("DiskFull")), **headers).status


# Their life.


def test_an_integration_lives_over_the_api(ada):
    made = ada.post("/integrations", PROM, Idempotency_Key="k")
    assert (made.status, made.json["id"], made.etag) == (201, "prometheus", '"1"')
    assert made.headers["Location"] == "https://desk.example/api/v1/integrations/prometheus"
    changed = ada.put(ONE, {**PROM, "on_resolve": "note"}, If_Match=made.etag)
    assert (changed.json["on_resolve"], changed.etag) == ("note", '"2"')
    assert ada.put(ONE, PROM, If_Match=made.etag).status == 412
    assert [one["id"] for one in ada.get("/integrations").json["items"]] == ["prometheus"]
    assert (ada.get(ONE).etag, ada.get(ONE).json["version"]) == ('"2"', 2)
    assert ada.delete(ONE).status == 204
    assert [ada.get(ONE).status, ada.put(ONE, PROM).status, ada.delete(ONE).status] == [404] * 3
    assert status_at(made.json["address"]) == 404


def test_a_keyed_request_is_answered_the_same_and_its_secret_is_not_kept(ada):
    made, again = (ada.post("/integrations", PROM, Idempotency_Key="k") for _ in range(2))
    assert (again.json, again.headers["Idempotency-Replayed"]) == (made.json, "true")
    assert made.json["secret"]
    stored = f"{[one.answer for one in Marker.scan()]}{[one.data for one in Setting.scan()]}"
    assert made.json["secret"] not in stored
    assert made.json["address"].rpartition("/")[2] not in stored
    other = ada.post("/integrations", {**PROM, "name": "Other"}, Idempotency_Key="k")
    assert other.status == 422
    assert ada.post("/integrations", PROM).status == 409


def test_its_tool_reports_by_the_address_and_the_secret_that_were_answered(ada):
    made = ada.post("/integrations", PROM).json
    assert status_at(made["address"]) == 202
    assert status_at(made["address"], Authorization=f"Bearer {made['secret']}") == 202
    assert status_at(made["address"], Authorization="Bearer wrong") == 401
    assert status_at(made["address"][:-1]) == 404


def test_one_that_is_switched_off_is_not_there_for_its_tool(ada):
    made = ada.post("/integrations", {**PROM, "enabled": False}).json
    assert status_at(made["address"]) == 404
    ada.put(ONE, PROM)
    assert status_at(made["address"]) == 202


@pytest.mark.parametrize(("change", "pointer"), BAD)
def test_one_that_cannot_work_is_refused_at_its_field(ada, change, pointer):
    assert pointer in pointers(ada.post("/integrations", {**PROM, **change}))
    assert ada.get("/integrations").json["items"] == []


def test_a_source_may_be_written_in_any_way_and_never_changes(ada):
    made = ada.post("/integrations", {**PROM, "source": "Alert_Manager"})
    assert made.json["source"] == "alertmanager"
    assert ada.put(ONE, {"name": "Prometheus"}).json["source"] == "alertmanager"
    assert pointers(ada.put(ONE, {**PROM, "source": "nagios"})) == ["/source"]
    assert pointers(ada.put(ONE, {**PROM, "id": "other"})) == ["/id"]
    assert ada.get(ONE).json["version"] == 2


def test_the_id_of_a_deleted_one_is_not_given_again(ada):
    ada.post("/integrations", PROM)
    ada.delete(ONE)
    assert ada.post("/integrations", PROM).status == 409


def test_nothing_that_is_left_out_keeps_its_value_but_the_keys_do(ada):
    full = {**PROM, "storm_by": ["site"], "stale_after": 600, "options": {"requires": "address"}}
    made = ada.post("/integrations", full).json
    bare = ada.put(ONE, PROM).json
    assert (bare["storm_by"], bare["stale_after"]) == (["service", "site", "group"], None)
    assert bare["options"] == {}
    assert (bare["address"], bare["secret"]) == (made["address"], made["secret"])


# Keys and secrets.


def test_a_renewed_key_leaves_the_one_before_good_until_it_is_forgotten(ada):
    first = ada.post("/integrations", PROM).json
    renewed = ada.post(f"{ONE}/key", None)
    second = renewed.json
    assert (renewed.status, renewed.etag, second["old_key_works"]) == (201, '"2"', True)
    assert first["address"] != second["address"]
    assert first["secret"] != second["secret"]
    for one in (first, second):
        assert status_at(one["address"], Authorization=f"Bearer {one['secret']}") == 202
    assert ada.delete(f"{ONE}/old-keys").status == 204
    assert [status_at(one["address"]) for one in (first, second)] == [404, 202]
    old = f"Bearer {first['secret']}"
    assert status_at(second["address"], Authorization=old) == 401
    assert ada.get(ONE).json["old_key_works"] is False


def test_a_key_that_is_renewed_twice_leaves_only_two_good(ada):
    made = [ada.post("/integrations", PROM).json]
    made += [ada.post(f"{ONE}/key", None).json for _ in range(2)]
    assert [status_at(one["address"]) for one in made] == [404, 202, 202]


def test_a_keyed_renewal_takes_effect_once(ada):
    ada.post("/integrations", PROM)
    first, again = (ada.post(f"{ONE}/key", None, Idempotency_Key="k") for _ in range(2))
    assert (again.json, again.headers["Idempotency-Replayed"]) == (first.json, "true")
    assert ada.get(ONE).json["version"] == 2
    assert ada.post("/integrations/nowhere/key", None).status == 404
    assert ada.delete("/integrations/nowhere/old-keys").status == 404


def test_a_pasted_secret_is_sealed_used_and_never_shown(ada):
    made = ada.post("/integrations", {**PROM, "pasted_secret": "made-by-the-tool"})
    assert (made.json["secret"], made.json["has_pasted_secret"]) == (None, True)
    assert b"made-by-the-tool" not in made.body
    assert "made-by-the-tool" not in str([one.data for one in Setting.scan()])
    address = made.json["address"]
    assert status_at(address, Authorization="Bearer made-by-the-tool") == 202
    ada.put(ONE, PROM)  # left out, it stays
    assert status_at(address, Authorization="Bearer made-by-the-tool") == 202
    ours = ada.put(ONE, {**PROM, "pasted_secret": None}).json
    assert ours["has_pasted_secret"] is False
    assert status_at(address, Authorization="Bearer made-by-the-tool") == 401
    assert status_at(address, Authorization=f"Bearer {ours['secret']}") == 202


def test_an_answer_holds_no_hash_and_no_sealed_secret(ada):
    made = ada.post("/integrations", {**PROM, "pasted_secret": "x"}, Idempotency_Key="k")
    for answer in (made, ada.get(ONE), ada.post(f"{ONE}/key", None)):
        assert {"key_hashes", "pasted", "pasted_secret"}.isdisjoint(answer.json)


@pytest.mark.parametrize("field", sorted(alert_settings.OURS))
def test_keys_cannot_be_set_by_any_way(field):
    data = {"id": "prometheus", **PROM, field: None}
    with pytest.raises(Invalid) as refusal:
        alert_settings.put_integration(data, ADA, MONDAY_9)
    assert [one.pointer for one in refusal.value.errors] == [f"/{field}"]


# The mapping.


def test_every_agent_may_set_a_mapping_right_and_nothing_else(ada):
    ada.post("/integrations", {**PROM, "options": {"requires": "address"}})
    ana = Api(ANA)
    put = ana.put(f"{ONE}/mapping", {"mapping": MAPPING}, If_Match='"1"')
    assert (put.status, put.etag) == (200, '"2"')
    assert put.json["options"] == {"requires": "address", "mapping": MAPPING}
    assert (put.json["address"], put.json["secret"]) == (None, None)
    assert ana.put(f"{ONE}/mapping", {"mapping": MAPPING}, If_Match='"1"').status == 412
    bare = ana.put(f"{ONE}/mapping", {"mapping": None})
    assert bare.json["options"] == {"requires": "address"}
    kept = settings.integration("prometheus")
    assert kept.key_hashes == hook_keys.with_keys(kept).key_hashes


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"mapping": {"title": "t"}}, "/mapping/identity"),
        ({"mapping": {**MAPPING, "mood": "m"}}, "/mapping/mood"),
        ({"mapping": "title"}, "/mapping"),
        (b"{}", "/mapping"),
        ({"mapping": MAPPING, "name": "x"}, "/name"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_at_its_field(ada, sent, pointer):
    ada.post("/integrations", PROM)
    assert pointer in pointers(Api(ANA).put(f"{ONE}/mapping", sent))
    assert ada.get(ONE).json["version"] == 1


# How they do, and which there are.


def test_health_says_never_then_ok_then_silent_then_failing(ada):
    ada.post("/integrations", {**PROM, "silent_after": 3600})
    health = ada.get(ONE).json["health"]
    assert health == {"state": "never", "last_at": None, "last_outcome": None}
    found = settings.integration("prometheus")
    report(found, told("DiskFull"))
    health = ada.get("/integrations").json["items"][0]["health"]
    assert (health["state"], health["last_outcome"]) == ("ok", "taken")
    assert health["last_at"] == "2026-11-23T09:00:00.000Z"
    clock.use(lambda: after(hours=1, minutes=1))
    assert ada.get(ONE).json["health"]["state"] == "silent"
    send(found, b"<html>", at=after(hours=2))
    health = ada.get(ONE).json["health"]
    assert (health["state"], health["last_outcome"]) == ("failing", "unreadable")


def test_each_source_says_how_it_is_set_up(ada):
    items = Api(ANA).get("/sources").json["items"]
    found = {one["id"]: one for one in items}
    assert set(found["alertmanager"]) == {"id", "title", "proof", "set_up"}
    assert all(one["title"] and one["proof"] and one["set_up"] for one in items)
    assert any("{url}" in line for line in found["alertmanager"]["set_up"])
    assert len(items) == len(found)


# Who may.


def test_staff_read_without_secrets_and_admins_change(ada):
    made = ada.post("/integrations", PROM).json
    for api in (Api(ANA), Api(LEA)):
        (listed,) = api.get("/integrations").json["items"]
        shown = api.get(ONE)
        assert (shown.status, shown.json) == (200, listed)
        assert (listed["address"], listed["secret"]) == (None, None)
        assert made["secret"].encode() not in shown.body
        tried = (
            api.post("/integrations", PROM), api.put(ONE, PROM), api.delete(ONE),
            api.post(f"{ONE}/key", None), api.delete(f"{ONE}/old-keys"),
        )  # fmt: skip
        assert [answer.status for answer in tried] == [403] * 5
    assert ada.get(ONE).json["secret"] == made["secret"]


def test_others_see_none_of_it(ada):
    ada.post("/integrations", PROM)
    for api in (outsider(), Api(ROSA)):
        tried = (
            api.get("/integrations"), api.get(ONE), api.get("/sources"), api.delete(ONE),
            api.get("/integrations/nowhere"), api.post("/integrations", PROM),
            api.put(ONE, PROM), api.put(f"{ONE}/mapping", {"mapping": MAPPING}),
            api.post(f"{ONE}/key", None),
        )  # fmt: skip
        assert [answer.status for answer in tried] == [403] * 9
    assert Api().get("/integrations").status == 401
    assert post(settings.integration("prometheus"), body(told("DiskFull"))).status == 202
