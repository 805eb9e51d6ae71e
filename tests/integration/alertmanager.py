"""Reports to the desk as Prometheus Alertmanager does."""

import json
from typing import Any

from chalicelib.domain.integrations import Integration
from chalicelib.domain.people import SYSTEM
from chalicelib.handlers.workers.alerts import receive_alerts
from chalicelib.models.ticket import Ticket
from chalicelib.services import alert_settings, hook_keys
from tests import aws
from tests.cast import MONDAY_9
from tests.integration.api import Answer, Api
from tests.integration.lambdas import work

PROMETHEUS = Integration("prometheus", "Prometheus", "alertmanager")


def connect() -> None:
    """Make the integration that the deliveries come by."""
    data = {"id": PROMETHEUS.id, "name": PROMETHEUS.name, "source": PROMETHEUS.source}
    alert_settings.put_integration(data, SYSTEM, MONDAY_9)


def hook() -> str:
    """Where it reports to."""
    return hook_keys.address(PROMETHEUS, "")


def delivery(status: str, fingerprint: str = "f1", **fields: Any) -> bytes:
    alert = {
        "status": status,
        "labels": {"alertname": "DiskFull", "instance": "db-1", "severity": "critical"},
        "annotations": {"summary": "Disk full on db-1"},
        "startsAt": "2026-11-23T09:00:00Z",
        "endsAt": "0001-01-01T00:00:00Z" if status == "firing" else "2026-11-23T09:30:00Z",
        "fingerprint": fingerprint,
        **fields,
    }
    return json.dumps({"version": "4", "status": status, "alerts": [alert]}).encode()


def send(body: bytes, path: str = "", **headers: str) -> Answer:
    return Api().call("POST", path or hook(), body, **headers)


def queued(body: bytes) -> dict[str, Any]:
    """The message of a delivery that was taken and waits to be handled."""
    assert send(body).status == 202
    (message,) = aws.queued("alerts")
    return message


def deliver(body: bytes) -> None:
    """Send a delivery and have it handled."""
    assert work(receive_alerts, [queued(body)]) == {"batchItemFailures": []}


def incidents() -> list[Ticket]:
    return list(Ticket.scan())
