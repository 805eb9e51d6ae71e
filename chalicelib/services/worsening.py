"""What becomes worse: the priority follows upwards, never down, and that of a parent with it."""

from datetime import datetime
from typing import Any

from chalicelib.domain import alerts
from chalicelib.domain.events import Kind
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.priority import priority_of
from chalicelib.domain.vocabulary import Level
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import deadlines, journal
from chalicelib.services.cases import Case


def by_alert(ticket: Ticket, case: Case, before: str | None) -> list[TimelineEntry]:
    """What its alert says now is more severe than what it said before; else nothing."""
    if not alerts.is_worse(case.alert.severity, before or "warning"):
        return []
    data = {**case.facts(), "before": {"severity": before},
            "after": {"severity": case.alert.severity}}  # fmt: skip
    return _told(ticket, case.levels, data, case.now)


def by_part(parent: Ticket, part: Ticket, title: str, now: datetime) -> list[TimelineEntry]:
    """An incident matters as much as the worst of its parts."""
    if part.priority >= parent.priority:
        return []
    data: dict[str, Any] = {"title": title, "before": {}, "after": {}}
    return _told(parent, (Level(part.impact), Level(part.urgency)), data, now)


def _told(
    ticket: Ticket, levels: tuple[Level, Level], data: dict[str, Any], now: datetime
) -> list[TimelineEntry]:
    impact, urgency = levels
    priority, late = priority_of(impact, urgency).value, []
    if priority < ticket.priority:
        data["before"]["priority"], data["after"]["priority"] = ticket.priority, priority
        ticket.impact, ticket.urgency, ticket.priority = impact, urgency, priority
        late = deadlines.renewed(ticket, now)
    return [journal.entry(ticket, Kind.ALERT_CHANGED, SYSTEM, now, data), *late]
