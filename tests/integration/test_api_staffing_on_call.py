"""On-call over the API: rotations and overrides, the weeks ahead, who is called, and pages."""

import pytest

from tests.cast import ADA, ANA, CHI, DEV, LEA, MONDAY_9, ROSA
from tests.factories import employ
from tests.integration.api import Api, a_request
from tests.integration.outsiders import FIA, outsider, pointers
from tests.integration.whole_desk import run

pytestmark = pytest.mark.usefixtures("cloud")

NIGHTS = {"name": "Nights", "tier": 2, "zone": "UTC", "people": [CHI.id, DEV.id],
          "starts": "2026-11-16", "turn_days": 7}  # fmt: skip
PATH = "/on-call/nights"


@pytest.fixture
def ada() -> Api:
    api = Api(ADA)
    employ(CHI, DEV)
    return api


def override(person, starts, ends) -> dict[str, str]:
    return {"person": person.id, "starts": f"2026-11-{starts}Z", "ends": f"2026-11-{ends}Z"}


def test_a_rotation_lives_over_the_api(ada):
    made = ada.post("/on-call", NIGHTS, Idempotency_Key="k")
    assert (made.status, made.json["id"], made.json["hand_off"]) == (201, "nights", "09:00")
    assert ada.post("/on-call", NIGHTS, Idempotency_Key="k").json == made.json
    assert ada.post("/on-call", NIGHTS).status == 409
    holiday = override(DEV, "24T09:00", "25T09:00")
    changed = ada.put(PATH, {**NIGHTS, "overrides": [holiday]}, If_Match=made.etag)
    assert (changed.json["overrides"], changed.json["version"]) == ([holiday], 2)
    assert ada.put(PATH, NIGHTS, If_Match=made.etag).status == 412
    assert ada.put(PATH, NIGHTS).json["overrides"] == []
    assert [one["id"] for one in ada.get("/on-call").json["items"]] == ["nights"]
    assert ada.delete(PATH).status == 204
    gone = (ada.get(PATH), ada.put(PATH, NIGHTS), ada.delete(PATH), ada.get(f"{PATH}/schedule"))
    assert [one.status for one in gone] == [404] * 4


def test_the_schedule_is_cut_wherever_somebody_else_is_called(ada):
    ada.post("/on-call", {**NIGHTS, "overrides": [override(CHI, "24T09:00", "25T09:00")]})
    found = ada.get(f"{PATH}/schedule?days=8").json["items"]
    assert [(one["starts_at"][8:13], one["person"]["name"]) for one in found] == [
        ("23T09", DEV.name), ("24T09", CHI.name), ("25T09", DEV.name), ("30T09", CHI.name),
    ]  # fmt: skip
    assert [one["by_override"] for one in found] == [False, True, False, False]
    assert found[-1]["ends_at"] == "2026-12-01T09:00:00.000Z"
    assert len(ada.get(f"{PATH}/schedule").json["items"]) == 6
    for wrong in ("days=0", "days=367", "days=x", "weeks=4"):
        assert ada.get(f"{PATH}/schedule?{wrong}").status == 422


def test_who_is_called_now_and_who_then(ada):
    assert ada.get("/on-call-now").json == {"items": [], "next": None}
    ada.post("/on-call", NIGHTS)
    (found,) = ada.get("/on-call-now").json["items"]
    assert (found["id"], found["tier"]) == ("nights", 2)
    assert found["now"]["person"] == {"id": DEV.id, "name": DEV.name}
    assert found["now"]["ends_at"] == found["then"]["starts_at"] == "2026-11-30T09:00:00.000Z"
    assert found["then"]["person"]["id"] == CHI.id


def test_before_the_first_turn_nobody_is_called_and_alone_there_is_no_next(ada):
    ada.post("/on-call", {**NIGHTS, "starts": "2026-12-07", "people": [CHI.id]})
    (found,) = ada.get("/on-call-now").json["items"]
    assert (found["now"]["person"], found["then"]["person"]["id"]) == (None, CHI.id)
    ada.put(PATH, {**NIGHTS, "people": [CHI.id]})
    assert ada.get("/on-call-now").json["items"][0]["then"] is None


def test_who_has_left_is_shown_without_a_name(ada):
    ada.post("/on-call", NIGHTS)
    ada.delete(f"/people/{DEV.id}")
    now = ada.get("/on-call-now").json["items"][0]["now"]
    assert now["person"] == {"id": DEV.id, "name": None}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"tier": 1}, "/tier"),
        ({"tier": "2"}, "/tier"),
        ({"zone": "Mars/Olympus"}, "/zone"),
        ({"people": []}, "/people"),
        ({"people": [CHI.id, "P-NOBODY"]}, "/people/1"),
        ({"people": [CHI.id, CHI.id]}, "/people/1"),
        ({"people": "P-CHI"}, "/people"),
        ({"starts": "2026-02-30"}, "/starts"),
        ({"starts": "tomorrow"}, "/starts"),
        ({"hand_off": "25:00"}, "/hand_off"),
        ({"turn_days": 0}, "/turn_days"),
        ({"turn_days": 91}, "/turn_days"),
        ({"pages_for": ["P9"]}, "/pages_for"),
        ({"acknowledge_within": 59}, "/acknowledge_within"),
        ({"channels": ["pigeon"]}, "/channels"),
        ({"channels": []}, "/channels"),
        ({"overrides": [override(ROSA, "24T09:00", "25T09:00")]}, "/overrides/0/person"),
        ({"overrides": [override(CHI, "25T09:00", "24T09:00")]}, "/overrides/0/ends"),
        ({"overrides": [override(CHI, "31T09:00", "24T09:00")]}, "/overrides/0/starts"),
        ({"overrides": [{"person": CHI.id}]}, "/overrides/0/starts"),
        ({"overrides": [{**override(CHI, "24T09:00", "25T09:00"), "x": 1}]}, "/overrides/0/x"),
        ({"overrides": [override(CHI, "24T09:00", "26T09:00"),
                        override(DEV, "25T09:00", "27T09:00")]}, "/overrides/1"),
        ({"colour": "red"}, "/colour"),
    ],
)  # fmt: skip
def test_a_rotation_that_cannot_work_is_refused_at_its_field(ada, change, pointer):
    assert pointer in pointers(ada.post("/on-call", {**NIGHTS, **change}))


@pytest.mark.parametrize("starts", ["0001-01-01", "9999-12-31", "20261116", "2026-W47-1"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_far_date_or_one_written_otherwise_breaks_nothing(ada, starts, zone):
    made = ada.post("/on-call", {**NIGHTS, "starts": starts, "zone": zone, "turn_days": 90})
    assert made.status in (201, 422)
    assert ada.get(f"{PATH}/schedule?days=366").status in (200, 404)
    assert ada.get("/on-call-now").status == 200


def test_who_is_paged_acknowledges_on_the_version_they_saw(ada):
    employ(CHI, DEV, availability="away")
    ada.post("/on-call", NIGHTS)
    ada.put("/routing-rules/default", {"name": "All", "tier": 2})
    path = "/tickets/" + ada.post("/tickets", a_request(impact="high", urgency="high")).json["id"]
    run(MONDAY_9)
    waiting, page = ada.get(path), ada.get(path).json["page"]
    assert (page["called"], page["step"], page["ack_by"][11:16]) == ([DEV.id], 0, "09:10")
    acknowledged, dev = f"{path}/acknowledgement", Api(DEV)
    assert ada.put(acknowledged, {}, If_Match=waiting.etag).status == 403
    assert dev.put(acknowledged, {}).status == 428
    assert dev.put(acknowledged, {}, If_Match='"99"').status == 412
    taken = dev.put(acknowledged, {}, If_Match=waiting.etag)
    assert (taken.json["assignee"]["id"], taken.json["unstaffed_since"]) == (DEV.id, None)
    assert dev.put(acknowledged, {}, If_Match=taken.etag).etag == taken.etag
    last = ada.get(f"{path}/timeline").json["items"][-1]
    assert (last["kind"], last["data"]["via"]) == ("page_acknowledged", "api")


def test_staff_read_and_admins_change(ada):
    ada.post("/on-call", NIGHTS)
    reads = ("/on-call", PATH, f"{PATH}/schedule", "/on-call-now")
    readers, others = (Api(ANA), Api(LEA)), (outsider(), Api(ROSA))
    assert [api.get(path).status for api in readers for path in reads] == [200] * 8
    assert [api.get(path).status for api in others for path in reads] == [403] * 8
    for api in (*readers, *others):
        tried = (api.post("/on-call", NIGHTS), api.put(PATH, NIGHTS), api.delete(PATH))
        assert [one.status for one in tried] == [403] * 3
    assert FIA.id not in ada.get(PATH).json["people"]
