"""Azure Monitor: the common alert schema of an action group's webhook.

https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema
The id of an alert is of one occurrence, from fired to resolved; the rule with what it looks at is
what comes again. An activity log alert has no end.
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.source import Delivery, Example, Source
from chalicelib.domain.alerts import Alert, Report, Signal

SIGNALS = {"fired": Signal.FIRING, "resolved": Signal.RESOLVED}
SEVERITIES = {
    "Sev0": "critical",
    "Sev1": "error",
    "Sev2": "warning",
    "Sev3": "info",
    "Sev4": "info",
}


def parse(delivery: Delivery) -> Report:
    data = reading.object_of(reading.data_of(delivery).get("data"), "/data")
    told = reading.object_of(data.get("essentials"), "/data/essentials")
    rule, number = reading.text(told.get("alertRule")), reading.text(told.get("originAlertId"))
    target = _first(told.get("configurationItems")) or _first(told.get("alertTargetIDs"))
    signal = SIGNALS.get(reading.text(told.get("monitorCondition")).casefold(), Signal.NOTICE)
    is_over = signal is Signal.RESOLVED
    properties = reading.labels_of(data.get("customProperties"))
    return Report((
        Alert(
            identity=f"{rule}/{target}" if rule else reading.needed(told, "alertId"),
            signal=signal,
            title=f"{rule} on {target}" if target and rule else rule or "Azure alert",
            text=reading.lines(told.get("description"), reading.facts(_labels(told, target))),
            severity=SEVERITIES.get(reading.text(told.get("severity")), ""),
            started_at=reading.instant(told.get("firedDateTime")),
            ended_at=reading.instant(told.get("resolvedDateTime")) if is_over else None,
            episode=reading.text(told.get("alertId")) or number,
            labels={**properties, **_labels(told, target)},
            links=reading.links(Investigation=told.get("investigationLink")),
        ),
    ))  # fmt: skip


def _first(value: Any) -> str:
    return reading.text(value[0]) if isinstance(value, list) and value else ""


def _labels(told: dict[str, Any], target: str) -> dict[str, str]:
    about = {"host": target.rpartition("/")[2], "signal": told.get("signalType"),
             "monitor": told.get("monitoringService")}  # fmt: skip
    return reading.labels_of(about)


_TOLD = {
    "alertId": "/subscriptions/s1/providers/Microsoft.AlertsManagement/alerts/a1",
    "alertRule": "Disk full",
    "severity": "Sev1",
    "signalType": "Metric",
    "monitorCondition": "Fired",
    "monitoringService": "Platform",
    "alertTargetIDs": ["/subscriptions/s1/resourcegroups/shop/providers/vm/db-1"],
    "configurationItems": ["db-1"],
    "originAlertId": "o1",
    "firedDateTime": "2026-11-23T09:00:00.1234567Z",
    "description": "Less than 5 % is left.",
    "essentialsVersion": "1.0",
}
_DATA = {"essentials": _TOLD, "alertContext": None, "customProperties": {"service": "shop"}}
_FIRING = Alert(
    identity="Disk full/db-1",
    signal=Signal.FIRING,
    title="Disk full on db-1",
    text="Less than 5 % is left.\nhost: db-1\nmonitor: Platform\nsignal: Metric",
    severity="error",
    started_at=reading.instant("2026-11-23T09:00:00.123456Z"),
    episode="/subscriptions/s1/providers/Microsoft.AlertsManagement/alerts/a1",
    labels={"service": "shop", "host": "db-1", "signal": "Metric", "monitor": "Platform"},
)
_OVER = {**_TOLD, "monitorCondition": "Resolved", "resolvedDateTime": "2026-11-23T09:30:00Z"}


def _example(name: str, told: dict[str, Any], alert: Alert) -> Example:
    body = {"schemaId": "azureMonitorCommonAlertSchema", "data": {**_DATA, "essentials": told}}
    return Example(name, Delivery(json.dumps(body).encode()), Report((alert,)))


SOURCE = Source(
    id="azure-monitor",
    title="Azure Monitor",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS,
    set_up=(
        "In an action group, add the action `Webhook` with the URI {url}.",
        "Enable the common alert schema.",
        "A plain webhook of Azure sends no credentials, so keep the address to yourself.",
    ),
    examples=(
        _example("a full disk", _TOLD, _FIRING),
        _example(
            "its end",
            _OVER,
            replace(
                _FIRING,
                signal=Signal.RESOLVED,
                ended_at=reading.instant("2026-11-23T09:30:00Z"),
            ),
        ),
    ),
)
