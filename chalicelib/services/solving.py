"""When an incident of a monitoring tool is over, and how it is resolved."""

from datetime import datetime

from chalicelib.domain.events import Kind
from chalicelib.domain.integrations import Integration
from chalicelib.domain.lifecycle import can_become
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.vocabulary import Status
from chalicelib.models.alert import AlertRecord
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import episodes, journal, tickets

SUMMARY = "The monitoring tool reports that the alert is resolved."


def is_over(record: AlertRecord, ticket: Ticket, found: Integration, now: datetime) -> bool:
    """Whether it has ended and is quiet; of its parts, `parts.any_fires` knows."""
    if record.flapping or not can_become(Status(ticket.status), Status.RESOLVED):
        return False
    quiet_at = episodes.quiet_at(record, found)
    return quiet_at is not None and now >= quiet_at


def solved(ticket: Ticket, now: datetime, summary: str = SUMMARY) -> list[TimelineEntry]:
    """Make it resolved; answers what is to be saved with that."""
    late = tickets.resolve_loaded(ticket, now, by_staff=False)
    data = {"summary": summary, "code": "alert"}
    return [journal.entry(ticket, Kind.RESOLVED, SYSTEM, now, data), *late]
