"""Reports to the desk as monitoring tools do, and works off what they sent."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters import clock
from chalicelib.domain.integrations import Integration
from chalicelib.handlers.schedules import watch_alerts
from chalicelib.handlers.workers.alerts import receive_alerts
from chalicelib.models.delivery import DeliveryRecord
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import hook_keys, settings, tallies
from chalicelib.services.alerts import receive
from tests import aws
from tests.cast import MONDAY_9
from tests.integration.api import Answer, Api
from tests.integration.lambdas import Context, tick_of, work

ROUNDS_AT_MOST = 400


def connect(source: str = "alertmanager", **changes: Any) -> Integration:
    """Make an integration as it is stored, with keys."""
    plain = Integration(id=changes.pop("id", source), name=source.title(), source=source)
    found = hook_keys.with_keys(replace(plain, **changes))
    settings.put(settings.INTEGRATION, found.id, found.to_data())
    return found


def change(found: Integration, **changes: Any) -> Integration:
    changed = replace(found, version=found.version + 1, **changes)
    settings.put(settings.INTEGRATION, changed.id, changed.to_data())
    return changed


def told(
    name: str, status: str = "firing", began: datetime = MONDAY_9, **fields: Any
) -> dict[str, Any]:
    """One alert of Alertmanager's."""
    over = began + timedelta(minutes=30)
    labels = {"alertname": name, "severity": "critical", **fields.pop("labels", {})}
    return {
        "status": status, "labels": labels, "annotations": {"summary": f"{name} is broken"},
        "startsAt": began.isoformat(), "fingerprint": name,
        "endsAt": over.isoformat() if status == "resolved" else "0001-01-01T00:00:00Z", **fields,
    }  # fmt: skip


def body(*alerts: dict[str, Any], **fields: Any) -> bytes:
    return json.dumps({"version": "4", "alerts": list(alerts), **fields}).encode()


def post(found: Integration, sent: bytes, path: str = "", **headers: str) -> Answer:
    address = hook_keys.address(found, "")
    return Api().call("POST", address + path, sent, **headers)


def send(found: Integration, sent: bytes, at: datetime = MONDAY_9, **headers: str) -> None:
    """Send a delivery at an instant, and have it worked off."""
    clock.use(lambda: at)
    answer = post(found, sent, **headers)
    assert answer.status == 202, answer.json
    work_off()


def report(found: Integration, *alerts: dict[str, Any], at: datetime = MONDAY_9, **more: Any
           ) -> None:  # fmt: skip
    send(found, body(*alerts, **more), at)


def work_off() -> None:
    """The alerts queue, until it is empty."""
    for _ in range(ROUNDS_AT_MOST):
        messages = aws.queued("alerts")
        if not messages:
            return
        for start in range(0, len(messages), 10):
            batch = messages[start : start + 10]
            assert work(receive_alerts, batch) == {"batchItemFailures": []}
    raise AssertionError("the alerts queue does not run empty")


def tick(now: datetime) -> None:
    """One look at the alerts whose time has come, and what follows."""
    clock.use(lambda: now)
    watch_alerts(tick_of(now), Context())
    work_off()


def relay_storm(now: datetime) -> None:
    """What the relay tells the alerts queue of a storm."""
    told_of = [
        {"ticket_id": one.ticket_id, "entry_id": one.entry_id, "kind": one.kind}
        for one in TimelineEntry.scan()
        if one.kind == "storm_began"
    ]
    assert receive(told_of, now) == []
    work_off()


def incidents() -> list[Ticket]:
    """Oldest first."""
    found = sorted(Ticket.scan(), key=lambda one: (one.created_at, one.ticket_id))
    tallies.refresh(found)
    return found


def incident() -> Ticket:
    (only,) = incidents()
    return only


def log(found: Integration) -> list[DeliveryRecord]:
    """Its deliveries, oldest first."""
    return DeliveryRecord.newest_of(found.id, 1000)[::-1]
