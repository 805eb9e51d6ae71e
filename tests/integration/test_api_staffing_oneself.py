"""What one says of oneself over the API: a profile, and whether one takes tickets."""

import pytest

from tests.cast import ADA, ANA, BEN, CHI, LEA, ROSA
from tests.factories import employ
from tests.integration.api import Api
from tests.integration.outsiders import FIA, outsider, pointers

pytestmark = pytest.mark.usefixtures("cloud")


def test_me_is_oneself_and_nobody_of_that_name():
    apis = (Api(ADA), outsider())
    assert [api.get("/people/me").json["id"] for api in apis] == [ADA.id, FIA.id]
    assert Api(ROSA).get("/people/me").json["role"] == "requester"


def test_one_says_of_oneself_what_is_ones_own_and_nothing_else():
    ana = Api(ANA)
    employ(ANA, skills={"network": 4}, capacity=3)
    said = {"name": "Ana C.", "languages": ["pt"], "time_zone": "Europe/Lisbon", "locale": "pt-PT"}
    answer = ana.put("/people/me", said, If_Match=ana.get("/people/me").etag)
    assert {name: answer.json[name] for name in said} == said
    kept = ana.get("/people/me").json
    assert (kept["tiers"], kept["skills"], kept["capacity"]) == ([1], {"network": 4}, 3)
    assert ana.put("/people/me", said, If_Match='"1"').status == 412
    assert ana.put("/people/me", {"name": "Ana"}).json["languages"] == []
    assert Api(ROSA).put("/people/me", {"name": "Rosa L."}).json["name"] == "Rosa L."


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"role": "admin"}, "/role"),
        ({"tiers": [3]}, "/tiers"),
        ({"capacity": 500}, "/capacity"),
        ({"team": "field"}, "/team"),
        ({"name": ""}, "/name"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"languages": ["EN"]}, "/languages/0"),
        ({"languages": ["en"] * 21}, "/languages"),
        ({"locale": "not a locale"}, "/locale"),
    ],
)
def test_what_one_may_not_say_of_oneself_is_refused(change, pointer):
    assert pointers(Api(ANA).put("/people/me", {"name": "Ana", **change})) == [pointer]


# Whether one takes tickets.


def test_one_is_out_of_office_with_a_substitute_and_a_note_and_then_back():
    ana = Api(ANA)
    employ(BEN)
    away = {"status": "out_of_office", "until": "2026-11-30T09:00:00Z", "substitute": BEN.id,
            "note": "Call the printer people."}  # fmt: skip
    said = ana.put("/people/me/availability", away).json
    assert (said["availability"], said["substitute"]) == ("out_of_office", BEN.id)
    assert (said["away_until"], said["note"]) == ("2026-11-30T09:00:00.000Z", away["note"])
    back = ana.put("/people/me/availability", {"status": "available"}).json
    assert [back[name] for name in ("availability", "away_until", "substitute", "note")] == [
        "available", None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"status": "asleep"}, "/status"),
        ({"note": "lunch"}, "/status"),
        ({"status": "away", "until": "2026-11-23T08:00:00Z"}, "/until"),
        ({"status": "away", "until": "2026-11-24T08:00:00"}, "/until"),
        ({"status": "away", "until": "9999-12-31T00:00:00Z"}, "/until"),
        ({"status": "away", "substitute": BEN.id}, "/substitute"),
        ({"status": "out_of_office", "substitute": "P-NOBODY"}, "/substitute"),
        ({"status": "out_of_office", "substitute": ANA.id}, "/substitute"),
        ({"status": "out_of_office", "note": "x" * 2001}, "/note"),
        ({"status": "away", "why": "lunch"}, "/why"),
    ],
)
def test_an_absence_that_cannot_be_is_refused_at_the_field(asked, pointer):
    ana = Api(ANA)
    employ(BEN)
    assert pointers(ana.put("/people/me/availability", asked)) == [pointer]
    assert ana.get("/people/me").json["availability"] == "available"


def test_nobody_stands_in_for_themselves_in_a_circle():
    apis = {one: Api(one) for one in (ANA, BEN, CHI)}
    out = {"status": "out_of_office"}
    for one, other in ((ANA, BEN), (BEN, CHI)):
        said = apis[one].put("/people/me/availability", {**out, "substitute": other.id})
        assert said.status == 200
    circle = apis[CHI].put("/people/me/availability", {**out, "substitute": ANA.id})
    assert pointers(circle) == ["/substitute"]


def test_leads_and_admins_say_it_of_others_and_agents_of_themselves():
    ada, ben, lea, fia, away = Api(ADA), Api(BEN), Api(LEA), outsider(), {"status": "away"}
    path = f"/people/{BEN.id}/availability"
    assert [api.put(path, away).json["availability"] for api in (lea, ada, ben)] == ["away"] * 3
    assert [api.put(path, away).status for api in (Api(ANA), fia, Api(ROSA))] == [403] * 3
    assert fia.put("/people/me/availability", away).status == 200
    assert Api(ROSA).put("/people/me/availability", away).status == 403
    assert lea.put("/people/P-NOBODY/availability", away).status == 404
