"""PagerDuty's Events API v2, as the shape in which many tools can already report.

https://developer.pagerduty.com/docs/events-api-v2-overview
A trigger without a `dedup_key` is told apart by what it says of itself, its summary among it. The
answer carries that key, as PagerDuty's does, so its sender can resolve it.
"""

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import by_address, check_same
from chalicelib.adapters.monitoring.source import Delivery, Example, Source, Unreadable
from chalicelib.domain.alerts import Alert, Link, Report, Signal

SIGNALS = {
    "trigger": Signal.FIRING,
    "acknowledge": Signal.ACKNOWLEDGED,
    "resolve": Signal.RESOLVED,
}
FACTS = ("source", "component", "group", "class")
LONGEST_LABEL = 200


def parse(delivery: Delivery) -> Report:
    data = reading.data_of(delivery)
    action = reading.needed(data, "event_action")
    signal = SIGNALS.get(action.casefold())
    if signal is None:
        raise Unreadable(f"Its event_action is {action!r}; there are {', '.join(SIGNALS)}.")
    return Report((_alert(data, signal),))


def authenticate(delivery: Delivery, secrets: tuple[str, ...], now: datetime) -> None:
    """By the body's routing_key; what is no event passes by its address, to be kept and shown."""
    try:
        data = reading.data_of(delivery)
    except Unreadable:
        return by_address(delivery, secrets, now)
    key = reading.text(data.get("routing_key"))
    return check_same(key, secrets, "The routing_key is missing, or not this integration's.")


def answer(delivery: Delivery, delivery_id: str) -> dict[str, Any]:
    try:
        key = _key(reading.data_of(delivery))
    except Unreadable:
        key = delivery_id
    return {"status": "success", "message": "Event processed", "dedup_key": key}


def _alert(data: dict[str, Any], signal: Signal) -> Alert:
    said = data.get("payload")
    details = reading.inner(said, "custom_details")
    key, at = _key(data), reading.instant(reading.inner(said, "timestamp"))
    return Alert(
        identity=key,
        signal=signal,
        title=reading.first(reading.inner(said, "summary"), f"Alert {key}"),
        text=_lines(details),
        severity=reading.text(reading.inner(said, "severity")),
        started_at=at if signal is Signal.FIRING else None,
        ended_at=at if signal is Signal.RESOLVED else None,
        labels=_labels(said, details) | reading.labels_of({"client": data.get("client")}),
        links=_links(data),
    )


def _key(data: dict[str, Any]) -> str:
    """Only a trigger may come without a key. Raises Unreadable."""
    told = reading.text(data.get("dedup_key"))
    if told or data.get("event_action") != "trigger":
        return told or reading.needed(data, "dedup_key")
    reading.needed(data, "payload.summary")
    said = [reading.text(reading.inner(data, "payload", name)) for name in (*FACTS, "summary")]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def _lines(details: Any) -> str:
    """Details are an object as a rule, but may be a text or a list."""
    if not isinstance(details, dict):
        return reading.text(details)
    return "\n".join(f"{name}: {words}" for name, words in reading.labels_of(details).items())


def _labels(said: Any, details: Any) -> dict[str, str]:
    short = {
        name: words
        for name, words in reading.labels_of(details if isinstance(details, dict) else {}).items()
        if len(words) <= LONGEST_LABEL and "\n" not in words
    }
    return short | reading.labels_of({name: reading.inner(said, name) for name in FACTS})


def _links(data: dict[str, Any]) -> tuple[Link, ...]:
    given = [
        *((one, "text", "Link") for one in _list(data.get("links"))),
        *((one, "alt", "Image") for one in _list(data.get("images"))),
    ]
    found = [
        Link(reading.first(one.get(name), otherwise), reading.first(one.get("href")))
        for one, name, otherwise in given
        if reading.is_web(reading.text(one.get("href")))
    ]
    return (*found, *reading.links(Client=data.get("client_url")))


def _list(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


_PLAIN = {
    "routing_key": "R0UTINGKEYR0UTINGKEYR0UTINGKEY00",
    "event_action": "trigger", "dedup_key": "db-1/disk",
    "payload": {
        "summary": "The disk of db-1 is full", "source": "db-1.example.com",
        "severity": "critical", "timestamp": "2026-11-23T09:00:00.000+0000",
        "component": "postgres", "group": "databases", "class": "disk",
        "custom_details": {"free": "2 %", "mount": "/var"},
    },
    "links": [{"href": "https://wiki.example/disk", "text": "Runbook"}, {"text": "no address"}],
    "images": [{"src": "https://img.example/1.png", "href": "https://img.example/", "alt": "Disk"}],
    "client": "Watcher", "client_url": "https://watcher.example/",
}  # fmt: skip
_FIRING = Alert(
    "db-1/disk", Signal.FIRING, "The disk of db-1 is full", "free: 2 %\nmount: /var", "critical",
    started_at=reading.instant("2026-11-23T09:00:00Z"),
    labels={
        "free": "2 %", "mount": "/var", "source": "db-1.example.com", "component": "postgres",
        "group": "databases", "class": "disk", "client": "Watcher",
    },
    links=(
        Link("Runbook", "https://wiki.example/disk"),
        Link("Disk", "https://img.example/"),
        Link("Client", "https://watcher.example/"),
    ),
)  # fmt: skip
_BARE = {"routing_key": _PLAIN["routing_key"], "dedup_key": "db-1/disk"}
_ALERTMANAGER = {
    "routing_key": _PLAIN["routing_key"],
    "event_action": "trigger", "dedup_key": "0f2a4d4a1b5ed0d7b5fb8c3a4c3c6c9ad4e8c1f5b1f0c4f0",
    "payload": {
        "summary": "[FIRING:1] DiskFull (db-1)", "source": "Alertmanager", "severity": "error",
        "custom_details": {"firing": "Labels:\n - alertname = DiskFull\n", "num_firing": "1",
                           "num_resolved": "0", "resolved": ""},
    },
    "client": "Alertmanager", "client_url": "http://alertmanager.example/#/alerts",
}  # fmt: skip
_BY_ALERTMANAGER = Alert(
    str(_ALERTMANAGER["dedup_key"]), Signal.FIRING, "[FIRING:1] DiskFull (db-1)",
    "firing: Labels:\n - alertname = DiskFull\nnum_firing: 1\nnum_resolved: 0", "error",
    labels={"num_firing": "1", "num_resolved": "0", "source": "Alertmanager",
            "client": "Alertmanager"},
    links=(Link("Client", "http://alertmanager.example/#/alerts"),),
)  # fmt: skip
_KEYLESS = {
    "event_action": "trigger",
    "payload": {"summary": "Backup failed", "source": "nas", "severity": "warning",
                "custom_details": "exit code 2"},
}  # fmt: skip


def _example(name: str, body: dict[str, Any], alert: Alert) -> Example:
    delivery = Delivery(json.dumps(body).encode(), path="v2/enqueue")
    return Example(name, delivery, Report((alert,)))


_BARE_ALERT = Alert("db-1/disk", Signal.RESOLVED, "Alert db-1/disk")
SOURCE = Source(
    id="pagerduty",
    title="PagerDuty Events API v2",
    parse=parse,
    authenticate=authenticate,
    proof="The `routing_key` in the body must be the secret.",
    set_up=(
        "In the tool that reports to PagerDuty, replace the address of its Events API, "
        "https://events.pagerduty.com/v2/enqueue, by {url}/v2/enqueue.",
        "Set the integration key, or routing key, to {secret}.",
        "In alertmanager.yml, these are `url` and `routing_key` below `pagerduty_configs`.",
    ),
    examples=(
        _example("a full disk", _PLAIN, _FIRING),
        _example("its end", {**_BARE, "event_action": "resolve"}, _BARE_ALERT),
        _example("somebody takes care of it", {**_BARE, "event_action": "acknowledge"},
                 replace(_BARE_ALERT, signal=Signal.ACKNOWLEDGED)),
        _example("Alertmanager tells it", _ALERTMANAGER, _BY_ALERTMANAGER),
        _example("Alertmanager tells its end", {**_ALERTMANAGER, "event_action": "resolve"},
                 replace(_BY_ALERTMANAGER, signal=Signal.RESOLVED)),
        _example("no key, and details that are a text", _KEYLESS,
                 Alert(_key(_KEYLESS), Signal.FIRING, "Backup failed", "exit code 2", "warning",
                       labels={"source": "nas"})),
    ),
    answer=answer,
    paths=("v2/enqueue", ""),
)  # fmt: skip
