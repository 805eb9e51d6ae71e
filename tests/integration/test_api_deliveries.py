"""Deliveries over the API: what a tool sent, what became of it, and another try."""

import base64

import pytest

from chalicelib.adapters import clock
from chalicelib.domain.integrations import Integration
from chalicelib.services import hook_keys
from tests.cast import ADA, ANA, LEA, ROSA, after
from tests.integration.api import Api
from tests.integration.monitoring import (
    body,
    connect,
    incidents,
    log,
    post,
    report,
    send,
    told,
    work_off,
)
from tests.integration.outsiders import outsider, pointers

pytestmark = pytest.mark.usefixtures("cloud")

ALL = "/integrations/alertmanager/deliveries"
TROUBLED = "/troubled-deliveries"
UNREADABLE = b"<html>502 Bad Gateway</html>"


@pytest.fixture
def prometheus(cloud) -> Integration:
    return connect()


@pytest.fixture
def ana() -> Api:
    return Api(ANA)


def newest(api: Api) -> dict:
    return api.get(ALL).json["items"][0]


def one(delivery: dict, more: str = "") -> str:
    return f"{ALL}/{delivery['id']}{more}"


# What is read.


def test_a_delivery_tells_what_became_of_it_and_what_it_held(prometheus, ana):
    report(prometheus, told("DiskFull"))
    listed = newest(ana)
    (ticket,) = incidents()
    assert (listed["outcome"], listed["tickets"]) == ("taken", [ticket.ticket_id])
    assert (listed["decisions"], listed["needs_care"]) == ({"open": 1}, False)
    assert "body" not in listed
    shown = ana.get(one(listed)).json
    assert shown == {**listed, "body": body(told("DiskFull")).decode()}


def test_they_are_listed_newest_first_page_by_page(prometheus, ana):
    for minute in range(5):
        report(prometheus, told("DiskFull"), at=after(minutes=minute))
    first = ana.get(f"{ALL}?limit=2").json
    second = ana.get(f"{ALL}?limit=2&cursor={first['next']}").json
    third = ana.get(f"{ALL}?limit=2&cursor={second['next']}").json
    found = [*first["items"], *second["items"], *third["items"]]
    assert [row["id"] for row in found] == [row.delivery_id for row in log(prometheus)[::-1]]
    assert (len(found), third["next"]) == (5, None)
    assert ana.get(f"{ALL}?limit=5").json["next"] is None


def test_a_cursor_of_another_list_or_reader_is_refused(prometheus, ana):
    connect(id="other")
    for minute in range(2):
        report(prometheus, told("DiskFull"), at=after(minutes=minute))
    cursor = ana.get(f"{ALL}?limit=1").json["next"]
    assert pointers(ana.get(f"/integrations/other/deliveries?cursor={cursor}")) == ["/cursor"]
    assert pointers(Api(LEA).get(f"{ALL}?cursor={cursor}")) == ["/cursor"]
    assert pointers(ana.get(f"{ALL}?cursor=x")) == ["/cursor"]
    assert pointers(ana.get(f"{ALL}?limit=101")) == ["/limit"]
    assert pointers(ana.get(f"{ALL}?colour=red")) == ["/colour"]


def test_a_body_of_any_bytes_can_be_read(prometheus, ana):
    send(prometheus, b"\xff\xfe\x00 caf\xc3\xa9")
    shown = ana.get(one(newest(ana))).json
    assert (shown["outcome"], shown["body"].endswith("café")) == ("unreadable", True)


def test_the_secret_is_hidden_wherever_its_tool_put_it(prometheus, ana):
    secret = hook_keys.secret(prometheus)
    basic = base64.b64encode(f"tierline:{secret}".encode()).decode()
    send(prometheus, body(told(secret)), Authorization=f"Basic {basic}")
    shown = ana.get(one(newest(ana)))
    assert secret.encode() not in shown.body
    assert basic.encode() not in shown.body
    assert "(hidden)" in shown.json["body"]


def test_one_that_was_refused_is_shown_and_not_acted_on(prometheus, ana):
    assert post(prometheus, body(told("DiskFull")), Authorization="Bearer x").status == 401
    work_off()
    refused = newest(ana)
    assert (refused["outcome"], refused["needs_care"]) == ("refused", False)
    assert refused["detail"]
    assert ana.post(one(refused, "/replay"), None).status == 409
    assert incidents() == []


# What is tried.


def test_a_test_goes_the_usual_way_and_opens_nothing(prometheus, ana):
    sent = ana.post("/integrations/alertmanager/test", None)
    assert sent.status == 202
    work_off()
    found = newest(ana)
    assert (found["id"], found["outcome"]) == (sent.json["delivery_id"], "test")
    assert "would open" in found["detail"]
    assert incidents() == []


def test_what_nobody_could_read_waits_until_it_is_put_aside(prometheus, ana):
    send(prometheus, UNREADABLE)
    report(prometheus, told("DiskFull"), at=after(minutes=1))
    (troubled,) = ana.get(TROUBLED).json["items"]
    assert (troubled["outcome"], troubled["needs_care"]) == ("unreadable", True)
    assert ana.get(one(troubled)).json["body"] == UNREADABLE.decode()
    assert ana.delete(one(troubled, "/trouble")).status == 204
    assert ana.get(TROUBLED).json == {"items": [], "next": None}
    assert ana.get(one(troubled)).json["needs_care"] is False
    assert ana.delete(one(troubled, "/trouble")).status == 204


def test_a_replay_is_a_delivery_of_its_own_and_takes_the_first_out_of_trouble(prometheus, ana):
    send(prometheus, UNREADABLE)
    (troubled,) = ana.get(TROUBLED).json["items"]
    clock.use(lambda: after(minutes=1))
    sent = ana.post(one(troubled, "/replay"), None)
    assert (sent.status, ana.get(TROUBLED).json["items"]) == (202, [])
    work_off()
    (again,) = ana.get(TROUBLED).json["items"]
    assert (again["id"], again["replay_of"]) == (sent.json["delivery_id"], troubled["id"])


def test_a_mapping_is_set_right_and_what_it_could_not_read_opens_its_incident(ana):
    found = connect("generic")
    address, here = "/integrations/generic", "/integrations/generic/deliveries"
    send(found, b'{"check": {"id": 7, "name": "Disk full on db-1"}}')
    (troubled,) = ana.get(TROUBLED).json["items"]
    assert incidents() == []
    mapping = {"identity": "check.id", "title": "check.name"}
    assert ana.put(f"{address}/mapping", {"mapping": mapping}).status == 200
    clock.use(lambda: after(minutes=1))
    assert ana.post(f"{here}/{troubled['id']}/replay", None).status == 202
    work_off()
    (ticket,) = incidents()
    assert ticket.subject == "Disk full on db-1"
    assert ana.get(TROUBLED).json["items"] == []


# What is not there, and who may.


def test_what_is_not_there_is_404(prometheus, ana):
    assert ana.get("/integrations/nowhere/deliveries").status == 404
    assert ana.post("/integrations/nowhere/test", None).status == 404
    nothing = {"id": "01KAQXXXXXXXXXXXXXXXXXXXXX"}
    assert ana.get(one(nothing)).status == 404
    assert ana.post(one(nothing, "/replay"), None).status == 404
    assert ana.delete(one(nothing, "/trouble")).status == 404


def test_every_agent_looks_after_them_and_others_see_none(prometheus):
    send(prometheus, UNREADABLE)
    (troubled,) = Api(ADA).get(TROUBLED).json["items"]
    others = (outsider(), Api(ROSA))
    for api, statuses in [
        *((Api(one), [200, 200, 200, 202, 202, 204]) for one in (ANA, LEA, ADA)),
        *((api, [403] * 6) for api in others),
        (Api(), [401] * 6),
    ]:
        tried = (
            api.get(ALL), api.get(one(troubled)), api.get(TROUBLED),
            api.post("/integrations/alertmanager/test", None),
            api.post(one(troubled, "/replay"), None), api.delete(one(troubled, "/trouble")),
        )  # fmt: skip
        assert [answer.status for answer in tried] == statuses
