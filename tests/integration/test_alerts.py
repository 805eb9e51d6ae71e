"""Alertmanager's deliveries: one incident a problem, closed when the problem is."""

import base64
import json
from pathlib import Path

import pytest

from chalicelib.handlers.workers.alerts import receive_alerts
from chalicelib.models.alert import AlertRecord
from tests import aws
from tests.factories import kinds_of
from tests.integration.alertmanager import KEY, SECRET, deliver, delivery, incidents, send
from tests.integration.lambdas import work

pytestmark = pytest.mark.usefixtures("alertmanager")

BODIES = Path(__file__).parent / "bodies" / "alertmanager"


def test_firing_opens_an_incident_with_the_alerts_words():
    deliver(delivery("firing"))
    (ticket,) = incidents()
    assert (ticket.subject, ticket.priority) == ("Disk full on db-1", "P1")
    assert ticket.channel == "monitoring"
    assert ticket.alert["firing"] is True
    assert kinds_of(ticket) == ["opened", "alert_fired"]


def test_told_again_it_is_counted_and_not_opened_again():
    for _ in range(3):
        deliver(delivery("firing"))
    (ticket,) = incidents()
    assert next(iter(AlertRecord.scan())).times == 3
    assert (ticket.alert["count"], ticket.version) == (3, 1)


def test_a_repeat_is_counted_once_however_often_its_message_comes():
    deliver(delivery("firing"))
    send(delivery("firing"))
    messages = aws.queued("alerts")
    for _ in range(3):
        work(receive_alerts, messages)
    assert incidents()[0].alert["count"] == 2


def test_resolved_closes_the_same_incident():
    deliver(delivery("firing"))
    deliver(delivery("resolved"))
    (ticket,) = incidents()
    assert ticket.status == "resolved"
    assert ticket.alert["firing"] is False
    assert kinds_of(ticket)[-2:] == ["alert_resolved", "resolved"]


def test_resolved_for_the_unknown_opens_nothing():
    deliver(delivery("resolved"))
    assert incidents() == []


def test_a_late_firing_of_the_closed_episode_opens_nothing():
    deliver(delivery("firing"))
    deliver(delivery("resolved"))
    deliver(delivery("firing"))
    assert len(incidents()) == 1


def test_a_new_episode_opens_a_new_incident():
    deliver(delivery("firing"))
    deliver(delivery("resolved"))
    deliver(delivery("firing", startsAt="2026-11-23T11:00:00Z"))
    assert sorted(ticket.status for ticket in incidents()) == ["new", "resolved"]


def test_the_same_message_handled_twice_has_one_effect():
    assert send(delivery("firing")).status == 202
    messages = aws.queued("alerts")
    work(receive_alerts, messages)
    work(receive_alerts, messages)
    assert len(incidents()) == 1


@pytest.mark.parametrize("path", sorted(BODIES.glob("*.json")), ids=lambda path: path.name)
def test_bodies_of_the_real_alertmanager_are_understood(path):
    body = path.read_bytes()
    deliver(body)
    firing = {a["fingerprint"] for a in json.loads(body)["alerts"] if a["status"] == "firing"}
    assert len(incidents()) == len(firing)


def test_a_mixed_body_opens_what_fires_and_resolves_what_does_not():
    deliver(delivery("firing", "f1"))
    mixed = {"alerts": [json.loads(delivery(s, f))["alerts"][0]
                        for s, f in (("resolved", "f1"), ("firing", "f2"))]}  # fmt: skip
    deliver(json.dumps({"status": "firing", **mixed}).encode())
    assert sorted(ticket.status for ticket in incidents()) == ["new", "resolved"]


def test_a_large_body_goes_by_way_of_the_bucket():
    long = {"description": "x" * 100_000}
    told = [delivery("firing", f"f{n}", annotations=long) for n in range(3)]
    alerts = [json.loads(one)["alerts"][0] for one in told]
    body = json.dumps({"status": "firing", "alerts": alerts}).encode()
    assert len(body) > 200_000
    assert send(body).status == 202
    (message,) = aws.queued("alerts")
    assert "body" not in message
    work(receive_alerts, [message])
    assert len(incidents()) == 3


def test_what_cannot_be_read_is_not_lost():
    deliver(b"<html>")
    (ticket,) = incidents()
    assert ticket.subject == "A monitoring delivery could not be read"


@pytest.mark.parametrize("path", ["/hooks/alertmanager/wrong", f"/hooks/zabbix/{KEY}"])
def test_an_unknown_address_is_404_and_keeps_nothing(path):
    assert send(delivery("firing"), path).status == 404
    assert aws.queued("alerts") == []


def test_credentials_are_checked_when_they_are_sent():
    basic = base64.b64encode(f"tierline:{SECRET}".encode()).decode()
    assert send(delivery("firing"), Authorization=f"Bearer {SECRET}").status == 202
    assert send(delivery("firing"), Authorization=f"Basic {basic}").status == 202
    assert send(delivery("firing"), Authorization="Bearer wrong").status == 401


@pytest.mark.parametrize("content_type", ["text/plain; charset=UTF-8", "application/xml", ""])
def test_any_content_type_is_taken(content_type):
    assert send(delivery("firing"), Content_Type=content_type).status == 202
