"""Uptime Kuma: its webhook notification, as JSON, as a form, or by a GET with a query.

https://github.com/louislam/uptime-kuma/wiki
It tries once and never again. A test, or the news that a certificate expires, has no monitor.
"""

import json
import re
from dataclasses import replace
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import BY_ADDRESS, by_address
from chalicelib.adapters.monitoring.source import Delivery, Example, Source
from chalicelib.domain.alerts import Alert, Report, Signal

SIGNALS = {"0": Signal.FIRING, "1": Signal.RESOLVED, "2": Signal.NOTICE, "3": Signal.NOTICE}
OFFSET = re.compile(r"[+-]\d\d:\d\d")


def parse(delivery: Delivery) -> Report:
    data = reading.data_of(delivery)
    monitor, beat = _decoded(data.get("monitor")), _decoded(data.get("heartbeat"))
    is_empty = monitor is None and beat is None and "status" not in data
    if is_empty and reading.text(data.get("msg")):
        return Report(note=f"A message without a monitor: {reading.text(data['msg'])[:200]}")
    named = monitor if isinstance(monitor, dict) else {}
    sent = {**data, **{f"monitor.{name}": value for name, value in named.items()}}
    return Report((_alert(sent, beat if isinstance(beat, dict) else {}),))


def _alert(data: dict[str, Any], beat: dict[str, Any]) -> Alert:
    status = reading.first(beat.get("status"), _plain(data.get("status")))
    signal, at = SIGNALS.get(status, Signal.NOTICE), _at(beat)
    number = reading.first(data.get("monitor.id"), beat.get("monitorID"), data.get("monitor"))
    name = reading.first(data.get("monitor.name"), data.get("name"), f"Monitor {number}")
    about = {
        "monitor": name,
        "host": data.get("monitor.hostname"),
        "type": data.get("monitor.type"),
    }
    return Alert(
        identity=number or reading.needed(data, "monitor.name", "name"),
        signal=signal,
        title=f"{name} is down" if signal is Signal.FIRING else name,
        text=reading.first(beat.get("msg"), data.get("msg")),
        severity="critical" if signal is Signal.FIRING else "",
        started_at=at if signal is Signal.FIRING else None,
        ended_at=at if signal is Signal.RESOLVED else None,
        labels={**reading.labels_of(about), **_tags(data.get("monitor.tags"))},
        links=reading.links(Monitored=data.get("monitor.url")),
    )


def _decoded(value: Any) -> Any:
    """A GET has objects as text."""
    is_object = isinstance(value, str) and value.lstrip().startswith("{")
    return reading.json_of(value.encode("utf-8", "replace")) if is_object else value


def _plain(status: Any) -> str:
    """A query or a template may say it in words."""
    words = reading.text(status).casefold()
    return {"down": "0", "up": "1"}.get(words, words)


def _at(beat: dict[str, Any]) -> Any:
    """`time` is UTC without saying so; `localDateTime` is not needed then."""
    when = reading.text(beat.get("time"))
    return reading.instant(when if OFFSET.search(when) else f"{when}Z") if when else None


def _tags(tags: Any) -> dict[str, str]:
    rows = [one for one in tags if isinstance(one, dict)] if isinstance(tags, list) else []
    named = ((reading.text(one.get("name")), reading.text(one.get("value"))) for one in rows)
    return {name: value or "yes" for name, value in named if name}


_MONITOR = {
    "id": 12,
    "name": "Shop",
    "url": "https://shop.example",
    "hostname": None,
    "type": "http",
    "tags": [{"name": "service", "value": "shop"}, {"name": "public", "value": ""}],
}
_BEAT = {
    "monitorID": 12,
    "status": 0,
    "time": "2026-11-23 09:00:00.244",
    "msg": "connect ECONNREFUSED",
    "important": True,
    "timezone": "Europe/Berlin",
    "timezoneOffset": "+01:00",
    "localDateTime": "2026-11-23 10:00:00",
}
_DATA = {"heartbeat": _BEAT, "monitor": _MONITOR, "msg": "[Shop] [Down] connect ECONNREFUSED"}
_FIRING = Alert(
    identity="12",
    signal=Signal.FIRING,
    title="Shop is down",
    text="connect ECONNREFUSED",
    severity="critical",
    started_at=reading.instant("2026-11-23T09:00:00.244Z"),
    labels={"monitor": "Shop", "type": "http", "service": "shop", "public": "yes"},
    links=reading.links(Monitored="https://shop.example"),
)
_UP = {**_DATA, "heartbeat": {**_BEAT, "status": 1, "msg": "200 - OK", "ping": 31.5}}
_OVER = replace(
    _FIRING, signal=Signal.RESOLVED, title="Shop", text="200 - OK", severity="", started_at=None,
    ended_at=_FIRING.started_at,
)  # fmt: skip
_FORM = "multipart/form-data; boundary=b"
_FORM_BODY = (
    b'--b\r\nContent-Disposition: form-data; name="data"\r\n\r\n'
    + json.dumps(_DATA).encode()
    + b"\r\n--b--\r\n"
)
_QUERY = {name: one if isinstance(one, str) else json.dumps(one) for name, one in _DATA.items()}

SOURCE = Source(
    id="uptime-kuma",
    title="Uptime Kuma",
    parse=parse,
    authenticate=by_address,
    proof=BY_ADDRESS,
    set_up=(
        "In Settings, Notifications, add a Webhook with the post URL {url}.",
        "As request body, choose application/json.",
        'As additional headers, give an object with "Authorization" set to "Bearer {secret}".',
        "Choose to resend while something is down, for a lost message is never tried again.",
    ),
    examples=(
        Example("the shop is down", Delivery(json.dumps(_DATA).encode()), Report((_FIRING,))),
        Example("its end", Delivery(json.dumps(_UP).encode()), Report((_OVER,))),
        Example("as a form", Delivery(_FORM_BODY, {"content-type": _FORM}), Report((_FIRING,))),
        Example(
            "by its address",
            Delivery(b"", query={"monitor": "12", "name": "Shop", "status": "up", "msg": "OK"}),
            Report((Alert("12", Signal.RESOLVED, "Shop", "OK", labels={"monitor": "Shop"}),)),
        ),
        Example("by a GET, as Uptime Kuma sends it", Delivery(b"", query=_QUERY),
                Report((_FIRING,))),
        Example(
            "a test, without monitor and heartbeat",
            Delivery(b'{"heartbeat": null, "monitor": null, "msg": "Testing"}'),
            Report(note="A message without a monitor: Testing"),
        ),
        Example(
            "maintenance",
            Delivery(json.dumps({**_DATA, "heartbeat": {**_BEAT, "status": 3}}).encode()),
            Report((replace(_FIRING, signal=Signal.NOTICE, title="Shop", severity="",
                            started_at=None),)),
        ),
    ),
)  # fmt: skip
