"""New Relic: the webhook of workflows. That of notification channels: new_relic_channels.py.

https://docs.newrelic.com/docs/alerts/get-notified/custom-variables-incident-workflows/
The next issue about the same thing has another id, so that is the episode. With BODY it is known by
the first condition and the first entity: an issue gathers more while it lasts. The payload that New
Relic proposes has no ids of these, only names, which are edited; then the issue's id has to do.
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import new_relic_channels, reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.new_relic_channels import signal_of
from chalicelib.adapters.monitoring.source import Delivery, Example, Source
from chalicelib.domain.alerts import Alert, Link, Report, Signal

# The issue that each test notification makes up.
TEST = "d1b1f3fd-995a-4066-88ab-8ce4f6960654"
CONDITIONS = ("conditionIds", "conditionFamilyId", "condition_family_id", "conditionId",
              "accumulations.conditionFamilyId")  # fmt: skip
ENTITIES = ("entityIds", "entityGuids", "entityGuid", "entity_guid", "entitiesData.ids")


def parse(delivery: Delivery) -> Report:
    data = reading.data_of(delivery)
    return Report((new_relic_channels.alert_of(data) if "current_state" in data else _issue(data),))


def _issue(data: dict[str, Any]) -> Alert:
    issue, signal = reading.needed(data, "id", "issueId"), signal_of(reading.needed(data, "state"))
    signal = Signal.NOTICE if issue == TEST else signal
    policies, conditions = _words(data, "alertPolicyNames"), _words(data, "alertConditionNames")
    entities = _words(data, "impactedEntities")
    facts = {"policy": policies, "condition": conditions, "entity": entities}
    is_over = signal is Signal.RESOLVED
    ended = reading.first(data.get("closedAt"), data.get("updatedAt"))
    return Alert(
        identity=_identity(data) or issue,
        signal=signal,
        title=_words(data, "title") or f"{conditions or 'Issue'} on {entities or issue}",
        text=reading.facts(reading.labels_of(facts)),
        severity=reading.text(data.get("priority")),
        started_at=reading.instant(data.get("createdAt")) if signal is Signal.FIRING else None,
        ended_at=reading.instant(ended) if is_over else None,
        episode=issue,
        labels=reading.labels_of(facts),
        links=reading.links(Issue=data.get("issueUrl"), Runbook=_words(data, "runbookUrl")),
    )


def _identity(data: dict[str, Any]) -> str:
    """Nothing where one of both is missing: each of them alone would make one of many."""
    parts = [_first(data, CONDITIONS), _first(data, ENTITIES)]
    return "/".join(parts) if all(parts) else ""


def _first(data: dict[str, Any], names: tuple[str, ...]) -> str:
    told = (reading.inner(data, *name.split(".")) for name in names)
    return reading.first(*(one[0] if isinstance(one, list) and one else one for one in told))


def _words(data: dict[str, Any], name: str) -> str:
    """A text, or a list of them; New Relic gathers what an issue is about in lists."""
    value = data.get(name)
    if not isinstance(value, list):
        return reading.text(value)
    return ", ".join(words for one in value if (words := reading.text(one)))


BODY = (
    '{"id": {{json issueId}}, "issueUrl": {{json issuePageUrl}}, "state": {{json state}}, '
    '"title": {{json annotations.title.[0]}}, "priority": {{json priority}}, '
    '"createdAt": {{createdAt}}, "updatedAt": {{updatedAt}}, '
    '"impactedEntities": {{json entitiesData.names}}, '
    '"alertPolicyNames": {{json accumulations.policyName}}, '
    '"alertConditionNames": {{json accumulations.conditionName}}, '
    '"runbookUrl": {{json accumulations.runbookUrl}}, '
    '"conditionIds": {{json accumulations.conditionFamilyId}}, '
    '"entityIds": {{json entitiesData.ids}}}'
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
    "conditionIds": [4711],
    "entityIds": ["MXxBUE18QVBQ", "MXxBUE18UEFZ"],
}
_FACTS = {"policy": "Shop", "condition": "Error rate", "entity": "checkout, payment"}
_FIRING = Alert(
    identity="4711/MXxBUE18QVBQ",
    episode="5f2a2a2b-92b3-4be9-a9c9-2d1e6b5a7f10",
    signal=Signal.FIRING,
    title="The error rate of checkout is high",
    text="condition: Error rate\nentity: checkout, payment\npolicy: Shop",
    severity="CRITICAL",
    started_at=reading.instant(1795424400),
    labels=_FACTS,
    links=(Link("Issue", "https://radar-api.service.newrelic.com/accounts/1/issues/5f2a2a2b"),),
)


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
        f"In a workflow, notify that destination, with the payload {BODY}",
        "In the policy, let one issue be made per condition and signal.",
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
        _example(
            "the payload that New Relic proposes",
            {**_ISSUE, "conditionIds": None, "entityIds": None},
            _FIRING,
            identity=_FIRING.episode,
        ),
        _example(
            "a test notification",
            {**_ISSUE, "id": TEST},
            _FIRING,
            signal=Signal.NOTICE,
            episode=TEST,
            started_at=None,
        ),
        *new_relic_channels.EXAMPLES,
    ),
)
