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
    """Whether nothing speaks against resolving it: it has ended, is quiet, and so are its parts."""
    if record.flapping or not can_become(Status(ticket.status), Status.RESOLVED):
        return False
    quiet_at = episodes.quiet_at(record, found)
    if quiet_at is None or now < quiet_at:
        return False
    return not (record.has_parts and AlertRecord.has_firing_part(ticket.ticket_id))


def solved(ticket: Ticket, now: datetime, summary: str = SUMMARY) -> list[TimelineEntry]:
    """Make it resolved; answers what is to be saved with that."""
    late = tickets.resolve_loaded(ticket, now, by_staff=False)
    data = {"summary": summary, "code": "alert"}
    return [journal.entry(ticket, Kind.RESOLVED, SYSTEM, now, data), *late]
