"""Standard Webhooks: any tool that signs its webhooks the way that many agreed upon.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
Signed are the id, the instant and the body. The body has a `type`, a `timestamp` and `data`; what
happened is told by the type's last word, or by the data's `status`, as with CloudEvents; what is no
alert opens nothing (event_words.py).
"""

import base64
import hmac
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.authentication import ALTERED, check_recent
from chalicelib.adapters.monitoring.cloudevents import alert_of
from chalicelib.adapters.monitoring.source import Delivery, Example, Refused, Source
from chalicelib.domain.alerts import Alert, Link, Report, Signal

HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
SECRET, VERSION = "whsec_", "v1,"
SIGNATURES_AT_MOST = 20


def parse(delivery: Delivery) -> Report:
    data = reading.data_of(delivery)
    said = reading.object_of(data.get("data"), "/data")
    about = reading.first(said.get("id"), said.get("subject"))
    alert = alert_of(reading.needed(data, "type"), about, said, data.get("timestamp"))
    return Report((alert,), message_id=delivery.headers.get("webhook-id", ""))


def authenticate(delivery: Delivery, secrets: tuple[str, ...], now: datetime) -> None:
    """Any of its signatures by any of the secrets will do, so that both can be rotated."""
    message_id, stamp, told = (delivery.headers.get(one) for one in HEADERS)
    if message_id is None or stamp is None or told is None:
        raise Refused(f"It is not signed: it needs the headers {', '.join(HEADERS)}.")
    check_recent(stamp, now)
    signed = f"{message_id}.{stamp}.".encode("utf-8", "replace") + delivery.body
    good = [_signature(key, signed) for secret in secrets for key in _keys(secret)]
    sent = [one for one in told.split()[:SIGNATURES_AT_MOST] if one.startswith(VERSION)]
    fits = [_is_same(one, other) for one in sent for other in good]
    if not any(fits):
        raise Refused(ALTERED if sent else "None of its signatures is of version v1.")


def _is_same(told: str, known: str) -> bool:
    return hmac.compare_digest(told.encode("utf-8", "replace"), known.encode())


def _signature(key: bytes, signed: bytes) -> str:
    return VERSION + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def _keys(secret: str) -> Iterator[bytes]:
    """The bytes that a secret stands for; some tools take it for base64, others as it is."""
    text = secret.removeprefix(SECRET).rstrip("=")
    padded = text + "=" * (-len(text) % 4)
    for alphabet in (None, b"-_"):
        with suppress(ValueError):
            if key := base64.b64decode(padded, altchars=alphabet, validate=True):
                yield key
    yield secret.encode()


_BODY: dict[str, Any] = {
    "type": "monitor.failed",
    "timestamp": "2026-11-23T09:00:00.123Z",
    "data": {
        "id": "mon_7",
        "title": "The shop does not answer",
        "severity": "critical",
        "service": "shop",
        "url": "https://watcher.example/mon_7",
    },
}
_FIRING = Alert(
    identity="mon_7 monitor",
    signal=Signal.FIRING,
    title="The shop does not answer",
    text="service: shop",
    severity="critical",
    started_at=reading.instant("2026-11-23T09:00:00.123Z"),
    labels={"service": "shop", "type": "monitor.failed"},
    links=(Link("Source", "https://watcher.example/mon_7"),),
)
_OVER = {**_BODY, "type": "monitor.recovered", "timestamp": "2026-11-23T09:30:00Z"}
_RESOLVED = replace(
    _FIRING,
    signal=Signal.RESOLVED,
    started_at=None,
    ended_at=reading.instant("2026-11-23T09:30:00Z"),
    labels={"service": "shop", "type": "monitor.recovered"},
)
_STATUS = {"type": "alert.updated", "data": {"alert_id": "a7", "status": "resolved"}}
_BY_STATUS = Alert("a7", Signal.RESOLVED, "alert.updated", labels={"type": "alert.updated"})


def _example(name: str, body: dict[str, Any], alert: Alert) -> Example:
    headers = {"content-type": "application/json", "webhook-id": "msg_1"}
    return Example(
        name, Delivery(json.dumps(body).encode(), headers), Report((alert,), message_id="msg_1")
    )


SOURCE = Source(
    id="standard-webhooks",
    title="Standard Webhooks",
    parse=parse,
    authenticate=authenticate,
    proof=(
        "The signature of version v1 in the header webhook-signature, by the secret, over "
        "webhook-id, webhook-timestamp and the body, within five minutes."
    ),
    set_up=(
        "In the tool, add a webhook endpoint with the URL {url}.",
        "If the tool shows a signing secret (whsec_...), paste it as this integration's secret; "
        "if it asks for one, give it {secret}.",
        "Choose the events that begin and end a problem.",
    ),
    examples=(
        _example("a shop that is down", _BODY, _FIRING),
        _example("its end", _OVER, _RESOLVED),
        _example("the status says it", _STATUS, _BY_STATUS),
    ),
)
