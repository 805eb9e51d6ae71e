"""Maintenance windows over the API: stored as versions, and whether they are open now."""

import pytest

from chalicelib.adapters import clock
from tests.cast import ADA, ANA, LEA, ROSA, after
from tests.integration.api import Api
from tests.integration.outsiders import outsider, pointers

pytestmark = pytest.mark.usefixtures("cloud")

ALL, ONE = "/maintenance-windows", "/maintenance-windows/patches"
PATCHES = {"name": "Patches", "starts_at": "2026-11-23T10:00", "minutes": 60,
           "time_zone": "Europe/Berlin", "matchers": ["service=shop"]}  # fmt: skip
BAD = [
    ({"name": "x" * 101}, "/name"),
    ({"id": "new"}, "/id"),
    ({"starts_at": "tonight"}, "/starts_at"),
    ({"starts_at": "2026-11-23T10:00Z"}, "/starts_at"),
    ({"starts_at": "9999-12-31T23:00"}, "/starts_at"),
    ({"minutes": 0}, "/minutes"),
    ({"minutes": "60"}, "/minutes"),
    ({"time_zone": "Mars"}, "/time_zone"),
    ({"weekdays": [7]}, "/weekdays"),
    ({"until": "2027-02-30"}, "/until"),
    ({"matchers": ["shop"]}, "/matchers/0"),
    ({"version": 3}, "/version"),
    ({"now": True}, "/now"),
]


@pytest.fixture
def ada() -> Api:
    return Api(ADA)


def when(answer) -> tuple[bool, str | None]:
    return answer.json["now"], answer.json["next_at"]


def test_a_window_lives_over_the_api(ada):
    made = ada.post(ALL, PATCHES, Idempotency_Key="k")
    assert (made.status, made.json["id"], made.etag) == (201, "patches", '"1"')
    assert made.headers["Location"] == f"https://desk.example/api/v1{ONE}"
    clock.use(lambda: after(hours=1))
    again = ada.post(ALL, PATCHES, Idempotency_Key="k")
    assert (again.json, again.headers["Idempotency-Replayed"]) == (made.json, "true")
    assert ada.post(ALL, PATCHES).status == 409
    changed = ada.put(ONE, {**PATCHES, "minutes": 90}, If_Match=made.etag)
    assert (changed.json["minutes"], changed.etag) == (90, '"2"')
    assert ada.put(ONE, PATCHES, If_Match=made.etag).status == 412
    assert pointers(ada.put(ONE, {**PATCHES, "id": "other"})) == ["/id"]
    assert [one["version"] for one in ada.get(ALL).json["items"]] == [2]
    assert ada.delete(ONE).status == 204
    assert [ada.get(ONE).status, ada.delete(ONE).status, ada.put(ONE, PATCHES).status] == [404] * 3


def test_it_says_whether_it_is_open_and_when_it_opens_next(ada):
    made = ada.post(ALL, PATCHES)  # ten o'clock in Berlin is nine in UTC
    assert when(made) == when(ada.get(ONE)) == (True, None)
    clock.use(lambda: after(hours=1))
    assert when(ada.get(ONE)) == (False, None)
    nightly = {**PATCHES, "starts_at": "2026-11-23T22:00", "weekdays": [0, 2]}
    assert when(ada.put(ONE, nightly)) == (False, "2026-11-23T21:00:00.000Z")
    clock.use(lambda: after(hours=12, minutes=30))
    assert when(ada.get(ONE)) == (True, "2026-11-25T21:00:00.000Z")
    (listed,) = ada.get(ALL).json["items"]
    assert listed == ada.get(ONE).json


def test_what_a_change_leaves_out_has_its_default(ada):
    ada.post(ALL, {**PATCHES, "weekdays": [0], "until": "2027-01-31"})
    bare = ada.put(ONE, {name: PATCHES[name] for name in ("name", "starts_at", "minutes")}).json
    assert (bare["weekdays"], bare["until"], bare["matchers"]) == ([], None, [])
    assert bare["time_zone"] == "UTC"


@pytest.mark.parametrize(("change", "pointer"), BAD)
def test_one_that_cannot_work_is_refused_at_its_field(ada, change, pointer):
    assert pointer in pointers(ada.post(ALL, {**PATCHES, **change}))
    assert ada.get(ALL).json == {"items": [], "next": None}


def test_staff_read_and_admins_change(ada):
    ada.post(ALL, PATCHES)
    ana, lea, fia, rosa = Api(ANA), Api(LEA), outsider(), Api(ROSA)
    assert [api.get(path).status for api in (ana, lea) for path in (ALL, ONE)] == [200] * 4
    assert [api.get(path).status for api in (fia, rosa) for path in (ALL, ONE)] == [403] * 4
    for api in (ana, lea, fia, rosa):
        tried = (api.post(ALL, PATCHES), api.put(ONE, PATCHES), api.delete(ONE))
        assert [answer.status for answer in tried] == [403] * 3
