"""Alerts: one incident for each problem, closed again when the problem is."""

from datetime import datetime
from typing import Any

from chalicelib.domain import alerts
from chalicelib.domain.alerts import Alert, Decision, Episode
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import to_text
from chalicelib.domain.lifecycle import can_become
from chalicelib.domain.people import SYSTEM, Requester, requester_id
from chalicelib.domain.vocabulary import ACTIVE, Channel, Status
from chalicelib.models.alert import AlertRecord
from chalicelib.models.marker import WHILE_QUEUED, Marker
from chalicelib.models.saving import NotSaved, save_together
from chalicelib.models.ticket import Ticket, TicketAlert
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import deliveries, intake, journal, settings, tickets


def receive(message: dict[str, Any], now: datetime) -> int:
    """Act on a delivery that was kept; answers how many alerts it held. Safe to run again."""
    found = deliveries.read(message, now)
    for alert in found:
        handle(message["integration"], alert, message["id"], now)
    return len(found)


@journal.retried
def handle(integration: str, alert: Alert, delivery: str, now: datetime) -> Decision:
    """Bring the incident of one alert up to date, in one write."""
    alert_id = f"{integration}#{alert.identity}"
    record = AlertRecord.find(alert_id)
    decision = alerts.decide(alert, _episode(record))
    if decision is Decision.OPEN:
        _open(integration, alert, record or AlertRecord(alert_id), now)
    elif decision is Decision.REMEMBER:
        _remember(alert, AlertRecord(alert_id), now)
    elif record and decision is Decision.REPEAT:
        _repeat(integration, alert, record, delivery, now)
    elif record and decision is Decision.RESOLVE:
        _resolve(alert, record, now)
    return decision


def _open(integration: str, alert: Alert, record: AlertRecord, now: datetime) -> None:
    record.firing, record.times, record.last_at = True, 1, now
    record.started_at, record.ended_at = alert.started_at or now, None
    ticket, opened = intake.new_ticket(_draft(integration, alert, _tally(record)), SYSTEM, now)
    record.ticket_id = ticket.ticket_id
    fired = journal.entry(ticket, Kind.ALERT_FIRED, SYSTEM, now, _facts(alert))
    journal.save(ticket, [opened, fired], now, record)


def _remember(alert: Alert, record: AlertRecord, now: datetime) -> None:
    """An end that overtook its beginning: nothing to open, and nothing to open later."""
    record.firing, record.times, record.last_at, record.ticket_id = False, 0, now, ""
    record.started_at, record.ended_at = alert.started_at or now, alert.ended_at or now
    save_together(record)


def _repeat(
    integration: str, alert: Alert, record: AlertRecord, delivery: str, now: datetime
) -> None:
    """Count a delivery once; what fires on after its incident was finished opens it again."""
    ticket = Ticket.find(record.ticket_id)
    if ticket is None or ticket.status not in ACTIVE:
        return _fires_on(integration, alert, record, ticket, now)
    record.times, record.last_at = record.times + 1, now
    record.started_at = max(record.started_at, alert.started_at or record.started_at)
    mark = _counted(record, delivery, now)
    shown = TicketAlert.showing(ticket.ticket_id, _tally(record))
    try:
        save_together(record, mark, updates=[shown])
    except NotSaved as error:
        if mark not in error.beaten:
            raise
    return None


def _fires_on(
    integration: str, alert: Alert, record: AlertRecord, ticket: Ticket | None, now: datetime
) -> None:
    if ticket is None or tickets.is_past_reopening(ticket, now):
        return _open(integration, alert, record, now)
    late = tickets.become(ticket, Status.OPEN, now)
    record.times, record.last_at = record.times + 1, now
    ticket.alert = _tally(record)
    facts = {"tier": int(ticket.tier), "reason": "The alert is still firing."}
    again = journal.entry(ticket, Kind.REOPENED, SYSTEM, now, facts)
    return journal.save(ticket, [again, *late], now, record)


def _resolve(alert: Alert, record: AlertRecord, now: datetime) -> None:
    record.firing, record.last_at, record.ended_at = False, now, alert.ended_at or now
    ticket = Ticket.find(record.ticket_id)
    if ticket is None:
        return save_together(record)
    ticket.alert = _tally(record)
    entries = [journal.entry(ticket, Kind.ALERT_RESOLVED, SYSTEM, now, _facts(alert))]
    if can_become(Status(ticket.status), Status.RESOLVED):
        entries += _solved(ticket, now)
    return journal.save(ticket, entries, now, record)


def _solved(ticket: Ticket, now: datetime) -> list[TimelineEntry]:
    late = tickets.resolve_loaded(ticket, now, by_staff=False)
    data = {"summary": "The monitoring tool reports that the alert is resolved.", "code": "alert"}
    return [*late, journal.entry(ticket, Kind.RESOLVED, SYSTEM, now, data)]


def _draft(integration: str, alert: Alert, tally: dict[str, Any]) -> intake.Draft:
    impact, urgency = alerts.levels_of(alert.severity)
    found = settings.integration(integration) or {"name": "Monitoring"}
    address = f"{integration[:12]}@monitoring.invalid"
    return intake.Draft(
        subject=alert.title,
        description=alert.text,
        requester=Requester(id=requester_id(address), email=address, name=found["name"]),
        impact=impact,
        urgency=urgency,
        channel=Channel.MONITORING,
        alert=tally,
    )


def _episode(record: AlertRecord | None) -> Episode | None:
    return Episode(record.firing, record.started_at, record.ended_at) if record else None


def _tally(record: AlertRecord) -> dict[str, Any]:
    return {"count": int(record.times), "firing": record.firing, "last_at": to_text(record.last_at)}


def _counted(record: AlertRecord, delivery: str, now: datetime) -> Marker:
    return Marker.lasting(f"counted#{record.alert_id}#{delivery}", now, WHILE_QUEUED)


def _facts(alert: Alert) -> dict[str, Any]:
    started = to_text(alert.started_at) if alert.started_at else None
    return {"title": alert.title, "severity": alert.severity, "url": alert.url,
            "started_at": started}  # fmt: skip
