"""Azure Monitor: the common alert schema of an action group's webhook.

https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema
The id of an alert is of one occurrence, from fired to resolved. What comes again is the rule with
the resource and the dimensions that it looks at; what was measured is not part of it. A log search
alert only has an end if its rule resolves alerts by itself. The activity log: azure_activity.py.
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import azure_activity, reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.source import Delivery, Example, Source
from chalicelib.domain.alerts import Alert, Report, Signal

# The made-up subscription of a test of an action group.
TEST = "/subscriptions/11111111-1111-1111-1111-111111111111/"
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
    is_of_log = azure_activity.is_of_log(told)
    alert = _of_log(told, data) if is_of_log else _alert(told, data)
    is_test = reading.text(told.get("alertId")).startswith(TEST)
    return Report((replace(alert, signal=Signal.NOTICE) if is_test else alert,))


def _alert(told: dict[str, Any], data: dict[str, Any]) -> Alert:
    rule, target = reading.text(told.get("alertRule")), _target(told)
    dimensions = _dimensions(data.get("alertContext"))
    state = reading.needed(told, "monitorCondition").casefold()
    signal = SIGNALS.get(state, Signal.NOTICE)
    is_over = signal is Signal.RESOLVED
    labels = _labels(told, target)
    return Alert(
        identity=_identity(told, *(f"{name}={value}" for name, value in sorted(dimensions))),
        signal=signal,
        title=f"{rule} on {target}" if target and rule else rule or "Azure alert",
        text=reading.lines(told.get("description"), reading.facts(dict(dimensions) | labels)),
        severity=SEVERITIES.get(reading.text(told.get("severity")), ""),
        started_at=reading.instant(told.get("firedDateTime")),
        ended_at=reading.instant(told.get("resolvedDateTime")) if is_over else None,
        episode=reading.first(told.get("alertId"), told.get("originAlertId")),
        labels=reading.labels_of(data.get("customProperties")) | dict(dimensions) | labels,
        links=reading.links(Investigation=told.get("investigationLink")),
    )


def _of_log(told: dict[str, Any], data: dict[str, Any]) -> Alert:
    """Each message has another id and `firedDateTime`, so these are no episode and no start."""
    context = data.get("alertContext")
    alert = _alert({"monitorCondition": "Fired", **told}, {**data, "alertContext": None})
    is_over = alert.signal is Signal.RESOLVED
    signal = alert.signal if is_over else azure_activity.signal_of(context)
    return replace(
        alert,
        identity=_identity(told, azure_activity.about(told, context)),
        signal=signal,
        title=azure_activity.title(context) or alert.title,
        text=reading.lines(alert.text, azure_activity.text(told, context)),
        started_at=alert.started_at if signal is Signal.FIRING else None,
        ended_at=alert.ended_at or alert.started_at if signal is Signal.RESOLVED else None,
        episode="",
    )


def _identity(told: dict[str, Any], *more: str) -> str:
    """Azure writes ids in capitals now and then, so capitals do not count."""
    rule = reading.first(told.get("alertRuleID"), told.get("alertRule"))
    target = reading.first(_first(told.get("alertTargetIDs")), _target(told))
    parts = (rule.casefold() or reading.needed(told, "alertId"), target.casefold(), *more)
    return "|".join(filter(None, parts))


def _dimensions(context: Any) -> set[tuple[str, str]]:
    """Of all criteria: what is measured apart, such as a disk of a machine."""
    rows = [one for criterion in _list(reading.inner(context, "condition", "allOf"))
            for one in _list(reading.inner(criterion, "dimensions"))]  # fmt: skip
    named = (tuple(reading.text(reading.inner(one, key)) for key in ("name", "value"))
             for one in rows)  # fmt: skip
    return {(name, value) for name, value in named if name and value}


def _target(told: dict[str, Any]) -> str:
    """For people."""
    return _first(told.get("configurationItems")) or _first(told.get("alertTargetIDs"))


def _first(value: Any) -> str:
    return reading.text(next(iter(_list(value)), None))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


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
_MEASURED = {
    "conditionType": "SingleResourceMultipleMetricCriteria",
    "condition": {"windowSize": "PT5M", "allOf": [{
        "metricName": "free", "operator": "LessThan", "threshold": "5", "metricValue": 3.1,
        "dimensions": [{"name": "Disk", "value": "sda"}],
    }]},
}  # fmt: skip
_FIRING = Alert(
    identity="disk full|/subscriptions/s1/resourcegroups/shop/providers/vm/db-1|Disk=sda",
    signal=Signal.FIRING,
    title="Disk full on db-1",
    text="Less than 5 % is left.\nDisk: sda\nhost: db-1\nmonitor: Platform\nsignal: Metric",
    severity="error",
    started_at=reading.instant("2026-11-23T09:00:00.123456Z"),
    episode="/subscriptions/s1/providers/Microsoft.AlertsManagement/alerts/a1",
    labels={
        "service": "shop",
        "Disk": "sda",
        "host": "db-1",
        "signal": "Metric",
        "monitor": "Platform",
    },
)
_OVER = {**_TOLD, "monitorCondition": "Resolved", "resolvedDateTime": "2026-11-23T09:30:00Z"}


def _example(name: str, told: dict[str, Any], alert: Alert) -> Example:
    data = {"essentials": told, "alertContext": _MEASURED, "customProperties": {"service": "shop"}}
    body = json.dumps({"schemaId": "azureMonitorCommonAlertSchema", "data": data}).encode()
    return Example(name, Delivery(body), Report((alert,)))


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
        "Let rules of log searches resolve their alerts by themselves, or no end is told. Rules of "
        "the activity log tell none, except those of Service Health and Resource Health.",
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
        *azure_activity.EXAMPLES,
        _example(
            "a test of the action group",
            {**_TOLD, "alertId": f"{TEST}providers/alerts/a1"},
            replace(_FIRING, signal=Signal.NOTICE, episode=f"{TEST}providers/alerts/a1"),
        ),
    ),
)
