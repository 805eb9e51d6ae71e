"""The log of deliveries: what came, what became of it, and how it is tried again."""

import base64
import zlib
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters import deliveries
from chalicelib.adapters.monitoring import Delivery
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.instants import from_text, text_or_none, to_text
from chalicelib.domain.integrations import Integration
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import check_sees_desk
from chalicelib.models.base import Update
from chalicelib.models.delivery import DeliveryRecord
from chalicelib.models.saving import save_together
from chalicelib.services import audit, hook_keys, hooks, journal, settings
from chalicelib.services.delivery_reading import Reading

KEPT_FOR = timedelta(days=30)
UNREADABLE = "unreadable"
OUTCOMES = ("taken", "nothing", "duplicate", UNREADABLE, "refused", "test")
NOT_REPLAYED = {
    "refused": "It was refused: nobody knows who sent it, so it is not acted on.",
    "test": "This was a test: there is nothing to be done.",
}
SHOWN_AT_MOST, DETAIL_AT_MOST = 200_000, 1_000
LOOKED_AT = 10
HIDDEN = "(hidden)"
PUT_ASIDE = (DeliveryRecord.trouble.remove(),)

Data = dict[str, Any]


def record_of(reading: Reading, **more: Any) -> DeliveryRecord:
    """The row of a delivery, to be written with what it brought about."""
    message, at = reading.message, from_text(reading.message["at"])
    body = message.get("body")
    return DeliveryRecord(
        message["integration"],
        message["id"],
        source=message["source"],
        received_at=at,
        size=message["size"],
        parts=[],
        headers=message.get("headers") or None,
        asked=message.get("query") or None,
        path=message.get("path") or None,
        replay_of=message.get("replay_of"),
        stored_as=message.get("stored_as"),
        body=zlib.compress(base64.b64decode(body)) if body else None,
        expires_at=int((at + KEPT_FOR).timestamp()),
        **{"outcome": reading.outcome, "detail": reading.detail[:DETAIL_AT_MOST] or None,
           "trouble": UNREADABLE if reading.outcome == UNREADABLE else None, **more},
    )  # fmt: skip


def listed(integration_id: str, actor: Actor, limit: int, before: str | None = None) -> list[Data]:
    """The last deliveries of an integration, newest first, without their bodies."""
    check_sees_desk(actor)
    return [view(one) for one in DeliveryRecord.newest_of(integration_id, limit, before)]


def detail(integration_id: str, delivery_id: str, actor: Actor) -> Data:
    """One with its body as text, in which the integration's secrets are hidden. Raises NotFound."""
    check_sees_desk(actor)
    found = _found(integration_id, delivery_id)
    words = _body(found)[:SHOWN_AT_MOST].decode("utf-8", "replace")
    return {**view(found), "body": _without_secrets(words, integration_id)}


def replay(integration_id: str, delivery_id: str, actor: Actor, now: datetime) -> str:
    """Handle a delivery again as if it came now; answers the id under which it does.

    Raises NotFound, Conflict for one that was refused.
    """
    check_sees_desk(actor)
    found = _found(integration_id, delivery_id)
    if found.outcome in NOT_REPLAYED:
        raise Conflict(NOT_REPLAYED[found.outcome])
    integration = settings.integration(integration_id)
    if integration is None:
        raise NotFound("There is no such integration.")
    body = _body(found)
    again = Delivery(body, found.headers or {}, found.asked or {}, found.path or "")
    message = hooks.message_of(integration, again, now)
    named = {"delivery": delivery_id, "again_as": message["id"]}
    save_together(audit.row("delivery.replayed", actor, _about(found), now, after=named))
    hooks.send({**message, "replay_of": delivery_id}, body)
    _put_aside(found)
    return str(message["id"])


def in_trouble(actor: Actor, limit: int = 50) -> list[Data]:
    """What nobody could read, of all integrations, newest first."""
    check_sees_desk(actor)
    keys = DeliveryRecord.in_trouble(UNREADABLE, limit)
    found = DeliveryRecord.batch_get(keys) if keys else ()
    rows = [view(one) for one in found if one.trouble]
    return sorted(rows, key=lambda row: str(row["id"]), reverse=True)


@journal.retried
def dismiss(integration_id: str, delivery_id: str, actor: Actor, now: datetime) -> None:
    """Put one aside that nobody could read and that needs nothing more. Raises NotFound."""
    check_sees_desk(actor)
    found = _found(integration_id, delivery_id)
    if found.trouble:
        named = {"delivery": delivery_id}
        told = audit.row("delivery.put_aside", actor, _about(found), now, before=named)
        save_together(told, updates=[Update(found, PUT_ASIDE, DeliveryRecord.trouble.exists())])


def health(integration: Integration, now: datetime) -> Data:
    """`{state: ok | never | silent | failing, last_at, last_outcome}` by the last deliveries."""
    last = DeliveryRecord.newest_of(integration.id, LOOKED_AT)
    newest = last[0] if last else None
    return {
        "state": _state(integration, last, now),
        "last_at": text_or_none(newest.received_at if newest else None),
        "last_outcome": newest.outcome if newest else None,
    }


def view(one: DeliveryRecord) -> Data:
    """A delivery as callers see it."""
    decisions = Counter(one.decisions or {})
    for part in one.parts or ():
        decisions.update(part["decisions"])
    return {
        "id": one.delivery_id,
        "integration": one.integration,
        "source": one.source,
        "received_at": to_text(one.received_at),
        "outcome": one.outcome,
        "detail": one.detail,
        "decisions": dict(decisions),
        "tickets": list(one.tickets or ()),
        "size": int(one.size),
        "headers": one.headers or {},
        "query": one.asked or {},
        "path": one.path or "",
        "replay_of": one.replay_of,
        "needs_care": one.trouble is not None,
    }


def _state(integration: Integration, last: list[DeliveryRecord], now: datetime) -> str:
    heard = [one for one in last if one.outcome not in ("refused", "test")]
    if not last:
        return "never"
    if last[0].outcome in (UNREADABLE, "refused"):
        return "failing"
    silent = timedelta(seconds=integration.silent_after or 0)
    is_silent = silent and (not heard or now - heard[0].received_at > silent)
    return "silent" if is_silent else "ok"


def _found(integration_id: str, delivery_id: str) -> DeliveryRecord:
    found = DeliveryRecord.find(integration_id, delivery_id)
    if found is None:
        raise NotFound("There is no such delivery.")
    return found


def _put_aside(found: DeliveryRecord) -> None:
    if found.trouble:
        found.update(actions=[*PUT_ASIDE])


def _about(found: DeliveryRecord) -> str:
    return f"integration/{found.integration}"


def _body(found: DeliveryRecord) -> bytes:
    if found.stored_as:
        return deliveries.fetch(found.stored_as)
    return zlib.decompress(found.body) if found.body else b""


def _without_secrets(words: str, integration_id: str) -> str:
    integration = settings.integration(integration_id)
    for one in hook_keys.secrets(integration) if integration else ():
        words = words.replace(one, HIDDEN)
    return words
