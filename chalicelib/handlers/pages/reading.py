"""A ticket with its whole timeline, as a page shows it to one reader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.people import Actor
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import tickets, views

PARTS_AT_MOST = 5  # of 100 entries each; beyond, a page shows the oldest ones only


@dataclass(frozen=True)
class Reading:
    ticket: dict[str, Any]
    entries: list[dict[str, Any]]

    def since(self, version: int) -> set[str]:
        """Ids of the entries that were written after a version was seen."""
        return {one["id"] for one in self.entries if int(one["id"].partition("-")[0]) > version}


def read_ticket(visit: Visit, ticket_id: str, reader: Actor) -> Reading:
    """Raises NotFound for what the reader may not see."""
    ticket, description = tickets.read(ticket_id, reader)
    view = views.ticket_view(ticket, visit.now, visit.incoming.base_url, description)
    entries = [views.entry_view(one) for one in timeline(ticket_id, reader)]
    return Reading(views.for_reader(view, reader), entries)


def timeline(ticket_id: str, reader: Actor) -> Iterator[Any]:
    after = None
    for _ in range(PARTS_AT_MOST):
        entries, after = tickets.timeline(ticket_id, reader, after)
        yield from entries
        if after is None:
            break
