"""Grafana: the webhook of Alerting, and that of the dashboard alerts before it (up to 8).

https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/
Alerting sends what Alertmanager sends, and more links. A lost data source, or no data, comes as an
alert of its own (DatasourceError, DatasourceNoData), so it ends on its own as well.
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading, several
from chalicelib.adapters.monitoring.alertmanager import alert_of
from chalicelib.adapters.monitoring.authentication import signed_hex
from chalicelib.adapters.monitoring.source import Delivery, Example, Source, Unreadable
from chalicelib.domain.alerts import Alert, Group, Link, Report, Signal

LEGACY_SIGNALS = {
    "alerting": Signal.FIRING,
    "no_data": Signal.FIRING,
    "ok": Signal.RESOLVED,
    "pending": Signal.NOTICE,
    "paused": Signal.NOTICE,
}
TEST_LABELS = {"alertname": "TestAlert", "instance": "Grafana"}
LEGACY_TEST = "Test notification"


def parse(delivery: Delivery) -> Report:
    data = reading.data_of(delivery)
    if "alerts" not in data and "ruleName" in data:
        return Report((_legacy(data),))
    key, left_out = reading.text(data.get("groupKey")), data.get("truncatedAlerts")
    rows = reading.list_of(data.get("alerts"), "/alerts")
    count = left_out if isinstance(left_out, int) else 0
    group = Group(key, resolved=data.get("status") == "resolved", left_out=count)
    report = several.report_of(rows, lambda one: _alert(one, key), "/alerts")
    return replace(report, group=group if key else None)


def _alert(told: Any, group: str) -> Alert:
    one = reading.object_of(told, "It")
    alert = alert_of(one, group)
    more = reading.links(Image=one.get("imageURL"), Silence=one.get("silenceURL"))
    is_test = TEST_LABELS.items() <= dict(alert.labels).items()
    signal = Signal.NOTICE if is_test else alert.signal
    return replace(alert, signal=signal, links=(*alert.links, *more))


def _legacy(data: dict[str, Any]) -> Alert:
    state, name = reading.needed(data, "state"), reading.needed(data, "ruleName")
    signal = LEGACY_SIGNALS.get(state.casefold())
    if signal is None:
        raise Unreadable(f"Its state is {state!r}, which Grafana does not have.")
    tags, rule = reading.labels_of(data.get("tags")), reading.needed(data, "ruleId")
    return Alert(
        identity=f"{reading.text(data.get('orgId')) or '1'}/{rule}",
        signal=Signal.NOTICE if name == LEGACY_TEST else signal,
        title=f"{name} has no data" if state.casefold() == "no_data" else name,
        text=reading.lines(data.get("message"), _values(data.get("evalMatches"))),
        severity=tags.get("severity", ""),
        labels=tags,
        links=reading.links(Rule=data.get("ruleUrl"), Image=data.get("imageUrl")),
    )


def _values(matches: Any) -> str:
    found = [one for one in matches if isinstance(one, dict)] if isinstance(matches, list) else []
    pairs = ((reading.text(one.get("metric")), reading.text(one.get("value"))) for one in found)
    return "\n".join(f"{metric}: {value}" for metric, value in pairs if metric)


_LABELS = {"alertname": "High load", "instance": "web-1", "severity": "warning", "team": "blue"}
_NOTES = {
    "summary": "The load of web-1 is high", "runbook_url": "https://wiki.example/load",
}  # fmt: skip
_ALERT: dict[str, Any] = {
    "status": "firing", "labels": _LABELS, "annotations": _NOTES, "orgId": 1,
    "startsAt": "2026-11-23T10:00:00+01:00", "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "https://grafana.example/alerting/abc/edit", "panelURL": "",
    "dashboardURL": "https://grafana.example/d/load", "fingerprint": "c6eadffa33fcdf37",
    "silenceURL": "https://grafana.example/alerting/silence/new",
    "values": {"B": 44.2, "C": 1}, "valueString": "[ var='B' value=44.2 ]",
}  # fmt: skip
_KEY = '{}:{alertname="High load"}'
_BODY = {
    "receiver": "desk", "status": "firing", "orgId": 1, "alerts": [_ALERT], "groupKey": _KEY,
    "truncatedAlerts": 0, "version": "1", "title": "[FIRING:1] High load", "state": "alerting",
    "message": "Firing",
}  # fmt: skip
_FIRING = Alert(
    identity="c6eadffa33fcdf37",
    signal=Signal.FIRING,
    title="The load of web-1 is high",
    text="alertname: High load\ninstance: web-1\nseverity: warning\nteam: blue",
    severity="warning",
    started_at=reading.instant("2026-11-23T09:00:00Z"),
    labels=_LABELS,
    links=(
        Link("Runbook", "https://wiki.example/load"),
        Link("Dashboard", "https://grafana.example/d/load"),
        Link("Source", "https://grafana.example/alerting/abc/edit"),
        Link("Silence", "https://grafana.example/alerting/silence/new"),
    ),
    group=_KEY,
)
_ENDED = {**_ALERT, "status": "resolved", "endsAt": "2026-11-23T09:30:00Z"}
_RESOLVED = replace(
    _FIRING, signal=Signal.RESOLVED, ended_at=reading.instant("2026-11-23T09:30:00Z")
)
_TEST_ALERT = {
    "status": "firing", "labels": TEST_LABELS, "annotations": {"summary": "Notification test"},
    "startsAt": "2026-11-23T09:00:00Z", "endsAt": "0001-01-01T00:00:00Z", "values": None,
    "generatorURL": "?orgId=1", "fingerprint": "57c6d9296de2ad39",
}  # fmt: skip
_TEST = Alert(
    identity="57c6d9296de2ad39",
    signal=Signal.NOTICE,
    title="Notification test",
    text="alertname: TestAlert\ninstance: Grafana",
    started_at=reading.instant("2026-11-23T09:00:00Z"),
    labels=TEST_LABELS,
)
_LEGACY = {
    "dashboardId": 4, "evalMatches": [{"value": 97, "metric": "web-1", "tags": None}],
    "message": "The load is too high.", "orgId": 1, "panelId": 2, "ruleId": 12,
    "ruleName": "Load alert", "ruleUrl": "https://grafana.example/d/load?panelId=2",
    "state": "alerting", "tags": {"severity": "critical"}, "title": "[Alerting] Load alert",
}  # fmt: skip
_LEGACY_ALERT = Alert(
    identity="1/12",
    signal=Signal.FIRING,
    title="Load alert",
    text="The load is too high.\nweb-1: 97",
    severity="critical",
    labels={"severity": "critical"},
    links=(Link("Rule", "https://grafana.example/d/load?panelId=2"),),
)
_LEGACY_OVER = replace(_LEGACY_ALERT, signal=Signal.RESOLVED, text="The load is too high.")
_LEGACY_TEST_ALERT = replace(_LEGACY_ALERT, identity="1/0", signal=Signal.NOTICE, title=LEGACY_TEST)
_NO_DATA = {**_LEGACY, "state": "no_data", "tags": None, "evalMatches": []}
_NO_DATA_ALERT = replace(
    _LEGACY_OVER, signal=Signal.FIRING, title="Load alert has no data", severity="", labels={}
)


def _example(name: str, body: dict[str, Any], report: Report) -> Example:
    kind = {"content-type": "application/json"}
    return Example(name, Delivery(json.dumps(body).encode(), kind), report)


SOURCE = Source(
    id="grafana",
    title="Grafana",
    parse=parse,
    authenticate=signed_hex("X-Grafana-Alerting-Signature"),
    proof=(
        "The signature that Grafana makes of the body, if there is one; otherwise the key in the "
        "address, and the secret in an Authorization header, if there is one."
    ),
    set_up=(
        "In Grafana, below Alerting, Contact points, add one of the type Webhook.",
        "Its URL is {url}, its method POST.",
        "Below HMAC Signature, set the secret to {secret}. Where there is no such setting, set "
        "Authorization Header Credentials to it, and the scheme to Bearer.",
        "Leave Disable resolved message off, and send a test.",
    ),
    examples=(
        _example("a high load", _BODY, Report((_FIRING,), Group(_KEY))),
        _example(
            "its end",
            {**_BODY, "status": "resolved", "state": "ok", "alerts": [_ENDED]},
            Report((_RESOLVED,), Group(_KEY, resolved=True)),
        ),
        _example(
            "one goes on while another has ended",
            {**_BODY, "alerts": [{**_ALERT, "fingerprint": "bc97ff14869b13e3"}, _ENDED]},
            Report((replace(_FIRING, identity="bc97ff14869b13e3"), _RESOLVED), Group(_KEY)),
        ),
        _example("a test", {"status": "firing", "alerts": [_TEST_ALERT]}, Report((_TEST,))),
        _example("a dashboard alert of Grafana 8", _LEGACY, Report((_LEGACY_ALERT,))),
        _example(
            "its end, without values",
            {**_LEGACY, "state": "ok", "evalMatches": None},
            Report((_LEGACY_OVER,)),
        ),
        _example("a dashboard alert without data", _NO_DATA, Report((_NO_DATA_ALERT,))),
        _example(
            "a test of Grafana 8",
            {**_LEGACY, "ruleId": 0, "ruleName": LEGACY_TEST},
            Report((_LEGACY_TEST_ALERT,)),
        ),
    ),
    repeats_within=4 * 3600,
)
