"""From a message of the alerts queue to what its delivery says, fit to be stored."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.adapters import deliveries
from chalicelib.adapters.monitoring import Delivery, Refused, Source, Unreadable, source_of
from chalicelib.domain.alerts import Alert, Link, Report, severity_of
from chalicelib.domain.instants import from_text
from chalicelib.domain.integrations import Integration
from chalicelib.observability import logger
from chalicelib.services import settings
from chalicelib.services.signing import short_digest

TITLE_AT_MOST, TEXT_AT_MOST, FACT_AT_MOST, HREF_AT_MOST = 200, 10_000, 300, 1_000
LABELS_AT_MOST, LINKS_AT_MOST = 50, 6

Message = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """A delivery and what it says; or why it says nothing, as a word of OUTCOMES with a detail."""

    message: Message
    integration: Integration
    report: Report = field(default_factory=Report)
    outcome: str = "taken"
    detail: str = ""


def read(message: Message) -> Reading:
    """Prove what takes time to be proven, and understand it. Whatever comes, there is a reading."""
    found = integration_of(message)
    if message.get("refused"):
        return Reading(message, found, outcome="refused", detail=message["refused"])
    source = source_of(message["source"])
    if source is None:
        return Reading(message, found, outcome="unreadable", detail="This source is not known.")
    try:
        return _understood(message, found, source)
    except Refused as error:
        return Reading(message, found, outcome="refused", detail=str(error))
    except Unreadable as error:
        return Reading(message, found, outcome="unreadable", detail=str(error))


def delivery_of(message: Message, options: Mapping[str, Any]) -> Delivery:
    """What the tool sent, as far as it was kept."""
    return Delivery(
        body=body_of(message),
        headers=message.get("headers") or {},
        query=message.get("query") or {},
        path=message.get("path") or "",
        options=options,
    )


def body_of(message: Message) -> bytes:
    if message.get("stored_as"):
        return deliveries.fetch(message["stored_as"])
    return base64.b64decode(message.get("body") or "")


def integration_of(message: Message) -> Integration:
    """The integration it came by."""
    return settings.integration_or_plain(message["integration"], message["source"])


def _understood(message: Message, found: Integration, source: Source) -> Reading:
    delivery = delivery_of(message, found.options)
    is_ours = message.get("test") or message.get("replay_of")
    if source.verify and not is_ours:
        source.verify(delivery, from_text(message["at"]))  # however long it has waited since
    report = _parsed(source, delivery)
    if source.after and not is_ours:
        source.after(delivery)
    if not report.alerts and report.group is None:
        detail = report.note or "It holds no alert."
        return Reading(message, found, report, outcome="nothing", detail=detail)
    return Reading(message, found, fitted(report), detail=report.note)


def _parsed(source: Source, delivery: Delivery) -> Report:
    """Raises Unreadable; even where a source has a fault, the delivery is kept and shown."""
    try:
        return source.parse(delivery)
    except Unreadable:
        raise
    except Exception as error:
        logger.exception("a source failed", source=source.id)
        raise Unreadable(f"This source failed to read it: {error!r}.") from error


def fitted(report: Report) -> Report:
    """What can be stored and compared: its alerts, and the group under the key that theirs have."""
    group = report.group
    named = replace(group, key=short_digest(group.key)) if group and group.key else group
    return replace(report, alerts=tuple(map(fit, report.alerts)), group=named)


def fit(alert: Alert) -> Alert:
    """Nothing that a page, a key or an item cannot hold."""
    labels = list(alert.labels.items())[:LABELS_AT_MOST]
    return replace(
        alert,
        identity=short_digest(alert.identity),
        title=_printable(alert.title)[:TITLE_AT_MOST] or "Alert",
        text=_printable(alert.text, "\n")[:TEXT_AT_MOST] or "(no text)",
        severity=severity_of(alert.severity),
        episode=_printable(alert.episode)[:FACT_AT_MOST],
        group=short_digest(alert.group) if alert.group else "",
        labels={_fact(name): _fact(value) for name, value in labels},
        links=tuple(_link(one) for one in alert.links if len(one.href) <= HREF_AT_MOST)[
            :LINKS_AT_MOST
        ],
    )


def _link(one: Link) -> Link:
    return Link(_fact(one.text), _printable(one.href))


def _fact(text: str) -> str:
    return _printable(text)[:FACT_AT_MOST]


def _printable(text: str, allowed: str = "") -> str:
    return "".join(c if c.isprintable() or c in allowed else " " for c in _clean(text)).strip()


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
