"""Sentry: its integration platform, which signs, and the legacy webhook plugin, which does not.

https://docs.sentry.io/organization/integrations/integration-platform/webhooks/
Sentry counts an answer that takes more than a second as none, and gives up after a thousand.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import by_address, signed_hex
from chalicelib.adapters.monitoring.source import Delivery, Example, Source, Unreadable
from chalicelib.domain.alerts import Alert, Link, Report, Signal

ISSUE_ACTIONS = {
    "created": Signal.FIRING,
    "unresolved": Signal.FIRING,
    "resolved": Signal.RESOLVED,
    "assigned": Signal.ACKNOWLEDGED,
}
METRIC_ACTIONS = {
    "critical": Signal.FIRING,
    "warning": Signal.FIRING,
    "open": Signal.FIRING,
    "resolved": Signal.RESOLVED,
}
_SIGNED = signed_hex("sentry-hook-signature", always=True)


def parse(delivery: Delivery) -> Report:
    sent = reading.data_of(delivery)
    number = delivery.headers.get("request-id", "")
    if "data" not in sent and "installation" not in sent:
        return Report((_legacy(sent),))
    data, action = sent.get("data"), reading.text(sent.get("action"))
    for name, read in _readers():
        if isinstance(reading.inner(data, name), dict):
            return Report((read(reading.inner(data, name), action),), message_id=number)
    kind = delivery.headers.get("sentry-hook-resource", "something else")
    return Report(message_id=number, note=f"It is no alert: {kind} {action}".strip() + ".")


def _readers() -> tuple[tuple[str, Callable[[dict[str, Any], str], Alert]], ...]:
    return (("metric_alert", _metric), ("event", _event), ("error", _event), ("issue", _issue))


def authenticate(delivery: Delivery, secrets: tuple[str, ...], now: datetime) -> None:
    """What comes from the integration platform is signed; only the legacy plugin's is not."""
    is_plain = not any(name.startswith("sentry-hook-") for name in delivery.headers)
    may_be = delivery.options.get("requires") != "signature"
    if is_plain and may_be and _is_legacy(delivery):
        return by_address(delivery, secrets, now)
    return _SIGNED(delivery, secrets, now)


def _is_legacy(delivery: Delivery) -> bool:
    try:
        data = reading.data_of(delivery)
    except Unreadable:
        return True
    return "data" not in data and "installation" not in data


def _issue(issue: dict[str, Any], action: str) -> Alert:
    """One that comes back has no start: it was first seen before it was resolved."""
    found = _alert(
        reading.needed(issue, "id"),
        ISSUE_ACTIONS.get(action, Signal.NOTICE),
        issue,
        reading.first(issue.get("web_url"), issue.get("permalink")),
    )
    return replace(found, started_at=None) if action == "unresolved" else found


def _event(event: dict[str, Any], action: str) -> Alert:
    """An event of an issue: one that an alert rule is for, or any error."""
    number = reading.needed(event, "issue_id", "groupID", "issue.id")
    return _alert(number, Signal.FIRING, event, event.get("web_url"))


def _metric(alert: dict[str, Any], action: str) -> Alert:
    number = reading.needed(alert, "id", "identifier")
    rule = reading.inner(alert, "alert_rule")
    found = _alert(
        f"metric/{reading.first(reading.inner(rule, 'id'), number)}",
        METRIC_ACTIONS.get(action, Signal.NOTICE),
        alert,
        alert.get("web_url"),
    )
    title = reading.first(alert.get("title"), reading.inner(rule, "name"), f"Metric {number}")
    return replace(found, title=title, severity=action, episode=number)


def _legacy(data: dict[str, Any]) -> Alert:
    return _alert(reading.needed(data, "id"), Signal.FIRING, data, data.get("url"))


def _alert(identity: str, signal: Signal, data: dict[str, Any], href: Any) -> Alert:
    project = data.get("project")
    about = {
        "project": project.get("slug") if isinstance(project, dict) else project,
        "culprit": data.get("culprit"),
        "environment": data.get("environment"),
        "platform": data.get("platform"),
    }
    labels = reading.labels_of(about)
    first_seen = reading.first(data.get("firstSeen"), data.get("date_started"))
    return Alert(
        identity=identity,
        signal=signal,
        title=reading.first(data.get("title"), data.get("message"), f"Issue {identity}"),
        text=reading.lines(
            reading.inner(data, "metadata", "value"), data.get("description"), reading.facts(labels)
        ),
        severity=reading.text(data.get("level")),
        started_at=reading.instant(first_seen) if signal is Signal.FIRING else None,
        labels=labels,
        links=reading.links(Sentry=href),
    )


_ISSUE = {
    "id": "4017",
    "title": "KeyError: cart",
    "culprit": "shop.views.pay",
    "level": "error",
    "project": {"id": "1", "slug": "shop"},
    "metadata": {"type": "KeyError", "value": "cart"},
    "web_url": "https://sentry.example/issues/4017/",
}
_FIRING = Alert(
    identity="4017",
    signal=Signal.FIRING,
    title="KeyError: cart",
    text="cart\nculprit: shop.views.pay\nproject: shop",
    severity="error",
    labels={"project": "shop", "culprit": "shop.views.pay"},
    links=(Link("Sentry", "https://sentry.example/issues/4017/"),),
)
_METRIC = {
    "id": "77",
    "title": "Checkout is slow",
    "alert_rule": {"id": 5, "name": "Slow"},
    "date_started": "2026-11-23T09:00:00Z",
    "web_url": "https://sentry.example/alerts/77/",
}
_SLOW = Alert(
    identity="metric/5",
    signal=Signal.FIRING,
    title="Checkout is slow",
    severity="critical",
    started_at=reading.instant("2026-11-23T09:00:00Z"),
    episode="77",
    links=(Link("Sentry", "https://sentry.example/alerts/77/"),),
)
_LEGACY = {"project": "shop", "culprit": "shop.views.pay", "level": "fatal", "message": "It broke",
           "url": "https://sentry.example/issues/9/", "id": "9"}  # fmt: skip


def _example(name: str, kind: str, action: str, alert: Alert, **data: Any) -> Example:
    body = {"action": action, "data": data, "installation": {"uuid": "i1"}, "actor": {"id": "1"}}
    headers = {"sentry-hook-resource": kind, "request-id": "r1"}
    delivery = Delivery(json.dumps(body).encode(), headers)
    return Example(name, delivery, Report((alert,), message_id="r1"))


SOURCE = Source(
    id="sentry",
    title="Sentry",
    parse=parse,
    authenticate=authenticate,
    proof=(
        "A signature over the body with the client secret of Sentry's integration, always; the "
        "legacy plugin, which cannot sign, by the key in the address."
    ),
    set_up=(
        "In Settings, Developer Settings, create an internal integration with the webhook {url}.",
        "Let it read issues and alerts, and tick the issue and metric alert webhooks.",
        "Paste the client secret that Sentry shows into the integration here.",
    ),
    examples=(
        _example("an error", "issue", "created", _FIRING, issue=_ISSUE),
        _example("its end", "issue", "resolved", replace(_FIRING, signal=Signal.RESOLVED),
                 issue=_ISSUE),
        _example("an error that a rule is for", "event_alert", "triggered", _FIRING,
                 event={**_ISSUE, "id": None, "issue_id": "4017", "event_id": "e1"}),
        _example("any error", "error", "created", _FIRING,
                 error={**_ISSUE, "id": "e1", "issue_id": "4017"}),
        _example("an error that comes back", "issue", "unresolved", _FIRING,
                 issue={**_ISSUE, "firstSeen": "2026-11-01T09:00:00Z"}),
        _example("a slow checkout", "metric_alert", "critical", _SLOW, metric_alert=_METRIC),
        _example("which is fast again", "metric_alert", "resolved",
                 replace(_SLOW, signal=Signal.RESOLVED, severity="resolved", started_at=None),
                 metric_alert=_METRIC),
        Example("the legacy plugin", Delivery(json.dumps(_LEGACY).encode()),
                Report((Alert("9", Signal.FIRING, "It broke",
                              "culprit: shop.views.pay\nproject: shop", "fatal",
                              labels={"project": "shop", "culprit": "shop.views.pay"},
                              links=(Link("Sentry", "https://sentry.example/issues/9/"),)),))),
        Example("the news of an installation",
                Delivery(b'{"action": "created", "data": {}, "installation": {}}',
                         {"sentry-hook-resource": "installation", "request-id": "r2"}),
                Report(message_id="r2", note="It is no alert: installation created.")),
    ),
)  # fmt: skip
