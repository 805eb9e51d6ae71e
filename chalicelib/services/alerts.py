"""Monitoring tools: one incident for each problem, closed again when the problem is."""

import base64
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from ulid import ULID

from chalicelib.adapters import deliveries, queues
from chalicelib.adapters.monitoring import SOURCES
from chalicelib.adapters.monitoring.alertmanager import Unreadable
from chalicelib.domain import alerts
from chalicelib.domain.alerts import Alert, Decision, Episode
from chalicelib.domain.errors import NotAuthenticated, NotFound
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import to_text
from chalicelib.domain.lifecycle import can_become
from chalicelib.domain.people import SYSTEM, Requester, requester_id
from chalicelib.domain.vocabulary import Channel, Status
from chalicelib.models.alert import AlertRecord
from chalicelib.models.saving import save_together
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import intake, journal, settings, tickets
from chalicelib.services.signing import digest

FITS_IN_A_MESSAGE = 150_000
SUBJECT_AT_MOST, TEXT_AT_MOST = 200, 10_000


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


def receive(message: dict[str, Any], now: datetime) -> int:
    """Act on a delivery that was kept; answers how many alerts it held. Safe to run again."""
    body = _body(message)
    try:
        found = SOURCES[message["source"]](body)
    except Unreadable as error:
        _open_unreadable(message, body, error, now)
        return 0
    for alert in found:
        handle(message["integration"], alert, message["id"], now)
    return len(found)


@journal.retried
def handle(integration: str, alert: Alert, delivery: str, now: datetime) -> Decision:
    """Bring the incident of one alert up to date, in one write."""
    record = AlertRecord.find(f"{integration}#{alert.identity}")
    decision = alerts.decide(alert, _episode(record))
    if decision is Decision.OPEN:
        _open(integration, alert, record, delivery, now)
    elif record and decision is Decision.REPEAT:
        _repeat(record, delivery, now)
    elif record and decision is Decision.RESOLVE:
        _resolve(alert, record, now)
    return decision


def _open(
    integration: str, alert: Alert, record: AlertRecord | None, delivery: str, now: datetime
) -> None:
    ticket, opened = intake.new_ticket(_draft(integration, alert), SYSTEM, now)
    fired = journal.entry(ticket, Kind.ALERT_FIRED, SYSTEM, now, _facts(alert))
    record = record or AlertRecord(f"{integration}#{alert.identity}")
    record.ticket_id, record.firing, record.times = ticket.ticket_id, True, 1
    record.last_delivery = delivery
    record.started_at, record.ended_at, record.last_at = alert.started_at, None, now
    journal.save(ticket, [opened, fired], now, record)


def _repeat(record: AlertRecord, delivery: str, now: datetime) -> None:
    """Count a delivery once, however often its message comes."""
    if record.last_delivery == delivery:
        return
    record.times, record.last_delivery, record.last_at = record.times + 1, delivery, now
    save_together(record)
    Ticket.note_alert(record.ticket_id, _tally(record))


def _tally(record: AlertRecord) -> dict[str, Any]:
    return {"count": int(record.times), "firing": record.firing, "last_at": to_text(record.last_at)}


def _resolve(alert: Alert, record: AlertRecord, now: datetime) -> None:
    ticket = Ticket.find(record.ticket_id)
    record.firing, record.last_at, record.ended_at = False, now, alert.ended_at or now
    if ticket is None:
        return
    ticket.alert = _tally(record)
    entries = [journal.entry(ticket, Kind.ALERT_RESOLVED, SYSTEM, now, _facts(alert))]
    if can_become(Status(ticket.status), Status.RESOLVED):
        entries += _solved(ticket, now)
    journal.save(ticket, entries, now, record)


def _solved(ticket: Ticket, now: datetime) -> list[TimelineEntry]:
    late = tickets.resolve_loaded(ticket, now)
    data = {"summary": "The monitoring tool reports that the alert is resolved.", "code": "alert"}
    return [*late, journal.entry(ticket, Kind.RESOLVED, SYSTEM, now, data)]


def _draft(integration: str, alert: Alert) -> intake.Draft:
    impact, urgency = alerts.levels_of(alert.severity)
    found = settings.integration(integration) or {"name": "Monitoring"}
    address = f"{integration[:12]}@monitoring.invalid"
    return intake.Draft(
        subject=_printable(alert.title)[:SUBJECT_AT_MOST],
        description=_printable(alert.text)[:TEXT_AT_MOST],
        requester=Requester(id=requester_id(address), email=address, name=found["name"]),
        impact=impact,
        urgency=urgency,
        channel=Channel.MONITORING,
        alert={"count": 1, "firing": True, "last_at": to_text(alert.started_at)},
    )


def _open_unreadable(message: dict[str, Any], body: bytes, error: Exception, now: datetime) -> None:
    seen = Alert(
        identity=f"unreadable:{message['id']}", firing=True, started_at=now,
        title="A monitoring delivery could not be read", text=f"{error}\n\n{body[:2000]!r}",
        severity="warning",
    )  # fmt: skip
    handle(message["integration"], seen, message["id"], now)


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


def _episode(record: AlertRecord | None) -> Episode | None:
    return Episode(record.firing, record.started_at, record.ended_at) if record else None


def _facts(alert: Alert) -> dict[str, Any]:
    told = replace(alert, text="")
    return {"title": _printable(told.title), "severity": told.severity, "url": told.url,
            "identity": told.identity, "started_at": to_text(told.started_at)}  # fmt: skip


def _printable(text: str) -> str:
    clean = text.encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() or c == "\n" else " " for c in clean) or "Alert"


def _credentials(authorization: str) -> str:
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() != "basic":
        return rest.strip()
    try:
        return base64.b64decode(rest, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
