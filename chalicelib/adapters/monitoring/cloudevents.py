"""CloudEvents 1.0 over HTTP: structured, batched and binary.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
What happened is told by `data.status`, or by the last word of the type: com.example.disk.resolved
ends what com.example.disk.failed began. What is no alert, such as com.example.order.created, is a
notice; event_words.py has the rule. The thing it is about is the source and the subject, or what
`data` names as the alert's own identity. A bad event of a batch does not spoil the others.
"""

import base64
import json
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from chalicelib.adapters.monitoring import reading, several
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.event_words import (
    IDENTITIES,
    SEVERITIES,
    family_of,
    signal_of,
)
from chalicelib.adapters.monitoring.source import Delivery, Example, Source, Unreadable
from chalicelib.domain.alerts import Alert, Link, Report, Signal

TITLES, TEXTS = ("title", "summary", "name"), ("description", "message", "text")
PLAIN_LABELS = ("host", "service", "site", "region", "environment", "team")


def parse(delivery: Delivery) -> Report:
    """A batch has no id of its own; each event of it is known by what it says."""
    events = _events(delivery)
    if len(events) > 1:
        return several.report_of(events, _alert, "The batch")
    return Report((_alert(events[0]),), message_id=f"{events[0]['source']} {events[0]['id']}")


def alert_of(kind: str, subject: str, data: dict[str, Any], at: Any) -> Alert:
    """The alert of an event of any tool; `subject` is what it is about, unless `data` knows.

    Raises Unreadable where neither says it.
    """
    signal = signal_of(kind, data)
    labels = reading.labels_of(data.get("labels")) | reading.labels_of(
        {name: data.get(name) for name in PLAIN_LABELS}
    )
    is_firing, is_over = signal is Signal.FIRING, signal is Signal.RESOLVED
    started, ended = (data.get(one) for one in ("started_at", "ended_at"))
    return Alert(
        identity=reading.first(*_of(data, IDENTITIES)) or _identity(subject, family_of(kind)),
        signal=signal,
        title=reading.first(*_of(data, TITLES), f"{kind} {subject}"),
        text=reading.lines(*_of(data, TEXTS), reading.facts(labels)),
        severity=reading.first(*_of(data, SEVERITIES)),
        started_at=reading.instant(reading.first(started, at)) if is_firing else None,
        ended_at=reading.instant(reading.first(ended, at)) if is_over else None,
        labels=labels | {"type": kind},
        links=reading.links(
            Runbook=data.get("runbook_url"),
            Dashboard=data.get("dashboard_url"),
            Source=reading.first(data.get("url"), data.get("link")),
        ),
    )


def _alert(told: Any) -> Alert:
    event = _checked(_with_data(reading.object_of(told, "It")))
    source, subject = reading.needed(event, "source"), reading.text(event.get("subject"))
    data = event.get("data")
    about = f"{source} {subject}" if subject else source
    found = data if isinstance(data, dict) else {"text": data}
    alert = alert_of(reading.needed(event, "type"), about, found, event.get("time"))
    more = reading.labels_of({"source": source, "subject": subject})
    return replace(alert, labels=dict(alert.labels) | more)


def _identity(subject: str, family: str) -> str:
    if not subject:
        raise Unreadable(f"It does not say what it is about: no subject, no {IDENTITIES[0]}.")
    return f"{subject} {family}".strip()


def _of(data: dict[str, Any], names: tuple[str, ...]) -> list[Any]:
    return [data.get(name) for name in names]


def _events(delivery: Delivery) -> list[Any]:
    """As they came; each is checked when it is read."""
    headers = delivery.headers
    if "ce-specversion" in headers and "cloudevents" not in headers.get("content-type", ""):
        return [{**_binary(headers), "data": _content(delivery.body)}]
    told = reading.json_of(delivery.body)
    events = told if isinstance(told, list) else [told]
    if not events:
        raise Unreadable("The batch is empty.")
    return events


def _binary(headers: Any) -> dict[str, Any]:
    named = {name: value for name, value in headers.items() if name.startswith("ce-")}
    return {name.removeprefix("ce-"): unquote(str(value)) for name, value in named.items()}


def _with_data(event: dict[str, Any]) -> dict[str, Any]:
    told = event.get("data_base64")
    if not isinstance(told, str):
        return event
    try:
        return {**event, "data": _content(base64.b64decode(told, validate=True))}
    except ValueError as error:
        raise Unreadable(f"Its data_base64 cannot be decoded: {error}.") from error


def _content(body: bytes) -> Any:
    """JSON, whatever its media type says, or else text."""
    try:
        return reading.json_of(body) if body.strip() else None
    except Unreadable:
        return body.decode("utf-8", "replace")


def _checked(event: dict[str, Any]) -> dict[str, Any]:
    version = reading.needed(event, "specversion")
    if version != "1.0":
        raise Unreadable(f"Its specversion is {version!r}; only 1.0 is understood.")
    reading.needed(event, "id")
    return event


_EVENT = {
    "specversion": "1.0", "id": "b1", "source": "/sensors/bonn", "subject": "room-2",
    "type": "com.example.cooling.failed", "time": "2026-11-23T09:00:00Z",
    "datacontenttype": "application/json",
    "data": {"title": "Room 2 is too warm", "message": "31 degrees", "severity": "critical",
             "site": "bonn", "url": "https://sensors.example/room-2"},
}  # fmt: skip
_FIRING = Alert(
    "/sensors/bonn room-2 com.example.cooling", Signal.FIRING, "Room 2 is too warm",
    "31 degrees\nsite: bonn", "critical",
    started_at=reading.instant("2026-11-23T09:00:00Z"),
    labels={"site": "bonn", "type": "com.example.cooling.failed", "source": "/sensors/bonn",
            "subject": "room-2"},
    links=(Link("Source", "https://sensors.example/room-2"),),
)  # fmt: skip
_OVER = {**_EVENT, "id": "b2", "type": "com.example.cooling.resolved", "data": None,
         "time": "2026-11-23T09:30:00Z"}  # fmt: skip
_RESOLVED = Alert(
    "/sensors/bonn room-2 com.example.cooling", Signal.RESOLVED,
    "com.example.cooling.resolved /sensors/bonn room-2",
    ended_at=reading.instant("2026-11-23T09:30:00Z"),
    labels={"type": "com.example.cooling.resolved", "source": "/sensors/bonn",
            "subject": "room-2"},
)  # fmt: skip
_ORDER = {"specversion": "1.0", "id": "o1", "source": "/shop", "type": "com.example.order.created"}
_NO_ALERT = Alert("/shop com.example.order", Signal.NOTICE, "com.example.order.created /shop",
                  labels={"type": "com.example.order.created", "source": "/shop"})  # fmt: skip
_BINARY = Delivery(
    b'{"status": "acknowledged", "alert_id": "cooling-2", "name": "Cooling"}',
    {"content-type": "application/json", "ce-specversion": "1.0", "ce-id": "b3",
     "ce-source": "/sensors/bonn", "ce-type": "com.example.cooling"},
)  # fmt: skip
_LABELS = {"type": "com.example.cooling", "source": "/sensors/bonn"}
_ACKNOWLEDGED = Alert("cooling-2", Signal.ACKNOWLEDGED, "Cooling", labels=_LABELS)
_KIND = {"content-type": "application/cloudevents+json"}
_BATCH = {"content-type": "application/cloudevents-batch+json"}
SOURCE = Source(
    id="cloudevents",
    title="CloudEvents",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS + " An access_token in the address counts as well.",
    set_up=(
        "Send events of CloudEvents 1.0 with POST to {url}, structured, batched or binary.",
        "Set the header Authorization to Bearer {secret}.",
        "Let the type end in a word such as failed or resolved, or say firing, acknowledged or "
        "resolved as `status` in the data. The subject names what it is about.",
        "An event with neither opens an incident only if its type has a word such as alert or "
        "incident, or its data a severity; com.example.order.created opens none.",
        "In the data, title, message, severity, labels and url are understood, too.",
    ),
    examples=(
        Example("a room that is too warm", Delivery(json.dumps(_EVENT).encode(), _KIND),
                Report((_FIRING,), message_id="/sensors/bonn b1")),
        Example("its end, without data", Delivery(json.dumps(_OVER).encode(), _KIND),
                Report((_RESOLVED,), message_id="/sensors/bonn b2")),
        Example("both in a batch", Delivery(json.dumps([_EVENT, _OVER]).encode(), _BATCH),
                Report((_FIRING, _RESOLVED))),
        Example("something bad in a batch",
                Delivery(json.dumps([_EVENT, {**_OVER, "type": None}]).encode(), _BATCH),
                Report((_FIRING,), note="1 of 2 could not be read. The batch/1: It has no type, "
                                        "so nobody knows what it is about.")),
        Example("no alert", Delivery(json.dumps(_ORDER).encode(), _KIND),
                Report((_NO_ALERT,), message_id="/shop o1")),
        Example("binary", _BINARY, Report((_ACKNOWLEDGED,), message_id="/sensors/bonn b3")),
    ),
)  # fmt: skip
