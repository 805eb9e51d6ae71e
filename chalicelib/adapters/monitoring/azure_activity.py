"""Azure's activity log: alerts of the health of Azure and its resources, and of what was done.

https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-payload-samples
All of them say `Fired`, each with an id of its own, whatever happened. Health tells its end by a
status or a stage. What was done to a resource, such as that it was deleted, has no end: it stays a
problem until somebody resolves it here, and its text says so.
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.source import Delivery, Example
from chalicelib.domain.alerts import Alert, Report, Signal

NO_END = "The activity log tells no end of this. Resolve it here when it is dealt with."
HEALTH = ("servicehealth", "resourcehealth")
OVER = frozenset({"resolved", "complete", "completed", "rca", "canceled", "cancelled"})
PLANNED = frozenset({"maintenance", "information", "informational"})
FACTS = ("incidentType", "stage", "service", "region", "trackingId", "cause")


def is_of_log(told: dict[str, Any]) -> bool:
    kind, service = _plain(told.get("signalType")), _plain(told.get("monitoringService"))
    return kind == "activitylog" or service in HEALTH or service.startswith("activitylog")


def ends(told: dict[str, Any]) -> bool:
    """Whether an end is told of what this is about."""
    return _plain(told.get("monitoringService")) in HEALTH


def signal_of(context: Any) -> Signal:
    """What is planned is a notice. What says nothing of an end is a problem."""
    said = reading.inner(context, "properties")
    if _plain(reading.inner(said, "incidentType")) in PLANNED:
        return Signal.NOTICE
    words = {
        _plain(one) for one in (reading.inner(context, "status"), reading.inner(said, "stage"))
    }
    is_well = _plain(reading.inner(said, "currentHealthStatus")) == "available"
    return Signal.RESOLVED if is_well or words & OVER else Signal.FIRING


def about(told: dict[str, Any], context: Any) -> str:
    """What sets apart the things that one rule tells of one target."""
    if ends(told):
        return reading.text(reading.inner(context, "properties", "trackingId"))
    return reading.text(reading.inner(context, "operationName")).casefold()


def title(context: Any) -> str:
    return reading.text(reading.inner(context, "properties", "title"))


def text(told: dict[str, Any], context: Any) -> str:
    said = {name: reading.inner(context, "properties", name) for name in FACTS}
    done = {name: reading.inner(context, name) for name in ("operationName", "status", "caller")}
    no_end = "" if ends(told) else NO_END
    return reading.lines(no_end, reading.facts(reading.labels_of(done | said)))


def _plain(value: Any) -> str:
    """Spaces come and go: Activity Log, ActivityLog."""
    return reading.text(value).replace(" ", "").casefold()


_HEALTH = {
    "alertId": "/subscriptions/s1/providers/Microsoft.AlertsManagement/alerts/h1",
    "alertRule": "Azure itself", "severity": "Sev4", "signalType": "Activity Log",
    "monitorCondition": "Fired", "monitoringService": "ServiceHealth",
    "alertTargetIDs": ["/subscriptions/s1"], "firedDateTime": "2026-11-23T09:00:00Z",
}  # fmt: skip
_OUTAGE = {
    "status": "Active",
    "properties": {"title": "Storage is slow", "incidentType": "Incident", "stage": "Active",
                   "region": "West Europe", "trackingId": "ABC-123"},
}  # fmt: skip
_ILL = Alert(
    identity="azure itself|/subscriptions/s1|ABC-123",
    signal=Signal.FIRING,
    title="Storage is slow",
    text="host: s1\nmonitor: ServiceHealth\nsignal: Activity Log\nincidentType: Incident\n"
    "region: West Europe\nstage: Active\nstatus: Active\ntrackingId: ABC-123",
    severity="info",
    started_at=reading.instant("2026-11-23T09:00:00Z"),
    labels={"host": "s1", "signal": "Activity Log", "monitor": "ServiceHealth"},
)
_MITIGATED = {**_OUTAGE, "status": "Resolved"}
_WELL = replace(
    _ILL, signal=Signal.RESOLVED, text=_ILL.text.replace("status: Active", "status: Resolved"),
    started_at=None, ended_at=_ILL.started_at,
)  # fmt: skip
_DONE = {
    **_HEALTH, "alertRule": "A machine was deleted", "configurationItems": ["db-1"],
    "monitoringService": "Activity Log - Administrative",
}  # fmt: skip
_DELETED = replace(
    _ILL,
    identity="a machine was deleted|/subscriptions/s1|compute/delete",
    title="A machine was deleted on db-1",
    text="host: db-1\nmonitor: Activity Log - Administrative\nsignal: Activity Log\n"
    f"{NO_END}\noperationName: Compute/delete\nstatus: Succeeded",
    labels={**_ILL.labels, "host": "db-1", "monitor": "Activity Log - Administrative"},
)


def _example(name: str, told: dict[str, Any], context: Any, alert: Alert) -> Example:
    data = {"essentials": told, "alertContext": context}
    body = json.dumps({"schemaId": "azureMonitorCommonAlertSchema", "data": data}).encode()
    return Example(name, Delivery(body), Report((alert,)))


EXAMPLES = (
    _example("an outage of Azure itself", _HEALTH, _OUTAGE, _ILL),
    _example("which is over", {**_HEALTH, "alertId": "h2"}, _MITIGATED, _WELL),
    _example(
        "something that was done, and has no end",
        _DONE,
        {"operationName": "Compute/delete", "status": "Succeeded"},
        _DELETED,
    ),
)
