"""New Relic's notification channels, and the workflows that send what these sent.

https://docs.newrelic.com/docs/alerts/get-notified/custom-variables-incident-workflows/
The last message of an incident may come without a target, so only the incident's id is the same in
its first and its last message.
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.source import Delivery, Example, Unreadable
from chalicelib.domain.alerts import Alert, Link, Report, Signal

SIGNALS = {
    "created": Signal.FIRING,
    "activated": Signal.FIRING,
    "open": Signal.FIRING,
    "acknowledged": Signal.ACKNOWLEDGED,
    "deactivated": Signal.RESOLVED,
    "closed": Signal.RESOLVED,
    "test": Signal.NOTICE,
}


def alert_of(data: dict[str, Any]) -> Alert:
    signal = signal_of(reading.needed(data, "current_state"))
    incident = reading.needed(data, "incident_id")
    targets = data.get("targets")
    target = next(iter(targets), None) if isinstance(targets, list) else targets
    where = reading.text(reading.inner(target, "name"))
    facts = {"policy": data.get("policy_name"), "condition": data.get("condition_name"),
             "entity": where, "product": reading.inner(target, "product")}  # fmt: skip
    what, at = reading.first(data.get("condition_name"), "Incident"), data.get("timestamp")
    return Alert(
        identity=incident,
        episode=incident,
        signal=signal,
        title=f"{what} on {where}" if where else f"{what} ({incident})",
        text=reading.lines(data.get("details")),
        severity=reading.text(data.get("severity")),
        started_at=reading.instant(at) if signal is Signal.FIRING else None,
        ended_at=reading.instant(at) if signal is Signal.RESOLVED else None,
        labels=reading.labels_of(reading.inner(target, "labels")) | reading.labels_of(facts),
        links=reading.links(Incident=data.get("incident_url"), Runbook=data.get("runbook_url")),
    )


def signal_of(state: str) -> Signal:
    signal = SIGNALS.get(state.casefold())
    if signal is None:
        raise Unreadable(f"Its state is {state!r}, which New Relic does not have.")
    return signal


_LEGACY = {
    "account_id": 1,
    "condition_id": 7,
    "condition_name": "Host not reporting",
    "current_state": "open",
    "details": "No data for five minutes.",
    "event_type": "INCIDENT",
    "incident_id": 6503,
    "incident_url": "https://alerts.newrelic.com/accounts/1/incidents/6503",
    "policy_name": "Hosts",
    "severity": "WARNING",
    "targets": [{"id": "1", "name": "db-1", "labels": {"site": "bonn"}, "product": "INFRA"}],
    "timestamp": 1795424400000,
}
_OLD = Alert(
    identity="6503",
    episode="6503",
    signal=Signal.FIRING,
    title="Host not reporting on db-1",
    text="No data for five minutes.",
    severity="WARNING",
    started_at=reading.instant(1795424400),
    labels={"site": "bonn", "policy": "Hosts", "condition": "Host not reporting",
            "entity": "db-1", "product": "INFRA"},
    links=(Link("Incident", "https://alerts.newrelic.com/accounts/1/incidents/6503"),),
)  # fmt: skip


def _example(name: str, body: dict[str, Any], alert: Alert, **other: Any) -> Example:
    said = replace(alert, **other)
    return Example(name, Delivery(json.dumps(body).encode()), Report((said,)))


_AT_END = {"started_at": None, "ended_at": reading.instant(1795426200)}
EXAMPLES = (
    _example("a notification channel", _LEGACY, _OLD),
    _example(
        "a notification channel, at the end, without targets",
        {**_LEGACY, "current_state": "closed", "targets": [], "timestamp": 1795426200000},
        _OLD,
        signal=Signal.RESOLVED,
        title="Host not reporting (6503)",
        labels={"policy": "Hosts", "condition": "Host not reporting"},
        **_AT_END,
    ),
    _example(
        "a test of a notification channel",
        {**_LEGACY, "current_state": "test", "incident_id": 0},
        _OLD,
        identity="0",
        episode="0",
        signal=Signal.NOTICE,
        started_at=None,
    ),
)
