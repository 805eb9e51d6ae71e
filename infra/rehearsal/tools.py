"""Monitoring tools as the rehearsal has them report: Alertmanager, and one that signs."""

import base64
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from infra.rehearsal import browser
from infra.rehearsal.browser import Answer
from infra.rehearsal.desk import JSON, Desk, expect

TOO_MUCH = "x" * 160_000  # more than a queue message holds, so that it goes by way of S3
NEVER = "0001-01-01T00:00:00Z"


@dataclass(frozen=True)
class Tool:
    """Where a tool reports to, and the secret that it signs with."""

    desk: Desk
    address: str
    secret: str = ""

    def alert(self, status: str, name: str, text: str = "", **labels: str) -> None:
        """What Alertmanager sends when an alert begins (`firing`) or ends (`resolved`)."""
        told = {"alertname": name, "instance": "db-1", "severity": "critical", **labels}
        self._taken(self.send(json.dumps(_delivery(status, told, text)).encode()))

    def event(self, kind: str) -> None:
        """What a tool that signs by Standard Webhooks says of its monitor."""
        body = json.dumps({"type": kind, "data": {"id": "mon_7", "title": "The shop is döwn"}})
        self._taken(self.send(body.encode(), **self._signature(body.encode())))

    def send(self, body: bytes, **headers: str) -> Answer:
        """Header names are written with `_` for `-`."""
        url = self.desk.deployment.api_url + urlsplit(self.address).path.removeprefix(_stage(self))
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return browser.ask("POST", url, body, {**JSON, **told})

    def _taken(self, answer: Answer) -> None:
        expect(answer.status == 202, f"{answer.status} {answer.text}")

    def _signature(self, body: bytes) -> dict[str, str]:
        stamp = str(int(time.time()))
        message_id = f"msg_{time.monotonic_ns()}"
        signed = f"{message_id}.{stamp}.".encode() + body
        mac = base64.b64encode(hmac.digest(self.secret.encode(), signed, "sha256")).decode()
        return {"webhook_id": message_id, "webhook_timestamp": stamp,
                "webhook_signature": f"v1,{mac}"}  # fmt: skip


def _stage(tool: Tool) -> str:
    """What stands in an address of the desk's own before the hook."""
    return urlsplit(tool.address).path.partition("/hooks/")[0]


def _delivery(status: str, labels: dict[str, str], text: str) -> dict[str, Any]:
    name = labels["alertname"]
    alert = {
        "status": status,
        "labels": labels,
        "annotations": {"summary": f"{name} on db-1", "description": text},
        "startsAt": "2026-01-05T08:00:00Z",
        "endsAt": "2026-01-05T09:00:00Z" if status == "resolved" else NEVER,
        "generatorURL": "http://prometheus.example/graph",
        "fingerprint": f"{name}-db-1",
    }
    return {
        "version": "4",
        "status": status,
        "receiver": "tierline",
        "groupKey": f'{{}}:{{alertname="{name}"}}',
        "groupLabels": {"alertname": name},
        "commonLabels": labels,
        "commonAnnotations": alert["annotations"],
        "externalURL": "http://alertmanager.example",
        "alerts": [alert],
    }
