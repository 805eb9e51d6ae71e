"""CloudEvents: what is an alert, what is its end, and batches with something bad in them."""

import json
from typing import Any

import pytest

from chalicelib.adapters.monitoring.cloudevents import SOURCE
from chalicelib.adapters.monitoring.source import Delivery, Unreadable
from chalicelib.domain.alerts import Report, Signal

KIND = {"content-type": "application/cloudevents+json"}
BATCH = {"content-type": "application/cloudevents-batch+json"}


def event(kind: str, number: str = "1", **data: Any) -> dict[str, Any]:
    return {"specversion": "1.0", "id": number, "source": "/s", "type": kind, "data": data}


def read(*events: Any) -> Report:
    body, kind = (events[0], KIND) if len(events) == 1 else (list(events), BATCH)
    return SOURCE.parse(Delivery(json.dumps(body).encode(), kind))


def signal_of(kind: str, **data: Any) -> Signal:
    return read(event(kind, **data)).alerts[0].signal


@pytest.mark.parametrize(
    "word",
    ["normal", "inactive", "success", "successful", "healthy", "up", "passed", "restored",
     "available", "operational", "clear", "completed"],
)  # fmt: skip
def test_words_for_an_end_are_understood_as_status_and_as_type(word):
    assert signal_of("com.example.alert", status=word.title()) is Signal.RESOLVED
    assert signal_of(f"com.example.disk.{word}") is Signal.RESOLVED


@pytest.mark.parametrize(
    "word", ["unhealthy", "error", "critical", "degraded", "unavailable", "breached", "abnormal"]
)
def test_words_for_a_problem_are_understood_as_status_and_as_type(word):
    assert signal_of("com.example.cooling", status=word) is Signal.FIRING
    assert signal_of(f"com.example.disk.{word}") is Signal.FIRING


def test_opposite_words_are_of_one_identity():
    ill, well = (read(event(f"disk.{word}")).alerts[0] for word in ("unhealthy", "healthy"))
    assert ill.identity == well.identity


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("com.example.order.created", {"id": "o1", "priority": "high"}),
        ("com.example.order.updated", {"status": "open"}),
        ("com.example.user.updated", {"status": "active"}),
        ("com.example.order.shipped", {}),
        ("Microsoft.Storage.BlobCreated", {"url": "https://blob.example/1"}),
        ("com.example.job.started", {}),
    ],
)
def test_what_is_clearly_no_alert_opens_nothing(kind, data):
    assert signal_of(kind, **data) is Signal.NOTICE


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("com.example.alert.created", {}),
        ("com.example.alert", {}),
        ("com.example.AlertRaised", {}),
        ("com.example.incident.updated", {"status": "open"}),
        ("com.example.cooling", {"severity": "critical"}),
        ("com.example.cooling.updated", {"fingerprint": "f1", "status": "active"}),
        ("com.example.payment.failed", {}),
        ("com.example.payment.failed", {"status": "open"}),
    ],
)
def test_what_says_that_it_is_an_alert_opens_one(kind, data):
    assert signal_of(kind, **data) is Signal.FIRING


@pytest.mark.parametrize("word", ["ok", "normal", "cleared"])
def test_a_severity_may_be_the_end(word):
    assert signal_of("com.example.alert", severity=word) is Signal.RESOLVED
    assert signal_of("com.example.alert", severity=word, status="firing") is Signal.FIRING


BAD = [7, None, {"specversion": "1.0", "id": "b"}, {**event("a.failed"), "specversion": "0.3"},
       {**event("a.failed"), "data_base64": "%%"}]  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_one_bad_event_does_not_spoil_a_batch(bad):
    good = [event("disk.failed", "1"), event("cpu.failed", "2")]
    report = read(good[0], bad, good[1])
    assert [one.title for one in report.alerts] == ["disk.failed /s", "cpu.failed /s"]
    assert report.note.startswith("1 of 3 could not be read")
    assert "/1" in report.note


def test_a_batch_of_bad_events_is_unreadable():
    with pytest.raises(Unreadable):
        read(*BAD)


def test_a_batch_with_something_bad_in_it_has_no_id_so_that_it_can_be_sent_again():
    assert read(event("disk.failed"), 7).message_id == ""
    assert read(event("disk.failed")).message_id == "/s 1"
