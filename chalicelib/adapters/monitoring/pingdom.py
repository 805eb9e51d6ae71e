"""Pingdom: its webhook integration, for uptime and transaction checks.

https://documentation.solarwinds.com/en/success_center/pingdom/content/topics/webhooks.htm
"""

import json
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.source import Delivery, Example, Source
from chalicelib.domain.alerts import Alert, Report, Signal

SIGNALS = {
    "DOWN": Signal.FIRING,
    "FAILING": Signal.FIRING,
    "UP": Signal.RESOLVED,
    "SUCCESS": Signal.RESOLVED,
}
IMPORTANCE = {"HIGH": "critical", "LOW": "warning"}


def parse(delivery: Delivery) -> Report:
    data = reading.data_of(delivery)
    number = reading.needed(data, "check_id", "check_name")
    name = reading.first(data.get("check_name"), f"Check {number}")
    signal = SIGNALS.get(reading.needed(data, "current_state").upper(), Signal.NOTICE)
    at = reading.instant(data.get("state_changed_timestamp"))
    return Report((
        Alert(
            identity=number,
            signal=signal,
            title=f"{name} is down" if signal is Signal.FIRING else name,
            text=reading.lines(data.get("long_description"), data.get("description"), _probe(data)),
            severity=IMPORTANCE.get(reading.text(data.get("importance_level")).upper(), ""),
            started_at=at if signal is Signal.FIRING else None,
            ended_at=at if signal is Signal.RESOLVED else None,
            labels={"check": name, **_host(data), **reading.labels_of(data.get("tags"))},
            links=reading.links(Monitored=reading.inner(data, "check_params", "full_url")),
        ),
    ))  # fmt: skip


def _host(data: dict[str, Any]) -> dict[str, str]:
    about = {
        "host": reading.inner(data, "check_params", "hostname"),
        "type": data.get("check_type"),
    }
    return reading.labels_of(about)


def _probe(data: dict[str, Any]) -> str:
    where = reading.text(reading.inner(data, "first_probe", "location"))
    return f"seen from {where}" if where else ""


_SENT = {
    "check_id": 85975,
    "check_name": "Shop",
    "check_type": "HTTP",
    "check_params": {"hostname": "shop.example", "full_url": "https://shop.example/"},
    "tags": ["service:shop"],
    "previous_state": "UP",
    "current_state": "DOWN",
    "state_changed_timestamp": 1795424400,
    "state_changed_utc_time": "2026-11-23T09:00:00",
    "long_description": "HTTP server returned 503",
    "description": "HTTP Error 503",
    "importance_level": "HIGH",
    "first_probe": {"ip": "192.0.2.1", "location": "Stockholm"},
}
_FIRING = Alert(
    identity="85975",
    signal=Signal.FIRING,
    title="Shop is down",
    text="HTTP server returned 503\nHTTP Error 503\nseen from Stockholm",
    severity="critical",
    started_at=reading.instant(1795424400),
    labels={"check": "Shop", "host": "shop.example", "type": "HTTP", "service": "shop"},
    links=reading.links(Monitored="https://shop.example/"),
)
_UP = {**_SENT, "current_state": "UP", "previous_state": "DOWN"}
_BARE = {"check_id": 7, "check_name": "Pay", "current_state": "FAILING", "tags": []}

SOURCE = Source(
    id="pingdom",
    title="Pingdom",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS,
    set_up=(
        "In Integrations, add a webhook with the URL {url}.",
        "Choose it in each check, below `Connect integrations`.",
        "Pingdom sends no credentials, so keep the address to yourself.",
    ),
    examples=(
        Example("the shop is down", Delivery(json.dumps(_SENT).encode()), Report((_FIRING,))),
        Example(
            "its end",
            Delivery(json.dumps(_UP).encode()),
            Report((replace(_FIRING, signal=Signal.RESOLVED, title="Shop", started_at=None,
                            ended_at=_FIRING.started_at),)),
        ),
        Example(
            "a transaction, with little told",
            Delivery(json.dumps(_BARE).encode()),
            Report((Alert("7", Signal.FIRING, "Pay is down", labels={"check": "Pay"}),)),
        ),
    ),
)  # fmt: skip
