"""The webhook's address of demo.json: what it takes is kept, readable or not."""

import json
from base64 import b64encode
from typing import Any
from urllib.parse import urlsplit

from tests.e2e.calls import API, Answer
from tests.e2e.local_desk import LocalDesk
from tests.e2e.waiting import eventually

ALERT = {
    "status": "firing",
    "labels": {"alertname": "QueueStuck", "severity": "warning"},
    "startsAt": "2026-11-23T08:00:00Z",
}


def deliver(desk: LocalDesk, body: bytes, **headers: str) -> Answer:
    path = urlsplit(desk.demo["integrations"][0]["url"]).path
    return desk.call().send("POST", path, body, **headers)


def delivery(summary: str, **more: Any) -> bytes:
    alert = {**ALERT, "fingerprint": summary, "annotations": {"summary": summary, **more}}
    return json.dumps({"version": "4", "alerts": [alert]}).encode()


def incidents(desk: LocalDesk, subject: str) -> list[dict[str, Any]]:
    found = desk.call("lea").get(f"{API}/tickets?channel=monitoring&limit=100").json()["items"]
    return [one for one in found if one["subject"] == subject]


def test_a_delivery_told_many_times_is_one_incident(desk: LocalDesk) -> None:
    for _ in range(5):
        assert deliver(desk, delivery("The queue is stuck")).status == 202
    eventually(lambda: incidents(desk, "The queue is stuck"))
    eventually(lambda: is_drained(desk))
    assert len(incidents(desk, "The queue is stuck")) == 1


def test_a_large_delivery_is_kept_whole(desk: LocalDesk) -> None:
    text = "x" * 300_000
    assert deliver(desk, delivery("A long story", description=text)).status == 202
    assert eventually(lambda: incidents(desk, "A long story"))[0]["description"].startswith("xxx")


def test_deliveries_that_cannot_be_read_wait_for_somebody_and_open_nothing(desk: LocalDesk) -> None:
    ana = desk.call("ana")
    before = ana.get(f"{API}/tickets?channel=monitoring&limit=100").json()["items"]
    bodies = (b"", b"{", b"\xff\x00", b"[]", b'{"alerts": 7}', b"[" * 50_000)
    for body in bodies:
        assert deliver(desk, body).status == 202
    eventually(lambda: len(unreadable(desk)) >= len(bodies))
    after = ana.get(f"{API}/tickets?channel=monitoring&limit=100").json()["items"]
    assert len(after) == len(before)


def unreadable(desk: LocalDesk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.call("ana").get(f"{API}/troubled-deliveries").json()["items"]
    return found


def test_a_delivery_beyond_five_megabytes_is_refused(desk: LocalDesk) -> None:
    assert deliver(desk, b" " * (5 * 1024 * 1024 + 1)).status == 413


def test_foreign_credentials_and_unknown_keys_are_refused(desk: LocalDesk) -> None:
    basic = b64encode(b"tierline:wrong").decode()
    for credentials in ("Bearer wrong", f"Basic {basic}"):
        assert deliver(desk, delivery("Not ours"), Authorization=credentials).status == 401
    for path in ("/hooks/alertmanager/unknown", "/hooks/nagios/unknown"):
        assert desk.call().send("POST", path, delivery("Not ours")).status == 404
    eventually(lambda: is_drained(desk))
    assert not incidents(desk, "Not ours")


def is_drained(desk: LocalDesk) -> bool:
    """Whether nothing waits or is in hand, and nothing died."""
    rows = desk.call().get("/_local/queues").json()["items"]
    return not any(row["depth"] + row["in_flight"] + row["dead_letters"] for row in rows)
