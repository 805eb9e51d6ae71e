"""Datadog's webhooks. Their body is a template of one's own; ours is BODY.

https://docs.datadoghq.com/integrations/webhooks/
A monitor and its scope are the identity, the key of the alert's cycle names the episode. The body
that Datadog proposes tells neither, and only a title, so it cannot be read.
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.source import Delivery, Example, Source, Unreadable
from chalicelib.domain.alerts import Alert, Link, Report, Signal

VARIABLES = (
    "ID", "DATE", "ALERT_ID", "ALERT_SCOPE", "ALERT_CYCLE_KEY", "AGGREG_KEY", "ALERT_TRANSITION",
    "ALERT_TYPE", "ALERT_PRIORITY", "ALERT_TITLE", "TEXT_ONLY_MSG", "HOSTNAME", "TAGS", "LINK",
)  # fmt: skip
BODY = json.dumps({name.lower(): f"${name}" for name in VARIABLES})
SIGNALS = {
    "triggered": Signal.FIRING,
    "warn": Signal.FIRING,
    "no data": Signal.FIRING,
    "renotify": Signal.FIRING,
    "recovered": Signal.RESOLVED,
}
TYPES = {"error": Signal.FIRING, "warning": Signal.FIRING, "success": Signal.RESOLVED}


def parse(delivery: Delivery) -> Report:
    data = {_plain(name): value for name, value in reading.data_of(delivery).items()}
    signal = _signal(data)
    at = reading.instant(data.get("date"))
    labels = _tags(data.get("tags"))
    alert = Alert(
        identity=_identity(data),
        signal=signal,
        title=reading.first(data.get("alerttitle"), data.get("eventtitle"), data.get("title"))
        or reading.needed(data, "alertid", "aggregkey"),
        text=reading.first(*(data.get(one) for one in ("textonlymsg", "eventmsg", "body"))),
        severity=_severity(data),
        started_at=at if signal is Signal.FIRING else None,
        ended_at=at if signal is Signal.RESOLVED else None,
        episode=reading.text(data.get("alertcyclekey")),
        labels=labels | reading.labels_of({"host": data.get("hostname")}),
        links=reading.links(Datadog=data.get("link")),
    )
    return Report((alert,), message_id=reading.text(data.get("id")))


def _plain(name: str) -> str:
    """Bodies that others proposed spell the variables as alertId, ALERT_ID or alert_id."""
    return name.casefold().replace("_", "").replace("-", "")


def _identity(data: dict[str, Any]) -> str:
    scope = reading.text(data.get("alertscope")).split(",")
    where = ",".join(sorted(one.strip() for one in scope if one.strip()))
    monitor = reading.text(data.get("alertid"))
    if monitor:
        return f"{monitor}|{where}" if where else monitor
    told = reading.first(data.get("aggregkey"), data.get("alertcyclekey"))
    if not told:
        raise Unreadable("It has no alert_id: set the webhook's payload as the set-up says.")
    return told


def _signal(data: dict[str, Any]) -> Signal:
    """Re-Triggered is Triggered, told again; without a transition, the type says what it is."""
    told = reading.text(data.get("alerttransition"))
    signal = SIGNALS.get(told.casefold().removeprefix("re-"))
    if signal is not None:
        return signal
    kind = reading.first(data.get("alerttype"))
    if not kind:
        raise Unreadable(f"Its alert_transition is {told!r}, and it has no alert_type.")
    return TYPES.get(kind.casefold(), Signal.NOTICE)


def _severity(data: dict[str, Any]) -> str:
    """Priorities are optional; what only warns is told by the transition."""
    warns = "warn" in reading.text(data.get("alerttransition")).casefold()
    return reading.text(data.get("alertpriority")) or ("warning" if warns else "")


def _tags(value: Any) -> dict[str, str]:
    words = value.split(",") if isinstance(value, str) and reading.text(value) else value
    return reading.labels_of(words)


_BODY = {
    "id": "7716548234011234567",
    "date": "1795424400000",
    "alert_id": "148275309",
    "alert_scope": "host:web-1,env:prod",
    "alert_cycle_key": "7716548230001112223",
    "aggreg_key": "9bd4ac313a4d1e8fae2482df7b77628",
    "alert_transition": "Triggered",
    "alert_type": "error",
    "alert_priority": "P2",
    "alert_title": "The load of web-1 is high",
    "text_only_msg": "Over 4 for five minutes.",
    "hostname": "web-1",
    "tags": "env:prod,service:shop,monitor",
    "link": "https://app.datadoghq.com/monitors/148275309",
}
_FIRING = Alert(
    identity="148275309|env:prod,host:web-1",
    signal=Signal.FIRING,
    title="The load of web-1 is high",
    text="Over 4 for five minutes.",
    severity="P2",
    started_at=reading.instant(1795424400),
    episode="7716548230001112223",
    labels={"env": "prod", "service": "shop", "monitor": "yes", "host": "web-1"},
    links=(Link("Datadog", "https://app.datadoghq.com/monitors/148275309"),),
)


def _example(name: str, alert: Alert, **other: Any) -> Example:
    report = Report((alert,), message_id="7716548234011234567")
    return Example(name, Delivery(json.dumps({**_BODY, **other}).encode()), report)


_UNRESOLVED = {"alert_priority": "$ALERT_PRIORITY", "hostname": "", "link": "$LINK", "tags": ""}
SOURCE = Source(
    id="datadog",
    title="Datadog",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS,
    set_up=(
        "In Datadog's Webhooks integration, add a webhook with the URL {url}.",
        f"Its payload is {BODY}",
        'Its custom headers are {"Authorization": "Bearer {secret}"}. Leave Encode as form off.',
        "In each monitor's message, name @webhook- and the webhook's name, for recoveries too.",
    ),
    examples=(
        _example("a high load", _FIRING),
        _example(
            "its end, with the scope in another order",
            replace(
                _FIRING,
                signal=Signal.RESOLVED,
                started_at=None,
                ended_at=reading.instant(1795426200),
            ),
            alert_transition="Recovered",
            alert_type="success",
            alert_scope="env:prod, host:web-1",
            date=1795426200000,
        ),
        _example("it goes on", _FIRING, alert_transition="Re-Triggered"),
        _example(
            "it only warns, and variables are not filled in",
            replace(_FIRING, severity="warning", labels={}, links=()),
            alert_transition="Warn",
            **_UNRESOLVED,
        ),
        _example(
            "an event that is no alert",
            replace(_FIRING, signal=Signal.NOTICE, started_at=None),
            alert_transition="",
            alert_type="info",
        ),
    ),
)
