"""Opsgenie: its Alert API, for tools that report to it, and its own outgoing webhook.

https://docs.opsgenie.com/docs/alert-api and
https://support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data/
An alert is known by its alias; the ids that Opsgenie gives are not known here.
"""

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import by_address, credentials
from chalicelib.adapters.monitoring.source import Delivery, Example, Refused, Source, Unreadable
from chalicelib.domain.alerts import Alert, Report, Signal

API = "v2/alerts"
SIGNALS = {
    "create": Signal.FIRING,
    "close": Signal.RESOLVED,
    "delete": Signal.RESOLVED,
    "acknowledge": Signal.ACKNOWLEDGED,
}
NANOSECONDS = 10**17


def parse(delivery: Delivery) -> Report:
    data = reading.data_of(delivery) if delivery.body.strip() else {}
    if delivery.path == API:
        return Report((_alert(data, Signal.FIRING),))
    if delivery.path.startswith(API + "/"):
        return Report((_action(delivery, data),))
    return Report((_outgoing(data),))


def authenticate(delivery: Delivery, secrets: tuple[str, ...], now: datetime) -> None:
    """The API asks for its key, as Opsgenie does; a webhook may be without."""
    if delivery.path.startswith(API) and credentials(delivery) is None:
        raise Refused("It has no header Authorization with GenieKey and the secret.")
    by_address(delivery, secrets, now)


def answer(delivery: Delivery, delivery_id: str) -> dict[str, Any]:
    return {"result": "Request will be processed", "took": 0.0, "requestId": delivery_id}


def _alert(data: dict[str, Any], signal: Signal) -> Alert:
    title = reading.needed(data, "message")
    labels = reading.labels_of(data.get("tags")) | reading.labels_of(data.get("details"))
    facts = reading.labels_of({name: data.get(name) for name in ("entity", "source")})
    return Alert(
        identity=reading.text(data.get("alias")) or _made_of(data),
        signal=signal,
        title=title,
        text=reading.lines(data.get("description"), data.get("note"), reading.facts(labels)),
        severity=_priority(data.get("priority")),
        labels=labels | facts,
    )


def _action(delivery: Delivery, data: dict[str, Any]) -> Alert:
    """`v2/alerts/{alias}/close` and others; what changes an alert's texts is a notice."""
    alias, _, action = delivery.path.removeprefix(API + "/").rpartition("/")
    if delivery.query.get("identifierType") != "alias" or not reading.text(alias):
        raise Unreadable("It must name the alert by its alias, with identifierType=alias.")
    who, note = reading.text(data.get("user")), reading.text(data.get("note"))
    return Alert(
        identity=alias,
        signal=SIGNALS.get(action.casefold(), Signal.NOTICE),
        title=reading.first(data.get("message"), f"Alert {alias}"),
        text=f"{who}: {note}" if who and note else note,
        labels=reading.labels_of({"source": data.get("source")}),
    )


def _outgoing(data: dict[str, Any]) -> Alert:
    action = reading.needed(data, "action")
    said = reading.object_of(data.get("alert"), "/alert")
    signal = SIGNALS.get(action.casefold(), Signal.NOTICE)
    alert = _alert({**said, "alias": reading.needed(said, "alias", "alertId")}, signal)
    return replace(
        alert,
        episode=reading.text(said.get("alertId")),
        started_at=_instant(said.get("createdAt")) if signal is Signal.FIRING else None,
        ended_at=_instant(said.get("updatedAt")) if signal is Signal.RESOLVED else None,
    )


def _made_of(data: dict[str, Any]) -> str:
    """Opsgenie takes an alert without an alias for a new one each time; here it is told apart."""
    said = [reading.text(data.get(name)) for name in ("entity", "source", "message")]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def _priority(value: Any) -> str:
    words = reading.text(value)
    return f"P{words}" if words in {"1", "2", "3", "4", "5"} else words


def _instant(value: Any) -> datetime | None:
    """Opsgenie counts milliseconds when it creates, and nanoseconds when it updates."""
    is_fine = isinstance(value, int) and value >= NANOSECONDS
    return reading.instant(value // 10**6 if is_fine else value)


_CREATE = {
    "message": "The disk of db-1 is full", "alias": "disk/db-1", "description": "2 % are free.",
    "tags": ["disk", "service:shop"], "details": {"mount": "/var"}, "entity": "db-1",
    "source": "http://alertmanager.example", "priority": "P2",
}  # fmt: skip
_FIRING = Alert(
    identity="disk/db-1",
    signal=Signal.FIRING,
    title="The disk of db-1 is full",
    text="2 % are free.\ndisk: yes\nmount: /var\nservice: shop",
    severity="P2",
    labels={"disk": "yes", "service": "shop", "mount": "/var", "entity": "db-1",
            "source": "http://alertmanager.example"},
)  # fmt: skip
_BY_ALIAS = {"identifierType": "alias"}
_OVER = Alert(
    "disk/db-1", Signal.RESOLVED, "Alert disk/db-1", "Ada: cleaned up", labels={"source": "watcher"}
)
_ID = "052652ac-5d1c-464a-812a-7dd18bbfba8c"
_HOOK: dict[str, Any] = {
    "source": {"name": "web", "type": "API"},
    "alert": {
        "updatedAt": 1795424400166002000, "tags": ["tag1"], "teams": ["team1"], "priority": 1,
        "message": "The queue is stuck", "username": "ada@example.com", "alertId": _ID,
        "alias": "queue", "tinyId": "23", "createdAt": 1795424400104, "entity": "",
    },
    "action": "Create", "integrationId": "37c8f316-17c6", "integrationName": "Desk",
}  # fmt: skip
_HOOKED = Alert(
    identity="queue",
    signal=Signal.FIRING,
    title="The queue is stuck",
    text="tag1: yes",
    severity="P1",
    started_at=reading.instant(1795424400104),
    episode=_ID,
    labels={"tag1": "yes"},
)


def _example(name: str, path: str, body: dict[str, Any], alert: Alert) -> Example:
    query = {} if path in ("", API) else _BY_ALIAS
    return Example(name, Delivery(json.dumps(body).encode(), {}, query, path), Report((alert,)))


SOURCE = Source(
    id="opsgenie",
    title="Opsgenie",
    parse=parse,
    authenticate=authenticate,
    proof=(
        "For the Alert API, the secret as GenieKey in the Authorization header; for a webhook of "
        "Opsgenie, the key in the address, and the secret if it is sent."
    ),
    set_up=(
        "For a tool that reports to Opsgenie: replace https://api.opsgenie.com by {url}, and the "
        "API key by {secret}. Let it name alerts by their alias.",
        "For Opsgenie itself: add a Webhook integration with the URL {url} and a custom header "
        "Authorization with the value GenieKey {secret}.",
        "Let it send at least Create, Acknowledge and Close, with the alert payload.",
    ),
    examples=(
        _example("a full disk", API, _CREATE, _FIRING),
        _example("its end", f"{API}/disk/db-1/close",
                 {"source": "watcher", "user": "Ada", "note": "cleaned up"}, _OVER),
        _example("somebody takes care of it", f"{API}/disk/db-1/acknowledge", {},
                 Alert("disk/db-1", Signal.ACKNOWLEDGED, "Alert disk/db-1")),
        _example("a note", f"{API}/disk/db-1/notes", {"note": "still full"},
                 Alert("disk/db-1", Signal.NOTICE, "Alert disk/db-1", "still full")),
        _example("Opsgenie's own webhook", "", _HOOK, _HOOKED),
        _example(
            "Opsgenie's own webhook, at the end",
            "",
            {**_HOOK, "action": "Close"},
            replace(
                _HOOKED,
                signal=Signal.RESOLVED,
                started_at=None,
                ended_at=reading.instant(1795424400166),
            ),
        ),
        _example(
            "somebody adds a note in Opsgenie",
            "",
            {**_HOOK, "action": "AddNote"},
            replace(_HOOKED, signal=Signal.NOTICE, started_at=None),
        ),
    ),
    answer=answer,
    paths=("", API),
)  # fmt: skip
