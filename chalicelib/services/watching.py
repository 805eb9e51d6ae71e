"""Who of the desk follows a ticket without working on it: they are told what happens."""

from datetime import datetime

from chalicelib.domain.errors import Conflict
from chalicelib.domain.events import Kind
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import check_can_read, check_can_work
from chalicelib.models.ticket import Ticket
from chalicelib.services import journal
from chalicelib.services.sight import about

MOST = 20


@journal.retried
def watch(ticket_id: str, actor: Actor, now: datetime) -> Ticket:
    """Follow a ticket; doing it again changes nothing. Raises Conflict when too many do."""
    ticket = _loaded(ticket_id, actor)
    watchers = list(ticket.watchers or ())
    if actor.id in watchers:
        return ticket
    if len(watchers) == MOST:
        raise Conflict(f"{MOST} people watch this ticket already.")
    ticket.watchers = [*watchers, actor.id]
    journal.save(ticket, [journal.entry(ticket, Kind.WATCHED, actor, now)], now)
    return ticket


@journal.retried
def unwatch(ticket_id: str, actor: Actor, now: datetime) -> Ticket:
    """Follow it no longer, even what one may not see any more; again, it changes nothing.

    Raises NotFound once that is done, if one may not see it: nothing of it is told.
    """
    found = Ticket.find(ticket_id)
    watches = found is not None and actor.id in (found.watchers or ())
    ticket = found if found and watches else _loaded(ticket_id, actor)
    if not watches:
        return ticket
    ticket.watchers = [one for one in ticket.watchers if one != actor.id] or None
    journal.save(ticket, [journal.entry(ticket, Kind.UNWATCHED, actor, now)], now)
    check_can_read(actor, about(ticket, actor))
    return ticket


def _loaded(ticket_id: str, actor: Actor) -> Ticket:
    ticket = journal.load(ticket_id, actor)
    check_can_work(actor)
    return ticket
