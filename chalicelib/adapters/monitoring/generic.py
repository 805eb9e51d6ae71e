"""Any JSON: read by the mapping that somebody filled in, or by the names that most tools use."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading, several
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, signed_hex
from chalicelib.adapters.monitoring.source import Delivery, Example, Source, Unreadable
from chalicelib.domain import alert_mapping
from chalicelib.domain.alerts import Alert, Report, Signal

# Without a mapping, the first of these names that an object has.
GUESSES = {
    "identity": ("dedup_key", "fingerprint", "key", "alert_id", "id", "name"),
    "title": ("title", "summary", "subject", "message", "name"),
    "text": ("description", "text", "details", "body"),
    "severity": ("severity", "priority", "level"),
    "status": ("status", "state", "event"),
    "started_at": ("started_at", "startsAt", "timestamp", "time"),
}
RESOLVED = (
    "resolved,ok,closed,recovered,recovery,up,normal,cleared,success,inactive,"
    "healthy,passed,fixed,ended,restored"
)
TESTS = frozenset({"test", "ping"})
LISTS = ("alerts", "events", "incidents", "items")


def parse(delivery: Delivery) -> Report:
    data, mapping = _body(delivery), delivery.options.get("mapping") or {}
    path = mapping.get("items") or "alerts"
    rows = _items(data, mapping)
    return several.report_of(rows, lambda one: alert_of(one, data, mapping), f"/{path}")


def alert_of(told: Any, body: Any, mapping: Mapping[str, Any]) -> Alert:
    """One alert, as the mapping says. Raises Unreadable where it has no identity."""
    item = reading.object_of(told, "It")
    identity, status = (
        _found("identity", item, body, mapping),
        _found("status", item, body, mapping),
    )
    if not identity:
        where = mapping.get("identity") or " or ".join(GUESSES["identity"])
        raise Unreadable(f"There is nothing at {where}, which says what the alert is about.")
    is_over = alert_mapping.is_resolved(mapping.get("resolved_when") or RESOLVED, status)
    at = reading.instant(_found("started_at", item, body, mapping))
    return Alert(
        identity=identity,
        signal=_signal(status, is_over, mapping),
        title=_found("title", item, body, mapping) or f"Alert {identity[:60]}",
        text=_found("text", item, body, mapping),
        severity=_found("severity", item, body, mapping),
        started_at=None if is_over else at,
        episode=_found("episode", item, body, mapping),
        labels=_labels(item, body, mapping),
    )


def _signal(status: str, is_over: bool, mapping: Mapping[str, Any]) -> Signal:
    """Without a mapping, what calls itself a test is none of both."""
    if not mapping and status.casefold() in TESTS:
        return Signal.NOTICE
    return Signal.RESOLVED if is_over else Signal.FIRING


def _body(delivery: Delivery) -> Any:
    """A list of alerts may come as it is."""
    if delivery.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"[":
        return reading.json_of(delivery.body)
    return reading.data_of(delivery)


def _items(data: Any, mapping: Mapping[str, Any]) -> list[Any]:
    path = mapping.get("items")
    if path:
        (found,) = alert_mapping.look_up(path, data, data)[:1]
        return reading.list_of(found, f"What is at {path}")
    if isinstance(data, list):
        return data
    named: list[Any] = next((data[one] for one in LISTS if isinstance(data.get(one), list)), [])
    holds_alerts = not mapping and any(isinstance(one, dict) for one in named)
    return named if holds_alerts else [data]


def _found(name: str, item: Any, body: Any, mapping: Mapping[str, Any]) -> str:
    if mapping.get(name):
        parts = alert_mapping.look_up(mapping[name], item, body)
        return "".join(map(_words, parts)).strip()
    if mapping and name in ("identity", "status"):  # whoever maps, maps these
        return ""
    return reading.first(*(reading.inner(item, one) for one in GUESSES.get(name, ())))


def _words(part: Any) -> str:
    """A constant keeps its spaces."""
    said = reading.text(part)
    return part if said and isinstance(part, str) else said


def _labels(item: Any, body: Any, mapping: Mapping[str, Any]) -> dict[str, str]:
    mapped = mapping.get("labels")
    if mapped:
        found = {name: alert_mapping.look_up(path, item, body) for name, path in mapped.items()}
        return reading.labels_of({n: reading.lines(*parts) for n, parts in found.items()})
    return reading.labels_of(reading.inner(item, "labels") or reading.inner(item, "tags"))


_SENT = {
    "id": "db-1/disk",
    "title": "Disk full on db-1",
    "description": "1 % is left.",
    "severity": "critical",
    "status": "firing",
    "started_at": "2026-11-23T09:00:00Z",
    "labels": {"service": "shop"},
}
_FIRING = Alert(
    identity="db-1/disk",
    signal=Signal.FIRING,
    title="Disk full on db-1",
    text="1 % is left.",
    severity="critical",
    started_at=reading.instant("2026-11-23T09:00:00Z"),
    labels={"service": "shop"},
)
_MAPPED = {
    "checks": [
        {"host": {"name": "web-1"}, "check": "http", "level": 2, "now": "bad"},
        {"host": {"name": "web-2"}, "check": "http", "level": 0, "now": "fine"},
    ],
    "site": "bonn",
}
_MAPPING = {
    "items": "checks",
    "identity": 'host.name + "/" + check',
    "title": 'check + " on " + host.name',
    "status": "now",
    "resolved_when": "fine",
    "labels": {"site": "$.site", "host": "host.name"},
}
_BAD = Alert("web-1/http", Signal.FIRING, "http on web-1",
             labels={"site": "bonn", "host": "web-1"}, severity="2")  # fmt: skip

SOURCE = Source(
    id="generic",
    title="Anything that sends JSON",
    parse=parse,
    authenticate=signed_hex("x-signature-256", "sha256="),
    proof=(
        BY_ADDRESS + " Or an HMAC-SHA256 signature over the body, as `sha256=` and hexadecimal "
        "digits in the header X-Signature-256; it can be asked for, and named otherwise."
    ),
    set_up=(
        "Let the tool POST its JSON to {url}.",
        "If it can send headers, add `Authorization: Bearer {secret}`.",
        "Send a test, look at what arrived, and fill in the mapping beside it.",
    ),
    examples=(
        Example("a full disk", Delivery(json.dumps(_SENT).encode()), Report((_FIRING,))),
        Example(
            "its end",
            Delivery(json.dumps({**_SENT, "status": "Resolved"}).encode()),
            Report((replace(_FIRING, signal=Signal.RESOLVED, started_at=None),)),
        ),
        Example(
            "checks of a site, mapped",
            Delivery(json.dumps(_MAPPED).encode(), options={"mapping": _MAPPING}),
            Report((
                _BAD,
                replace(_BAD, identity="web-2/http", signal=Signal.RESOLVED, severity="0",
                        title="http on web-2", labels={"site": "bonn", "host": "web-2"}),
            )),
        ),
    ),
)  # fmt: skip
