"""Tickets as they are read: with their description, and with their timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.identifiers import entry_id
from chalicelib.domain.people import Actor
from chalicelib.domain.visibility import may_read_entry
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import journal, sla_views, tallies
from chalicelib.services.cursors import Cursors

OPENED_ENTRY = entry_id(1, 0)


def read(ticket_id: str, reader: Actor) -> tuple[Ticket, str]:
    """The ticket and its description. Raises NotFound."""
    ticket = journal.load(ticket_id, reader)
    tallies.refresh([ticket])
    return ticket, description_of(ticket)


def note_of_reply(ticket: Ticket, entry: TimelineEntry) -> dict[str, str]:
    """What is kept of a reply that is sent once: on which ticket it came."""
    return {"ticket": ticket.ticket_id}


def of_reply(noted: dict[str, str], ticket_id: str, reader: Actor) -> Ticket:
    """The ticket on which a reply came: the one replied to, or the one that goes on with it."""
    return journal.load(noted.get("ticket", ticket_id), reader)


def description_of(ticket: Ticket) -> str:
    """What the requester wrote; it lives in the first entry, so that later writes stay small."""
    opened = TimelineEntry.find(ticket.ticket_id, OPENED_ENTRY)
    return str(opened.data["description"]) if opened else ""


def descriptions_of(tickets: Sequence[Ticket]) -> dict[str, str]:
    """The descriptions of a page of tickets, in one call."""
    keys = [(ticket.ticket_id, OPENED_ENTRY) for ticket in tickets]
    return {one.ticket_id: one.data["description"] for one in TimelineEntry.batch_get(keys)}


def timeline(
    ticket_id: str, reader: Actor, now: datetime, cursor: str | None = None, limit: int = 100
) -> tuple[list[TimelineEntry], str | None]:
    """A page of what the reader may see, and where the next page begins. Raises Invalid."""
    journal.load(ticket_id, reader)
    cursors = Cursors(f"timeline {ticket_id} {reader.id}", now)
    entries = list(TimelineEntry.of(ticket_id, cursors.position(cursor), limit))
    more = cursors.at(entries[-1].entry_id) if len(entries) == limit else None
    return [one for one in entries if may_read_entry(reader, one.public)], more


def explain(ticket_id: str, reader: Actor, now: datetime) -> dict[str, Any]:
    """Why each deadline is where it is. Raises NotFound."""
    ticket = journal.load(ticket_id, reader)
    entries = TimelineEntry.of(ticket_id, None, None) if sla_views.has_past(ticket) else []
    return sla_views.explanation(ticket, now, reader, entries)


@dataclass(frozen=True)
class Whole:
    """A ticket with what the reader may see of its timeline, oldest first."""

    ticket: Ticket
    description: str
    entries: list[TimelineEntry]


def read_whole(ticket_id: str, reader: Actor, at_most: int = 500) -> Whole:
    """Ticket, first entry and the newest entries, in three calls. Raises NotFound."""
    ticket = journal.load(ticket_id, reader)
    tallies.refresh([ticket])
    newest = TimelineEntry.newest_of(ticket_id, at_most)
    is_cut = bool(newest) and newest[0].entry_id != OPENED_ENTRY
    opened = TimelineEntry.find(ticket_id, OPENED_ENTRY) if is_cut else newest[0]
    entries = [opened, *newest] if is_cut and opened else newest
    seen = [one for one in entries if may_read_entry(reader, one.public)]
    return Whole(ticket, str(opened.data["description"]) if opened else "", seen)
