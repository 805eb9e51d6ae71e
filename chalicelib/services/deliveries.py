"""Deliveries of monitoring tools: kept safe before they are understood, then read."""

import base64
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from ulid import ULID

from chalicelib.adapters import deliveries, queues
from chalicelib.adapters.monitoring import SOURCES, Unreadable
from chalicelib.domain.alerts import Alert
from chalicelib.domain.errors import NotAuthenticated, NotFound
from chalicelib.services import settings
from chalicelib.services.signing import digest

FITS_IN_A_MESSAGE = 150_000
TITLE_AT_MOST, TEXT_AT_MOST, FACT_AT_MOST = 200, 10_000, 500
SHOWN_OF_UNREADABLE = 2_000


def accept(source: str, key: str, authorization: str | None, body: bytes) -> str:
    """Keep a delivery safe before it is understood; answers its id.

    Raises NotFound for an address that is not ours, NotAuthenticated for wrong credentials.
    """
    key_hash = digest(key)
    found = settings.integration(key_hash)
    if found is None or found["source"] != source or source not in SOURCES:
        raise NotFound("There is no such integration.")
    if authorization and digest(_credentials(authorization)) != found["secret_hash"]:
        raise NotAuthenticated("The credentials are not this integration's.")
    return _keep(source, key_hash, body)


def read(message: dict[str, Any], now: datetime) -> list[Alert]:
    """The alerts of a delivery, fit to be stored; one that nobody can read is an alert itself."""
    body = _body(message)
    try:
        found = SOURCES[message["source"]](body)
    except Unreadable as error:
        found = [_unreadable(body, error, now)]
    return [_fit(alert) for alert in found]


def _unreadable(body: bytes, error: Exception, now: datetime) -> Alert:
    return Alert(
        identity="unreadable",
        firing=True,
        started_at=now,
        title="A monitoring delivery could not be read",
        text=f"{error}\n\n{body[:SHOWN_OF_UNREADABLE]!r}",
        severity="warning",
    )


def _fit(alert: Alert) -> Alert:
    """Nothing that a page, a key or an item cannot hold."""
    return replace(
        alert,
        identity=digest(alert.identity.encode("utf-8", "replace").decode()),
        title=_printable(alert.title)[:TITLE_AT_MOST] or "Alert",
        text=_printable(alert.text, "\n")[:TEXT_AT_MOST] or "(no text)",
        severity=_printable(alert.severity)[:FACT_AT_MOST],
        url=_printable(alert.url)[:FACT_AT_MOST],
    )


def _printable(text: str, allowed: str = "") -> str:
    clean = text.encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() or c in allowed else " " for c in clean).strip()


def _keep(source: str, key_hash: str, body: bytes) -> str:
    delivery = str(ULID())
    message = {"id": delivery, "source": source, "integration": key_hash}
    if len(body) > FITS_IN_A_MESSAGE:
        deliveries.store(delivery, body)
        message["stored_as"] = delivery
    else:
        message["body"] = base64.b64encode(body).decode()
    queues.send_text("alerts", json.dumps(message))
    return delivery


def _body(message: dict[str, Any]) -> bytes:
    if "stored_as" in message:
        return deliveries.fetch(message["stored_as"])
    return base64.b64decode(message["body"])


def _credentials(authorization: str) -> str:
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() != "basic":
        return rest.strip()
    try:
        return base64.b64decode(rest, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
