"""Prometheus Alertmanager's webhook, version 4.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
The status of the group is not the status of each alert, so only the latter counts for an alert;
a group that has ended as a whole ends what the body left out, too (`max_alerts`).
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading, several
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.source import Delivery, Example, Source
from chalicelib.domain.alerts import Alert, Group, Link, Report, Signal


def parse(delivery: Delivery) -> Report:
    return report_of(reading.data_of(delivery))


def report_of(data: dict[str, Any]) -> Report:
    """Of a body in the shape of Alertmanager, whoever sends it. Raises Unreadable."""
    key = reading.text(data.get("groupKey"))
    left_out = data.get("truncatedAlerts")
    group = Group(
        key,
        resolved=data.get("status") == "resolved",
        left_out=left_out if isinstance(left_out, int) else 0,
    )
    rows = reading.list_of(data.get("alerts"), "/alerts")
    report = several.report_of(rows, lambda one: alert_of(one, key), "/alerts")
    return replace(report, group=group if key else None)


def alert_of(told: Any, group: str) -> Alert:
    """One alert, as Alertmanager and Grafana tell of it. Raises Unreadable."""
    one = reading.object_of(told, "It")
    labels = reading.labels_of(one.get("labels"))
    notes = reading.labels_of(one.get("annotations"))
    is_over = reading.needed(one, "status") == "resolved"
    return Alert(
        identity=reading.needed(one, "fingerprint"),
        signal=Signal.RESOLVED if is_over else Signal.FIRING,
        title=notes.get("summary") or _title(labels),
        text=reading.lines(notes.get("description") or notes.get("message"), reading.facts(labels)),
        severity=labels.get("severity", ""),
        started_at=reading.instant(one.get("startsAt")),
        ended_at=reading.instant(one.get("endsAt")) if is_over else None,
        labels=labels,
        links=reading.links(
            Runbook=notes.get("runbook_url"),
            Dashboard=one.get("dashboardURL") or notes.get("dashboard_url"),
            Panel=one.get("panelURL"),
            Source=one.get("generatorURL"),
        ),
        group=group,
    )


def _title(labels: dict[str, str]) -> str:
    name = labels.get("alertname", "Alert")
    where = labels.get("instance") or labels.get("service") or labels.get("job")
    return f"{name} on {where}" if where else name


_LABELS = {"alertname": "DiskFull", "instance": "db-1", "severity": "critical", "service": "shop"}
_ALERT = {
    "status": "firing",
    "labels": _LABELS,
    "annotations": {"summary": "Disk full on db-1", "runbook_url": "https://wiki.example/disk"},
    "startsAt": "2026-11-23T09:00:00.000Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "http://prometheus.example/graph",
    "fingerprint": "b0f7dcbb3ba5e5b0",
}
_BODY = {
    "version": "4",
    "groupKey": '{}:{service="shop"}',
    "truncatedAlerts": 2,
    "status": "firing",
    "receiver": "desk",
    "alerts": [_ALERT],
}
EXAMPLE = Example(
    "a full disk",
    Delivery(json.dumps(_BODY).encode(), {"content-type": "application/json"}),
    Report(
        (
            Alert(
                identity="b0f7dcbb3ba5e5b0",
                signal=Signal.FIRING,
                title="Disk full on db-1",
                text="alertname: DiskFull\ninstance: db-1\nservice: shop\nseverity: critical",
                severity="critical",
                started_at=reading.instant("2026-11-23T09:00:00Z"),
                labels=_LABELS,
                links=(
                    Link("Runbook", "https://wiki.example/disk"),
                    Link("Source", "http://prometheus.example/graph"),
                ),
                group='{}:{service="shop"}',
            ),
        ),
        Group('{}:{service="shop"}', left_out=2),
    ),
)
_ENDED = {**_ALERT, "status": "resolved", "endsAt": "2026-11-23T09:30:00Z"}
_OVER = Example(
    "its end",
    Delivery(json.dumps({**_BODY, "status": "resolved", "alerts": [_ENDED]}).encode()),
    Report(
        (
            Alert(
                **{
                    **vars(EXAMPLE.report.alerts[0]),
                    "signal": Signal.RESOLVED,
                    "ended_at": reading.instant("2026-11-23T09:30:00Z"),
                }
            ),
        ),
        Group('{}:{service="shop"}', resolved=True, left_out=2),
    ),
)

SOURCE = Source(
    id="alertmanager",
    title="Prometheus Alertmanager",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS,
    set_up=(
        "In alertmanager.yml, add a receiver with `webhook_configs`.",
        "Its `url` is {url}, and `send_resolved` is true.",
        "Below `http_config`, `authorization`, set `credentials` to {secret}.",
    ),
    examples=(EXAMPLE, _OVER),
    repeats_within=4 * 3600,
)
