"""Elastic: Kibana's webhook connector, with the bodies that our set-up gives it; and ElastAlert's.

https://www.elastic.co/docs/reference/kibana/connectors-kibana/webhook-action-type
Kibana tells of a recovery only where a second action of the rule does so. Without an action group
and a state it is a problem, for a lost one is worse than one too many. A placeholder that was not
filled in is no name, and tells neither a problem nor its end: such a body is kept as unreadable.
"""

import json
import re
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.source import Delivery, Example, Source, Unreadable
from chalicelib.domain.alerts import Alert, Report, Signal

OVER = frozenset({"recovered", "resolved", "ok"})
PLACEHOLDER = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def parse(delivery: Delivery) -> Report:
    data = reading.data_of(delivery)
    return Report((_elastalert(data) if "alert_uid" in data else _kibana(data),))


def _kibana(data: dict[str, Any]) -> Alert:
    rule = _named(reading.needed(data, "rule.id", "rule_id"), "rule.id")
    alert = _named(_told(data, "alert", "id"), "alert.id")
    signal = _signal(_told(data, "alert", "actionGroup"), data.get("state"))
    name = reading.first(_of(data, "rule", "name"), f"Rule {rule}")
    at = reading.instant(data.get("date"))
    return Alert(
        identity=f"{rule}/{alert}" if alert else rule,
        signal=signal,
        title=name if alert in ("", "query matched", rule) else f"{name}: {alert}",
        text=reading.lines(data.get("message"), data.get("reason")),
        severity=reading.text(data.get("severity")),
        started_at=at if signal is Signal.FIRING else None,
        ended_at=at if signal is Signal.RESOLVED else None,
        episode=_of(data, "alert", "uuid"),
        labels=reading.labels_of(_tags(data)),
        links=reading.links(Rule=_of(data, "rule", "url")),
    )


def _elastalert(data: dict[str, Any]) -> Alert:
    return Alert(
        identity=_named(reading.needed(data, "alert_uid"), "alert_uid"),
        signal=_signal(data.get("state")),
        title=reading.first(data.get("title"), data.get("message"), "Alert"),
        text=reading.text(data.get("message")),
        severity=reading.text(data.get("severity")),
        labels=reading.labels_of(data.get("labels")),
        links=reading.links(Source=data.get("link_to_upstream_details")),
    )


def _signal(*told: Any) -> Signal:
    state = reading.first(*told)
    if not state and (left := next((one for one in told if _is_placeholder(one)), "")):
        raise Unreadable(f"{left} is a placeholder, so nobody knows if it began or ended.")
    return Signal.RESOLVED if state.casefold() in OVER else Signal.FIRING


def _named(told: Any, what: str) -> str:
    """An id. One that was not filled in would be the same for all."""
    if _is_placeholder(told):
        raise Unreadable(f"Its {what} is a placeholder, {told}, so nobody knows what it is about.")
    return reading.text(told)


def _is_placeholder(told: Any) -> bool:
    return isinstance(told, str) and PLACEHOLDER.search(told) is not None


def _told(data: dict[str, Any], what: str, name: str) -> Any:
    """As it came, nested or not, even if it is a placeholder."""
    found = reading.inner(data, what, name)
    return data.get(f"{what}_{name}") if found in (None, "") else found


def _of(data: dict[str, Any], what: str, name: str) -> str:
    """Nested, or as `rule_id` where somebody wrote the body so."""
    return reading.first(reading.inner(data, what, name), data.get(f"{what}_{name}"))


def _tags(data: dict[str, Any]) -> Any:
    """A mustache template writes a list as words with commas between."""
    tags = data.get("tags") or reading.inner(data, "rule", "tags")
    return tags.split(",") if isinstance(tags, str) and reading.text(tags) else tags


BODY = (
    '{"rule": {"id": "{{rule.id}}", "name": "{{rule.name}}", "url": "{{rule.url}}"}, '
    '"alert": {"id": "{{alert.id}}", "uuid": "{{alert.uuid}}", '
    '"actionGroup": "{{alert.actionGroup}}"}, "date": "{{date}}", "tags": "{{rule.tags}}", '
    '"severity": "critical", "message": "{{context.reason}}"}'
)
_SENT = {
    "rule": {"id": "r1", "name": "Errors of the shop", "url": "https://kibana.example/rule/r1"},
    "alert": {"id": "web-1", "uuid": "u1", "actionGroup": "threshold met"},
    "date": "2026-11-23T09:00:00.000Z",
    "tags": "service:shop,night",
    "severity": "critical",
    "message": "17 errors in the last minute",
}
_FIRING = Alert(
    identity="r1/web-1",
    signal=Signal.FIRING,
    title="Errors of the shop: web-1",
    text="17 errors in the last minute",
    severity="critical",
    started_at=reading.instant("2026-11-23T09:00:00Z"),
    episode="u1",
    labels={"service": "shop", "night": "yes"},
    links=reading.links(Rule="https://kibana.example/rule/r1"),
)
_OVER = {**_SENT, "alert": {**_SENT["alert"], "actionGroup": "recovered"}}  # type: ignore[dict-item]
_UID = {"alert_uid": "e1", "title": "Too many logins", "message": "12 logins", "state": "alerting",
        "link_to_upstream_details": ""}  # fmt: skip

SOURCE = Source(
    id="elastic",
    title="Elastic (Kibana)",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS,
    set_up=(
        "Create a webhook connector with the method POST, the URL {url}, basic authentication with "
        "any user and the password {secret}, and the header `Content-Type: application/json`.",
        "In the rule, add an action for when it is active AND one for when it has recovered, each "
        "with this body:",
        BODY,
    ),
    examples=(
        Example("errors", Delivery(json.dumps(_SENT).encode()), Report((_FIRING,))),
        Example(
            "their end",
            Delivery(json.dumps(_OVER).encode()),
            Report((replace(_FIRING, signal=Signal.RESOLVED, started_at=None,
                            ended_at=_FIRING.started_at),)),
        ),
        Example(
            "ElastAlert",
            Delivery(json.dumps(_UID).encode()),
            Report((Alert("e1", Signal.FIRING, "Too many logins", "12 logins"),)),
        ),
    ),
)  # fmt: skip
