"""The door for monitoring tools: who is let in, what is kept, what a refusal leaves behind."""

import base64
import json
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.adapters import queues
from chalicelib.services import deliveries, hook_keys, hooks
from tests import aws
from tests.cast import LEA, MONDAY_9, after
from tests.integration.api import Api
from tests.integration.monitoring import (
    body,
    change,
    connect,
    incidents,
    log,
    post,
    report,
    send,
    told,
    work_off,
)

pytestmark = pytest.mark.usefixtures("cloud")
BODIES = Path(__file__).parent / "bodies" / "alertmanager"
FIRING = body(told("Disk"))


@pytest.fixture
def prometheus():
    return connect()


@pytest.mark.parametrize("path", sorted(BODIES.glob("*.json")), ids=lambda path: path.name)
def test_bodies_of_the_real_alertmanager_are_understood(prometheus, path):
    sent = path.read_bytes()
    send(change(prometheus, storm_size=0), sent)
    firing = {a["fingerprint"] for a in json.loads(sent)["alerts"] if a["status"] == "firing"}
    assert len(incidents()) == len(firing)


def test_a_large_body_goes_by_way_of_the_bucket(prometheus):
    long = {"summary": "Long", "description": "x" * 100_000}
    sent = body(*(told(f"Disk{n}", annotations=long) for n in range(3)))
    assert post(prometheus, sent).status == 202
    (message,) = aws.queued("alerts")
    assert message["body"] is None
    queues.send("alerts", [message])
    work_off()
    assert len(incidents()) == 3
    (row,) = log(prometheus)
    assert row.size == len(sent)


@pytest.mark.parametrize("address", ["/hooks/alertmanager/wrong", "/hooks/nonsense/{key}",
                                     "/hooks/zabbix/{key}"])  # fmt: skip
@pytest.mark.parametrize("method", ["POST", "PUT", "GET", "OPTIONS"])
def test_an_unknown_address_is_404_and_keeps_nothing(prometheus, address, method):
    key = hook_keys.address(prometheus, "").rpartition("/")[2]
    assert Api().call(method, address.format(key=key), FIRING).status == 404
    assert aws.queued("alerts") == []


def test_credentials_are_checked_when_they_are_sent(prometheus):
    secret = hook_keys.secret(prometheus)
    basic = base64.b64encode(f"tierline:{secret}".encode()).decode()
    for good in (f"Bearer {secret}", f"Basic {basic}", f"GenieKey {secret}"):
        assert post(prometheus, FIRING, Authorization=good).status == 202
    for bad in ("Bearer wrong", "Basic wrong", "Basic d3Jvbmc=", "", "é"):
        assert post(prometheus, FIRING, Authorization=bad).status == 401


def test_an_integration_may_ask_for_credentials(prometheus):
    asking = change(prometheus, options={"requires": "credentials"})
    assert post(asking, FIRING).status == 401
    assert post(asking, FIRING, Authorization=f"Bearer {hook_keys.secret(asking)}").status == 202


def test_what_is_refused_is_shown_and_opens_nothing(prometheus):
    assert post(prometheus, FIRING, Authorization="Bearer wrong").status == 401
    work_off()
    (row,) = log(prometheus)
    assert (row.outcome, incidents()) == ("refused", [])
    assert "credentials" in row.detail
    assert "authorization" not in row.headers if row.headers else True


@pytest.mark.parametrize("content_type", ["text/plain; charset=UTF-8", "application/xml", "",
                                          "application/cloudevents+json", "nonsense"])  # fmt: skip
def test_any_content_type_is_taken(prometheus, content_type):
    assert post(prometheus, FIRING, Content_Type=content_type).status == 202


def test_put_is_taken_as_post_is(prometheus):
    address = hook_keys.address(prometheus, "")
    assert Api().call("PUT", address, FIRING).status == 202


def test_a_visit_of_the_address_is_no_delivery(prometheus):
    address = hook_keys.address(prometheus, "")
    assert Api().call("GET", address, None).status == 405
    assert aws.queued("alerts") == []


def test_the_handshake_of_cloud_events_allows_whoever_asks(prometheus):
    address = hook_keys.address(prometheus, "")
    origin = {"WebHook-Request-Origin": "eventemitter.example"}
    answer = Api().call(
        "OPTIONS", address, None, **{k.replace("-", "_"): v for k, v in origin.items()}
    )
    assert answer.status == 200
    assert answer.headers["WebHook-Allowed-Origin"] == "eventemitter.example"


def test_what_cannot_be_stored_is_503_so_that_the_tool_sends_it_again(prometheus, monkeypatch):
    def fails(*args, **more):
        raise EndpointConnectionError(endpoint_url="sqs")

    monkeypatch.setattr(queues, "send_text", fails)
    answer = post(prometheus, FIRING)
    assert answer.status == 503
    assert answer.headers["Retry-After"]


def test_a_renewed_key_leaves_the_old_one_good_until_it_is_forgotten(prometheus):
    renewed = change(prometheus, **vars_of(hook_keys.renewed(prometheus)))
    assert post(prometheus, FIRING).status == 202
    assert post(renewed, FIRING).status == 202
    old = f"Bearer {hook_keys.secret(prometheus)}"
    assert post(renewed, FIRING, Authorization=old).status == 202
    change(renewed, **vars_of(hook_keys.only_newest(renewed)))
    assert post(prometheus, FIRING).status == 404


def vars_of(found) -> dict:
    return {"generation": found.generation, "key_hashes": found.key_hashes}


def test_a_disabled_integration_takes_nothing(prometheus):
    change(prometheus, enabled=False)
    assert post(prometheus, FIRING).status == 404


def test_a_test_shows_what_would_be_done_and_opens_nothing(prometheus):
    hooks.send_test(prometheus.id, LEA, MONDAY_9)
    work_off()
    (row,) = log(prometheus)
    assert (row.outcome, incidents()) == ("test", [])
    assert "would open a P1 incident" in row.detail


def test_a_delivery_can_be_read_without_its_secrets_and_replayed(prometheus):
    secret = hook_keys.secret(prometheus)
    send(prometheus, body(told("Disk", labels={"token": secret})))
    (row,) = log(prometheus)
    shown = deliveries.detail(prometheus.id, row.delivery_id, LEA)
    assert secret not in shown["body"]
    assert "(hidden)" in shown["body"]
    deliveries.replay(prometheus.id, row.delivery_id, LEA, MONDAY_9)
    work_off()
    first, again = log(prometheus)
    assert (again.replay_of, again.decisions) == (first.delivery_id, {"repeat": 1})


def test_what_could_not_be_read_waits_until_somebody_looks_after_it(prometheus):
    send(prometheus, b"<html>")
    (waiting,) = deliveries.in_trouble(LEA)
    assert waiting["outcome"] == "unreadable"
    deliveries.dismiss(prometheus.id, waiting["id"], LEA, MONDAY_9)
    assert deliveries.in_trouble(LEA) == []


def test_health_tells_of_silence_and_of_failing(prometheus):
    assert deliveries.health(prometheus, MONDAY_9)["state"] == "never"
    report(prometheus, told("Disk"))
    assert deliveries.health(prometheus, after(hours=9))["state"] == "ok"
    silent = change(prometheus, silent_after=3600)
    assert deliveries.health(silent, after(hours=9))["state"] == "silent"
    send(prometheus, b"<html>", at=after(hours=1))
    assert deliveries.health(silent, after(hours=1))["state"] == "failing"
