"""The door for monitoring tools: who it is, is proven; what they send, is kept; then it is taken.

Nothing is understood here. A 2xx means that the delivery is in the queue, and with it safe.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from ulid import ULID

from chalicelib.adapters import deliveries, queues
from chalicelib.adapters.monitoring import Delivery, Refused, Source, source_of
from chalicelib.domain.errors import Busy, NotAuthenticated, NotFound
from chalicelib.domain.instants import to_text
from chalicelib.domain.integrations import Integration
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import check_sees_desk
from chalicelib.models.saving import save_together
from chalicelib.observability import count
from chalicelib.services import audit, hook_keys, settings
from chalicelib.services.signing import Forged, digest

QUEUE = "alerts"
FITS_IN_A_MESSAGE = 150_000
SHOWN_OF_REFUSED = 4_000
KEPT_HEADERS = ("content-type", "sentry-hook-resource", "request-id", "webhook-id",
                "webhook-timestamp")  # fmt: skip
KEPT_PREFIXES = ("ce-", "x-amz-sns-")
LONGEST_HEADER, MOST_HEADERS, LONGEST_QUERY = 500, 20, 8_000
BUSY = "The delivery could not be stored. Send it again."

Message = dict[str, Any]


@dataclass(frozen=True)
class Accepted:
    """A delivery that is stored, and what its tool wants to hear."""

    delivery_id: str
    answer: dict[str, Any]


def accept(
    name: str, key: str, body: bytes, headers: Mapping[str, str], query: Mapping[str, str],
    path: str, now: datetime,
) -> Accepted:  # fmt: skip
    """Keep a delivery safe before it is understood; `path` is what follows the address.

    Raises NotFound for an address that is not ours, NotAuthenticated for what is not proven, Busy
    where it could not be stored.
    """
    source, found = _addressed(name, key)
    told = Delivery(body, headers, query, path, found.options)
    message = message_of(found, told, now)
    try:
        source.authenticate(told, hook_keys.secrets(found), now)
    except (Refused, Forged) as error:  # a pasted secret is sealed with the desk's key of then
        _keep({**message, "refused": str(error)}, body[:SHOWN_OF_REFUSED])
        raise NotAuthenticated(str(error)) from error
    _keep(message, body)
    return Accepted(message["id"], _answer(source, told, message["id"]))


def check_address(name: str, key: str) -> None:
    """Raises NotFound for an address that is not ours."""
    _addressed(name, key)


def send_test(integration_id: str, actor: Actor, now: datetime) -> str:
    """Send the source's own example by the usual way, to see what would be done; answers its id.

    It opens nothing. Raises NotFound.
    """
    check_sees_desk(actor)
    found = settings.integration(integration_id)
    source = source_of(found.source) if found else None
    if found is None or source is None:
        raise NotFound("There is no such integration.")
    example = replace(source.examples[0].delivery, options=found.options)
    message = {**message_of(found, example, now), "test": True}
    about, told = f"integration/{found.id}", {"delivery": message["id"]}
    save_together(audit.row("integration.tested", actor, about, now, after=told))
    _keep(message, example.body)
    return str(message["id"])


def message_of(found: Integration, delivery: Delivery, now: datetime) -> Message:
    """What the worker needs of a delivery beside its body; nothing that would prove it again."""
    return {
        "id": str(ULID.from_datetime(now)),
        "at": to_text(now),
        "integration": found.id,
        "source": found.source,
        "size": len(delivery.body),
        "headers": _headers(delivery),
        "query": _query(delivery),
        "path": delivery.path,
    }


def send(message: Message, body: bytes) -> None:
    """Put a message into the queue, with its body or with where that is, if it is large."""
    fits = len(body) <= FITS_IN_A_MESSAGE
    whole = {**message, "body": base64.b64encode(body).decode()} if fits else put_by(message, body)
    queues.send_one(QUEUE, whole)


def put_by(message: Message, body: bytes) -> Message:
    """A message whose body is in the bucket."""
    deliveries.store(message["id"], body)
    return {**message, "stored_as": message["id"], "body": None}


def _addressed(name: str, key: str) -> tuple[Source, Integration]:
    plain = key.encode("utf-8", "replace").decode()
    source, found = source_of(name), settings.integration_of_key(digest(plain))
    if source is None or found is None or found.source != source.id or not found.enabled:
        raise NotFound("There is no such integration.")
    return source, found


def _keep(message: Message, body: bytes) -> None:
    try:
        send(message, body)
    except (ClientError, BotoCoreError) as error:
        count("DeliveryNotStored")
        raise Busy(BUSY) from error


def _answer(source: Source, delivery: Delivery, delivery_id: str) -> dict[str, Any]:
    protocol = source.answer(delivery, delivery_id) if source.answer else {}
    return {**protocol, "delivery_id": delivery_id}


def _is_kept(name: str) -> bool:
    return name in KEPT_HEADERS or name.startswith(KEPT_PREFIXES)


def _headers(delivery: Delivery) -> dict[str, str]:
    kept = [(name, value) for name, value in delivery.headers.items() if _is_kept(name)]
    return {name: value[:LONGEST_HEADER] for name, value in kept[:MOST_HEADERS]}


def _query(delivery: Delivery) -> dict[str, str]:
    kept = {name: value for name, value in delivery.query.items() if name != "access_token"}
    return kept if len(str(kept)) <= LONGEST_QUERY else {}
