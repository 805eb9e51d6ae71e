"""Google Cloud Monitoring: a webhook notification channel, version 1.2.

https://cloud.google.com/monitoring/support/notification-options#webhooks
An incident has one id from its opening to its end, so that is the episode. What comes again is the
condition, by its full name, with the labels of what it looks at; names for people are edited.
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.source import Delivery, Example, Source
from chalicelib.domain.alerts import Alert, Link, Report, Signal

TEST = "test"  # the version that the console's test notification has
SIGNALS = {"open": Signal.FIRING, "closed": Signal.RESOLVED}


def parse(delivery: Delivery) -> Report:
    sent = reading.data_of(delivery)
    data = reading.object_of(sent.get("incident"), "/incident")
    if reading.text(sent.get("version")).casefold() == TEST:
        return Report(note=f"A test of the channel: {reading.text(data.get('summary'))[:200]}")
    return Report((_alert(data),))


def _alert(data: dict[str, Any]) -> Alert:
    number = reading.needed(data, "incident_id")
    signal = SIGNALS.get(reading.needed(data, "state").casefold(), Signal.NOTICE)
    resource, kind = _resource(data)
    is_over = signal is Signal.RESOLVED
    names = (data.get("condition_name"), data.get("policy_name"))
    return Alert(
        identity=_identity(data) or number,
        signal=signal,
        title=reading.first(*names, f"Incident {number}"),
        text=reading.lines(data.get("summary"), reading.inner(data, "documentation", "content")),
        severity=reading.text(data.get("severity")).replace("No severity", ""),
        started_at=reading.instant(data.get("started_at")),
        ended_at=reading.instant(data.get("ended_at")) if is_over else None,
        episode=number,
        labels={**reading.labels_of(data.get("policy_user_labels")), **resource, **kind},
        links=(*reading.links(Incident=data.get("url")), *_links(data)),
    )


def _identity(data: dict[str, Any]) -> str:
    """A condition, by its full name or else by those for people, and one of its time series."""
    names = [reading.text(data.get(one)) for one in ("policy_name", "condition_name")]
    by_names = "|".join([reading.text(data.get("scoping_project_id")), *names])
    condition = reading.text(reading.inner(data, "condition", "name"))
    if not condition and not all(names):
        return ""
    return "|".join(filter(None, (condition or by_names, *map(_series, _series_of(data)))))


def _series_of(data: dict[str, Any]) -> list[dict[str, str]]:
    return [reading.labels_of(reading.inner(data, one, "labels")) for one in ("resource", "metric")]


def _series(labels: dict[str, str]) -> str:
    return "/".join(f"{name}={value}" for name, value in sorted(labels.items()))


def _resource(data: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    resource, metric = _series_of(data)
    project = reading.text(data.get("scoping_project_id"))
    kind = {"resource": reading.inner(data, "resource", "type"), "project": project}
    return metric | resource, reading.labels_of(kind)


def _links(data: dict[str, Any]) -> tuple[Link, ...]:
    told = reading.inner(data, "documentation", "links")
    rows = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    pairs = [(reading.first(one.get("displayName"), "Runbook"), reading.text(one.get("url")))
             for one in rows]  # fmt: skip
    return tuple(Link(words, href) for words, href in pairs if reading.is_web(href))


_INCIDENT = {
    "incident_id": "0.abc",
    "state": "open",
    "started_at": 1795424400,
    "ended_at": None,
    "policy_name": "Databases",
    "condition_name": "Disk full",
    "condition": {"name": "projects/shop/alertPolicies/3/conditions/4", "displayName": "Disk full"},
    "metric": {"type": "agent/disk", "displayName": "Disk", "labels": {"device": "sda"}},
    "summary": "Less than 5 % is left.",
    "url": "https://console.example/incident/0.abc",
    "resource": {"type": "gce_instance", "labels": {"instance_id": "11", "zone": "eu-1"}},
    "documentation": {"content": "", "links": [{"displayName": "Runbook",
                                                "url": "https://wiki.example/disk"}]},
    "severity": "Critical",
    "scoping_project_id": "shop",
    "policy_user_labels": {"service": "shop"},
}  # fmt: skip
_FIRING = Alert(
    identity="projects/shop/alertPolicies/3/conditions/4|instance_id=11/zone=eu-1|device=sda",
    signal=Signal.FIRING,
    title="Disk full",
    text="Less than 5 % is left.",
    severity="Critical",
    started_at=reading.instant(1795424400),
    episode="0.abc",
    labels={"service": "shop", "device": "sda", "instance_id": "11", "zone": "eu-1",
            "resource": "gce_instance",
            "project": "shop"},
    links=(Link("Incident", "https://console.example/incident/0.abc"),
           Link("Runbook", "https://wiki.example/disk")),
)  # fmt: skip
_CLOSED = {**_INCIDENT, "state": "CLOSED", "ended_at": 1795426200}
_BARE = {"incident_id": "t1", "state": "open", "summary": "Down", "policy_name": None,
         "resource": None, "started_at": 0, "ended_at": 0}  # fmt: skip


def _example(name: str, incident: dict[str, Any], alert: Alert) -> Example:
    body = json.dumps({"version": "1.2", "incident": incident}).encode()
    return Example(name, Delivery(body), Report((alert,)))


SOURCE = Source(
    id="google-cloud",
    title="Google Cloud Monitoring",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS,
    set_up=(
        "In Alerting, Notification channels, add a webhook with the URL {url}.",
        "Use HTTP basic authentication with any user name and the password {secret}.",
        "Choose the channel in each policy, and let it notify when incidents are closed.",
    ),
    examples=(
        _example("a full disk", _INCIDENT, _FIRING),
        _example(
            "its end",
            _CLOSED,
            replace(_FIRING, signal=Signal.RESOLVED, ended_at=reading.instant(1795426200)),
        ),
        _example(
            "with little told",
            _BARE,
            Alert("t1", Signal.FIRING, "Incident t1", "Down", episode="t1"),
        ),
        Example(
            "the console's test",
            Delivery(json.dumps({"version": TEST, "incident": _INCIDENT}).encode()),
            Report(note="A test of the channel: Less than 5 % is left."),
        ),
    ),
)
