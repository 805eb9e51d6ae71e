"""What nobody should send, and what everybody gets for it: a clear problem, never a 500."""

import pytest

from tests.cast import ANA, ROSA
from tests.integration.api import Api, a_request

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def ana() -> Api:
    return Api(ANA)


BAD_BODIES = {
    "not JSON": (b"{", 422, ""),
    "an array": (b"[]", 422, ""),
    "empty": (b" ", 422, ""),
    "NaN": (b'{"subject": NaN}', 422, "/subject"),
    "a lone surrogate": (b'{"subject": "\\ud800", "description": "x"}', 422, ""),
    "not UTF-8": (b'{"subject": "\xff"}', 422, ""),
    "deep nesting": (b"[" * 20000, 422, ""),
    "a megabyte": (b'{"subject": "' + b"x" * 1_000_000 + b'"}', 413, None),
}


@pytest.mark.parametrize(("body", "status", "pointer"), BAD_BODIES.values(), ids=BAD_BODIES)
def test_bad_bodies_are_problems(ana, body, status, pointer):
    answer = ana.post("/tickets", body)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["request_id"]
    if pointer is not None:
        assert pointer in [error["pointer"] for error in answer.json["errors"]]


BAD_FIELDS = {
    "an empty subject": ({"subject": ""}, "/subject"),
    "a blank subject": ({"subject": "   "}, "/subject"),
    "a very long subject": ({"subject": "x" * 10_000}, "/subject"),
    "NUL in a subject": ({"subject": "a\x00b"}, "/subject"),
    "a line break in a subject": ({"subject": "a\nb"}, "/subject"),
    "an escape in a description": ({"description": "a\x1bb"}, "/description"),
    "a number for a subject": ({"subject": 5}, "/subject"),
    "an unknown field": ({"colour": "red"}, "/colour"),
    "a role smuggled in": ({"tier": 3}, "/tier"),
    "an unknown impact": ({"impact": "huge"}, "/impact"),
    "no mail address": ({"requester": {"email": "rosa"}}, "/requester/email"),
    "an unknown requester field": (
        {"requester": {"email": "rosa@shop.example", "id": "P-1"}},
        "/requester/id",
    ),
    "a time zone of another planet": (
        {"requester": {"email": "rosa@shop.example", "time_zone": "Mars/Olympus"}},
        "/requester/time_zone",
    ),
    "a time zone that is a path": (
        {"requester": {"email": "rosa@shop.example", "time_zone": "../../etc/passwd"}},
        "/requester/time_zone",
    ),
    "tags that are no list": ({"tags": "a"}, "/tags"),
}


@pytest.mark.parametrize(("fields", "pointer"), BAD_FIELDS.values(), ids=BAD_FIELDS)
def test_each_bad_field_is_named(ana, fields, pointer):
    answer = ana.post("/tickets", a_request(**fields))
    assert answer.status == 422
    assert pointer in [error["pointer"] for error in answer.json["errors"]]
    assert ana.get("/tickets").json["items"] == []


def test_text_plain_is_415(ana):
    answer = ana.call("POST", "/api/v1/tickets", b"{}", Content_Type="text/plain")
    assert answer.status == 415
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("token", [None, "tl_unknown", "nonsense", ""])
def test_without_a_valid_token_it_is_401(token):
    answer = Api(token=token).get("/tickets")
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("ticket_id", ["HD-0000000", "nonsense", "HD-0000000%00", "🙂"])
def test_unknown_ids_are_404(ana, ticket_id):
    assert ana.get(f"/tickets/{ticket_id}").status == 404


@pytest.mark.parametrize("cursor", ["x", "e30.e30", "a.b.c", "%FF", "é.é"])
def test_forged_cursors_are_422(ana, cursor):
    answer = ana.get(f"/tickets?cursor={cursor}")
    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "/cursor"


def test_a_cursor_of_another_list_is_refused(ana):
    for _ in range(3):
        ana.post("/tickets", a_request())
    cursor = ana.get("/tickets?requester=rosa@shop.example&limit=1").json["next"]
    assert ana.get(f"/tickets?cursor={cursor}").status == 422


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "colour=red", "status=odd"])
def test_bad_parameters_are_422(ana, query):
    assert ana.get(f"/tickets?{query}").status == 422


def test_an_unprintable_key_is_400(ana):
    assert ana.post("/tickets", a_request(), Idempotency_Key="a b").status == 400


def test_a_step_that_the_state_forbids_is_409(ana):
    made = ana.post("/tickets", a_request())
    path = f"/tickets/{made.json['id']}"
    assert ana.delete(f"{path}/resolution", If_Match=made.etag).status == 409
    assert ana.delete(f"{path}/hold", If_Match=made.etag).status == 409


def test_assigning_to_a_stranger_is_422(ana):
    made = ana.post("/tickets", a_request())
    path = f"/tickets/{made.json['id']}/assignment"
    assert ana.put(path, {"assignee": "P-NOBODY"}, If_Match=made.etag).status == 422
    Api(ROSA)
    assert ana.put(path, {"assignee": ROSA.id}, If_Match=made.etag).status == 422


def test_an_empty_change_is_422(ana):
    made = ana.post("/tickets", a_request())
    path = f"/tickets/{made.json['id']}"
    assert ana.patch(path, {}, If_Match=made.etag).status == 422


def test_null_is_no_way_to_empty_a_subject(ana):
    made = ana.post("/tickets", a_request())
    path = f"/tickets/{made.json['id']}"
    assert ana.patch(path, {"subject": None}, If_Match=made.etag).status == 422
