"""Reports to the desk as Prometheus Alertmanager does."""

import json
from typing import Any

from chalicelib.handlers.workers.alerts import receive_alerts
from chalicelib.models.ticket import Ticket
from chalicelib.services import settings
from chalicelib.services.signing import digest
from tests import aws
from tests.integration.api import Answer, Api
from tests.integration.lambdas import work

KEY, SECRET = "a-key-nobody-guesses", "a-secret"
HOOK = f"/hooks/alertmanager/{KEY}"


def connect() -> None:
    """Make the integration that the deliveries come by."""
    data = {"name": "Prometheus", "source": "alertmanager", "secret_hash": digest(SECRET)}
    settings.put(settings.INTEGRATION, digest(KEY), data)


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


def send(body: bytes, path: str = HOOK, **headers: str) -> Answer:
    return Api().call("POST", path, body, **headers)


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
