"""Tickets as they are read: with their description, and with their timeline."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.identifiers import entry_id
from chalicelib.domain.people import Actor
from chalicelib.domain.visibility import may_read_entry
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import attachments, journal, sla_views, tallies
from chalicelib.services.cursors import Cursors

OPENED_ENTRY = entry_id(1, 0)
MOST_BYTES = 4_500_000  # of entries in an answer; a function's may have 6 MB, with all around them
GROWTH = 5  # of a text on its way to a page: `&#34;`, and what markup adds at most
FRAME, FILE = 3_500, 2_500  # around an entry, and for each file that it carries


def read(ticket_id: str, reader: Actor) -> tuple[Ticket, str]:
    """The ticket and its description. Raises NotFound."""
    ticket = journal.load(ticket_id, reader)
    complete([ticket])
    return ticket, description_of(ticket)


def complete(tickets: Sequence[Ticket]) -> None:
    """Put on tickets what is kept apart from them: a read for all where there is any, or none."""
    tallies.refresh(tickets)
    attachments.refresh(tickets)


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
    found = TimelineEntry.of(ticket_id, cursors.position(cursor), limit)
    entries, is_cut = _that_fit(found, reader)
    more = cursors.at(entries[-1].entry_id) if is_cut or len(entries) == limit else None
    return [one for one in entries if may_read_entry(reader, one.public)], more


def explain(ticket_id: str, reader: Actor, now: datetime) -> dict[str, Any]:
    """Why each deadline is where it is. Raises NotFound."""
    ticket = journal.load(ticket_id, reader)
    entries = TimelineEntry.of(ticket_id, None, None) if sla_views.has_past(ticket) else []
    return sla_views.explanation(ticket, now, reader, entries)


@dataclass(frozen=True)
class Whole:
    """A ticket with what the reader may see of its timeline, oldest first.

    What lies between the first entry and the newest may be left out.
    """

    ticket: Ticket
    description: str
    entries: list[TimelineEntry]
    left_out: bool = False


def read_whole(ticket_id: str, reader: Actor, at_most: int = 500) -> Whole:
    """Ticket, first entry and the newest that fit, in three calls. Raises NotFound."""
    ticket = journal.load(ticket_id, reader)
    complete([ticket])
    newest = _that_fit(TimelineEntry.backwards(ticket_id, at_most), reader)[0][::-1]
    is_cut = bool(newest) and newest[0].entry_id != OPENED_ENTRY
    opened = TimelineEntry.find(ticket_id, OPENED_ENTRY) if is_cut else newest[0]
    entries = [opened, *newest] if is_cut and opened else newest
    seen = [one for one in entries if may_read_entry(reader, one.public)]
    description = str(opened.data["description"]) if opened else ""
    return Whole(ticket, description, seen, is_cut)


def _that_fit(entries: Iterable[TimelineEntry], reader: Actor) -> tuple[list[TimelineEntry], bool]:
    """As many as one answer holds, the first one always; and whether there was one that did not."""
    left, found = MOST_BYTES, list[TimelineEntry]()
    for one in entries:
        left -= _most_bytes_of(one) if may_read_entry(reader, one.public) else 0
        if left < 0 and found:
            return found, True
        found.append(one)
    return found, False


def _most_bytes_of(entry: TimelineEntry) -> int:
    """What it takes on a page in the worst case, written in ASCII as functions answer."""
    return FRAME + GROWTH * len(json.dumps(entry.data)) + FILE * len(entry.files or ())
