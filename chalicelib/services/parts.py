"""Parts of a storm's incident: what becomes of them when it is resolved, and when they fire on."""

from datetime import datetime

from chalicelib.domain.errors import DeskError
from chalicelib.domain.events import Kind
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.vocabulary import ACTIVE
from chalicelib.models.alert import AlertRecord
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import clocks, journal, solving, tickets

AT_ONCE = 100
WITH_PARENT = "Resolved with the incident that it is a part of."


def reopened(ticket: Ticket, record: AlertRecord, now: datetime) -> list[TimelineEntry]:
    """A part fires on: with its parent if that can be opened again, else by itself from now on."""
    if not ticket.parent:
        return []
    if _is_worked_on(ticket.parent, now):
        record.part_of = ticket.parent
        return []
    parent, ticket.parent = ticket.parent, None
    clocks.start(ticket, now)
    data = {"parent": parent, "tier": int(ticket.tier)}
    return [journal.entry(ticket, Kind.UNFOLDED, SYSTEM, now, data)]


def resolve_with(parent_id: str, now: datetime) -> int:
    """Whoever resolved the parent resolved its parts; answers how many there were to resolve."""
    found = AlertRecord.many(AlertRecord.firing_parts(parent_id, AT_ONCE))
    return sum(_resolve(str(one.ticket_id), now) for one in found.values())


def firing(parent_id: str, limit: int) -> list[dict[str, str]]:
    """`{ticket, title}` of the parts that still fire, in three calls at most."""
    found = AlertRecord.many(AlertRecord.firing_parts(parent_id, limit)).values()
    ids = {str(one.ticket_id) for one in found if one.ticket_id}
    shown = Ticket.batch_get(list(ids)) if ids else ()
    rows = [{"ticket": str(one.ticket_id), "title": str(one.subject)} for one in shown]
    return sorted(rows, key=lambda row: row["title"].casefold())


@journal.retried
def _resolve(ticket_id: str, now: datetime) -> bool:
    ticket = Ticket.find(ticket_id)
    if ticket is None or ticket.status not in ACTIVE:
        return False
    journal.save(ticket, solving.solved(ticket, now, WITH_PARENT), now)
    return True


def _is_worked_on(parent_id: str, now: datetime) -> bool:
    """Whether the parent is open, if need be from now on."""
    parent = Ticket.find(parent_id)
    if parent is None:
        return False
    if parent.status in ACTIVE:
        return True
    try:
        tickets.reopen(parent_id, SYSTEM, now)
    except DeskError:
        return False
    return True
