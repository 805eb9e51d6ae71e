"""New Relic: the webhook of workflows, and that of the notification channels before them.

https://docs.newrelic.com/docs/alerts/get-notified/custom-variables-incident-workflows/
An issue may gather conditions and entities while it lasts, so only its id is the same in its first
and its last message; the next issue about the same thing is another one.
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.source import Delivery, Example, Source, Unreadable
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


def parse(delivery: Delivery) -> Report:
    data = reading.data_of(delivery)
    return Report((_legacy(data) if "current_state" in data else _issue(data),))


def _signal(state: str) -> Signal:
    signal = SIGNALS.get(state.casefold())
    if signal is None:
        raise Unreadable(f"Its state is {state!r}, which New Relic does not have.")
    return signal


def _issue(data: dict[str, Any]) -> Alert:
    issue, signal = reading.needed(data, "id", "issueId"), _signal(reading.needed(data, "state"))
    policies, conditions = _words(data, "alertPolicyNames"), _words(data, "alertConditionNames")
    entities = _words(data, "impactedEntities")
    facts = {"policy": policies, "condition": conditions, "entity": entities}
    is_over = signal is Signal.RESOLVED
    ended = reading.first(data.get("closedAt"), data.get("updatedAt"))
    return Alert(
        identity=issue,
        signal=signal,
        title=_words(data, "title") or f"{conditions or 'Issue'} on {entities or issue}",
        text=reading.facts(reading.labels_of(facts)),
        severity=reading.text(data.get("priority")),
        started_at=reading.instant(data.get("createdAt")) if signal is Signal.FIRING else None,
        ended_at=reading.instant(ended) if is_over else None,
        labels=reading.labels_of(facts),
        links=reading.links(Issue=data.get("issueUrl"), Runbook=_words(data, "runbookUrl")),
    )


def _words(data: dict[str, Any], name: str) -> str:
    """A text, or a list of them; New Relic gathers what an issue is about in lists."""
    value = data.get(name)
    if not isinstance(value, list):
        return reading.text(value)
    return ", ".join(words for one in value if (words := reading.text(one)))


def _legacy(data: dict[str, Any]) -> Alert:
    signal = _signal(reading.needed(data, "current_state"))
    incident = reading.needed(data, "incident_id")
    targets = data.get("targets")
    target = targets[0] if isinstance(targets, list) and targets else None
    where = reading.text(reading.inner(target, "name"))
    facts = {"policy": data.get("policy_name"), "condition": data.get("condition_name"),
             "entity": where, "product": reading.inner(target, "product")}  # fmt: skip
    what, at = reading.first(data.get("condition_name"), "Incident"), data.get("timestamp")
    return Alert(
        identity=incident,
        signal=signal,
        title=f"{what} on {where}" if where else f"{what} ({incident})",
        text=reading.lines(data.get("details")),
        severity=reading.text(data.get("severity")),
        started_at=reading.instant(at) if signal is Signal.FIRING else None,
        ended_at=reading.instant(at) if signal is Signal.RESOLVED else None,
        labels=reading.labels_of(reading.inner(target, "labels")) | reading.labels_of(facts),
        links=reading.links(Incident=data.get("incident_url"), Runbook=data.get("runbook_url")),
    )


_ISSUE = {
    "id": "5f2a2a2b-92b3-4be9-a9c9-2d1e6b5a7f10",
    "issueUrl": "https://radar-api.service.newrelic.com/accounts/1/issues/5f2a2a2b",
    "title": "The error rate of checkout is high",
    "priority": "CRITICAL",
    "impactedEntities": ["checkout", "payment"],
    "totalIncidents": 2,
    "state": "ACTIVATED",
    "trigger": "STATE_CHANGE",
    "isCorrelated": "false",
    "createdAt": 1795424400000,
    "updatedAt": 1795424400000,
    "sources": ["newrelic"],
    "alertPolicyNames": ["Shop"],
    "alertConditionNames": ["Error rate"],
    "workflowName": "Desk",
}
_FACTS = {"policy": "Shop", "condition": "Error rate", "entity": "checkout, payment"}
_FIRING = Alert(
    identity="5f2a2a2b-92b3-4be9-a9c9-2d1e6b5a7f10",
    signal=Signal.FIRING,
    title="The error rate of checkout is high",
    text="condition: Error rate\nentity: checkout, payment\npolicy: Shop",
    severity="CRITICAL",
    started_at=reading.instant(1795424400),
    labels=_FACTS,
    links=(Link("Issue", "https://radar-api.service.newrelic.com/accounts/1/issues/5f2a2a2b"),),
)
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
SOURCE = Source(
    id="new-relic",
    title="New Relic",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS,
    set_up=(
        "In New Relic, below Alerts, Destinations, add a webhook with the URL {url}.",
        "Choose Bearer token as its authorization, with the token {secret}.",
        "In a workflow, notify that destination; leave the payload as it is proposed.",
        "Let the workflow notify when an issue is activated, acknowledged and closed.",
    ),
    examples=(
        _example("many errors", _ISSUE, _FIRING),
        _example(
            "its end",
            {**_ISSUE, "state": "CLOSED", "updatedAt": 1795426200000},
            _FIRING,
            signal=Signal.RESOLVED,
            **_AT_END,
        ),
        _example(
            "somebody takes care of it",
            {**_ISSUE, "state": "ACKNOWLEDGED"},
            _FIRING,
            signal=Signal.ACKNOWLEDGED,
            started_at=None,
        ),
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
            signal=Signal.NOTICE,
            started_at=None,
        ),
    ),
)
