"""Icinga 2: what its notification command sends (docs/monitoring/icinga.md).

https://icinga.com/docs/icinga-2/latest/doc/03-monitoring-basics/#notifications
It has no number of a problem. The last change of the state is the start of a problem, or its end.
Output has lines, quotes and markup, and now and then is still that of the state before.
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.nagios import (
    FLAPS,
    is_good,
    said_by,
    signals_of,
    state_of,
    title_of,
)
from chalicelib.adapters.monitoring.source import Delivery, Example, Source
from chalicelib.domain.alerts import Alert, Link, Report, Signal

LABELS = {
    "host": "HOST_NAME",
    "service": "SERVICE_NAME",
    "address": "HOST_ADDRESS",
    "site": "SITE",
    "zone": "ZONE",
}


def parse(delivery: Delivery) -> Report:
    sent = reading.data_of(delivery)
    data = {name.removeprefix("ICINGA_"): value for name, value in sent.items()}
    kind = reading.needed(data, "NOTIFICATION_TYPE")
    signals = signals_of(kind, reading.text(data.get("STATE")))
    alerts = tuple(_alert(data, signal) for signal in signals)
    return Report(alerts, message_id=reading.text(data.get("delivery_id")))


def _alert(data: dict[str, Any], signal: Signal) -> Alert:
    host, service = reading.needed(data, "HOST_NAME"), reading.text(data.get("SERVICE_NAME"))
    state = state_of(signal, reading.text(data.get("STATE")))
    is_problem = signal is Signal.FIRING and state != FLAPS
    changed_at = reading.instant(data.get("LAST_STATE_CHANGE"))
    return Alert(
        identity=f"{host}!{service}" if service else host,
        signal=signal,
        title=title_of(
            reading.first(data.get("HOST_DISPLAY_NAME"), host),
            service and reading.first(data.get("SERVICE_DISPLAY_NAME"), service),
            state,
        ),
        text=reading.lines(
            said_by(data.get("NOTIFICATION_AUTHOR"), data.get("NOTIFICATION_COMMENT")),
            data.get("OUTPUT"),
        ),
        severity="" if is_good(state) else state,
        started_at=changed_at if is_problem else None,
        ended_at=changed_at if signal is Signal.RESOLVED else None,
        labels=reading.labels_of({name: data.get(field) for name, field in LABELS.items()}),
        links=reading.links(Runbook=data.get("NOTES_URL"), Action=data.get("ACTION_URL")),
    )


_PROBLEM = {
    "NOTIFICATION_TYPE": "PROBLEM",
    "HOST_NAME": "web-1",
    "HOST_DISPLAY_NAME": "Web 1",
    "HOST_ADDRESS": "192.0.2.21",
    "SERVICE_NAME": "http",
    "SERVICE_DISPLAY_NAME": "HTTP",
    "STATE": "CRITICAL",
    "OUTPUT": 'HTTP CRITICAL: <a href="/">500</a>\nC:\\logs\\web',
    "LAST_STATE_CHANGE": "1795424400.125",
    "NOTES_URL": "https://wiki.example/http",
    "delivery_id": "0d9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c",
    "time": 1795424401,
}
_OVER = {
    **_PROBLEM,
    "NOTIFICATION_TYPE": "RECOVERY",
    "STATE": "OK",
    "OUTPUT": "HTTP OK: 200",
    "LAST_STATE_CHANGE": "1795424700.5",
}
_FIRING = Alert(
    identity="web-1!http",
    signal=Signal.FIRING,
    title="HTTP on Web 1 is CRITICAL",
    text='HTTP CRITICAL: <a href="/">500</a>\nC:\\logs\\web',
    severity="CRITICAL",
    started_at=reading.instant("1795424400.125"),
    labels={"host": "web-1", "service": "http", "address": "192.0.2.21"},
    links=(Link("Runbook", "https://wiki.example/http"),),
)
_RESOLVED = replace(
    _FIRING,
    signal=Signal.RESOLVED,
    title="HTTP on Web 1 is OK",
    text="HTTP OK: 200",
    severity="",
    started_at=None,
    ended_at=reading.instant("1795424700.5"),
)
_QUIET = replace(_FIRING, started_at=None)
_HOST = {
    "NOTIFICATION_TYPE": "PROBLEM",
    "HOST_NAME": "web-1",
    "SERVICE_NAME": "$service.name$",
    "STATE": "DOWN",
    "OUTPUT": "PING CRITICAL",
}
_DOWN = Alert(
    identity="web-1",
    signal=Signal.FIRING,
    title="web-1 is DOWN",
    text="PING CRITICAL",
    severity="DOWN",
    labels={"host": "web-1"},
)


def _example(name: str, data: dict[str, Any], *alerts: Alert) -> Example:
    body = json.dumps(data).encode()
    return Example(name, Delivery(body), Report(alerts, message_id=data.get("delivery_id", "")))


SOURCE = Source(
    id="icinga",
    title="Icinga 2",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS,
    set_up=(
        "Copy docs/monitoring/tierline-notify.py to /usr/local/bin on the Icinga server.",
        "Write TIERLINE_URL={url} and TIERLINE_SECRET={secret} into /etc/tierline-notify.conf.",
        "Put the configuration of docs/monitoring/icinga.md into conf.d/tierline.conf.",
        "Check it with `icinga2 daemon -C`, and reload Icinga.",
    ),
    examples=(
        _example("a page that fails", _PROBLEM, _FIRING),
        _example("its end", _OVER, _RESOLVED),
        _example("a host that is down", _HOST, _DOWN),
        _example(
            "somebody takes care of it",
            _PROBLEM | {"NOTIFICATION_TYPE": "ACKNOWLEDGEMENT", "NOTIFICATION_COMMENT": "on it"},
            replace(_QUIET, signal=Signal.ACKNOWLEDGED, text="on it\n" + _FIRING.text),
        ),
        _example(
            "it flaps",
            _PROBLEM | {"NOTIFICATION_TYPE": "FLAPPINGSTART"},
            _FIRING,
            replace(_QUIET, signal=Signal.FLAPPING),
        ),
        _example(
            "it flaps no more, and is well",
            _OVER | {"NOTIFICATION_TYPE": "FLAPPINGEND"},
            replace(_RESOLVED, signal=Signal.STEADY, ended_at=None),
            _RESOLVED,
        ),
        _example(
            "a downtime begins",
            _PROBLEM | {"NOTIFICATION_TYPE": "DOWNTIMESTART"},
            replace(_QUIET, signal=Signal.NOTICE),
        ),
    ),
    repeats_within=1800,
)
