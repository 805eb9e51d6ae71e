"""People over the API: listed, added, changed and removed."""

import pytest

from tests.cast import ADA, ANA, CHI, LEA, ROSA
from tests.factories import employ
from tests.integration.api import Api
from tests.integration.outsiders import FIA, outsider, pointers

pytestmark = pytest.mark.usefixtures("cloud")

ELI = {"name": "Eli Berg", "email": "Eli@Desk.example", "role": "agent", "tiers": [2, 1],
       "skills": {"network": 3}, "languages": ["sv", "en"]}  # fmt: skip


@pytest.fixture
def ada() -> Api:
    return Api(ADA)


@pytest.fixture
def fia() -> Api:
    return outsider()


def test_a_person_lives_over_the_api(ada):
    made = ada.post("/people", ELI)
    assert (made.status, made.json["email"], made.json["tiers"]) == (
        201,
        "eli@desk.example",
        [1, 2],
    )
    path = "/people/" + made.json["id"]
    assert made.headers["Location"] == f"https://desk.example/api/v1{path}"
    assert ada.get(path).json == made.json
    assert ada.get(path).etag == made.etag == '"1"'
    changed = ada.put(path, {**ELI, "capacity": 3}, If_Match=made.etag)
    assert (changed.json["capacity"], changed.etag) == (3, '"2"')
    assert ada.delete(path).status == 204
    assert [ada.get(path).status, ada.put(path, ELI).status, ada.delete(path).status] == [404] * 3


def test_the_list_is_by_name_and_can_be_narrowed(ada):
    employ(ANA, branch="lisbon")
    employ(CHI, team="field")
    found = ada.get("/people").json
    assert [one["name"] for one in found["items"]] == ["Ada Novak", "Ana Costa", "Chi Okafor"]
    assert found["items"][1]["email"] == ANA.email
    assert found["next"] is None

    def ids(query):
        return [one["id"] for one in ada.get(f"/people?{query}").json["items"]]

    assert ids("tier=1") == ids("branch=lisbon") == [ANA.id]
    assert ids("tier=1,2") == [ANA.id, CHI.id]
    assert ids("tier=2&team=field") == [CHI.id]
    assert ids("team=nobody") == []
    assert [ada.get(f"/people?{bad}").status for bad in ("tier=9", "tier=x", "shoe=42")] == [
        422
    ] * 3


def test_the_same_key_adds_one_person(ada):
    made = ada.post("/people", ELI, Idempotency_Key="k")
    again = ada.post("/people", ELI, Idempotency_Key="k")
    assert (again.status, again.json, again.etag) == (201, made.json, made.etag)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert ada.post("/people", {**ELI, "name": "Elis"}, Idempotency_Key="k").status == 422
    assert len(ada.get("/people?tier=2").json["items"]) == 1


def test_an_address_is_one_persons_and_never_changes(ada):
    path = "/people/" + ada.post("/people", ELI).json["id"]
    assert ada.post("/people", {**ELI, "name": "Another"}).status == 409
    assert pointers(ada.put(path, {**ELI, "email": "other@desk.example"})) == ["/email"]
    without = {name: value for name, value in ELI.items() if name != "email"}
    assert ada.put(path, without).json["email"] == "eli@desk.example"
    assert pointers(ada.post("/people", without)) == ["/email"]


def test_what_a_change_leaves_out_has_its_default(ada):
    path = "/people/" + ada.post("/people", {**ELI, "capacity": 3}).json["id"]
    bare = ada.put(path, {"name": "Eli", "role": "lead"}).json
    left = ("tiers", "skills", "languages", "team", "capacity", "time_zone", "locale")
    assert [bare[name] for name in left] == [[], {}, [], None, 8, "UTC", "en"]


def test_a_version_that_was_not_seen_is_not_written_over(ada):
    made = ada.post("/people", ELI)
    path = "/people/" + made.json["id"]
    ada.put(path, {**ELI, "capacity": 3})
    stale = ada.put(path, {**ELI, "capacity": 5}, If_Match=made.etag)
    assert (stale.status, stale.etag) == (412, '"2"')
    assert ada.put(path, ELI, If_Match="*").json["version"] == 3


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": " "}, "/name"),
        ({"email": "eli"}, "/email"),
        ({"role": "requester"}, "/role"),
        ({"role": 5}, "/role"),
        ({"tiers": []}, "/tiers"),
        ({"tiers": [1, 1]}, "/tiers"),
        ({"tiers": [4]}, "/tiers"),
        ({"tiers": ["1"]}, "/tiers/0"),
        ({"team": "nowhere"}, "/team"),
        ({"branch": "nowhere"}, "/branch"),
        ({"shift": "nowhere"}, "/shift"),
        ({"skills": {"network": 6}}, "/skills/network"),
        ({"skills": {"a/b": 0}}, "/skills/a~1b"),
        ({"skills": ["network"]}, "/skills"),
        ({"languages": ["portuguese"]}, "/languages/0"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"locale": "?"}, "/locale"),
        ({"capacity": -1}, "/capacity"),
        ({"capacity": 10**30}, "/capacity"),
        ({"capacity": 1.5}, "/capacity"),
        ({"load": 0}, "/load"),
        ({"version": 1}, "/version"),
    ],
)
def test_who_cannot_work_here_is_refused_at_the_field(ada, change, pointer):
    path = "/people/" + ada.post("/people", ELI).json["id"]
    asked = {**ELI, **change}
    assert pointer in pointers(ada.post("/people", asked))
    assert pointer in pointers(ada.put(path, asked))


def test_oneself_and_the_last_admin_stay(ada):
    assert ada.delete(f"/people/{ADA.id}").status == 409
    refused = ada.put(f"/people/{ADA.id}", {"name": "Ada", "role": "lead"})
    assert (refused.status, "admin" in refused.json["detail"]) == (409, True)
    other = ada.post("/people", {**ELI, "role": "admin"}).json["id"]
    assert ada.delete(f"/people/{other}").status == 204


def test_who_has_left_can_ask_for_nothing(ada):
    ana = Api(ANA)
    assert ada.delete(f"/people/{ANA.id}").status == 204
    assert ana.get("/people/me").status == 401


def test_the_desk_sees_its_people_and_only_admins_change_them(ada, fia):
    employ(ANA)
    path = f"/people/{ANA.id}"
    readers = [Api(one) for one in (ANA, LEA)]
    assert [(one.get("/people").status, one.get(path).status) for one in readers] == [
        (200, 200)
    ] * 2
    for api in (*readers, fia, Api(ROSA)):
        tried = (api.post("/people", ELI), api.put(path, ELI), api.delete(path))
        assert [one.status for one in tried] == [403] * 3
    for api in (fia, Api(ROSA)):
        assert [api.get(one).status for one in ("/people", path, f"/people/{FIA.id}")] == [403] * 3


def test_a_requester_with_an_account_is_nobody_of_the_desk(ada):
    Api(ROSA)
    assert ada.get(f"/people/{ROSA.id}").status == 404
    assert ada.delete(f"/people/{ROSA.id}").status == 404
