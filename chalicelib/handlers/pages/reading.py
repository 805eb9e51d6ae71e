"""A ticket with its whole timeline, as a page shows it to one reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.people import Actor
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import reading, settings, sla_views, views


@dataclass(frozen=True)
class Reading:
    ticket: dict[str, Any]
    sla: dict[str, Any]
    entries: list[dict[str, Any]]

    def since(self, version: int) -> set[str]:
        """Ids of the entries that were written after a version was seen."""
        return {one["id"] for one in self.entries if int(one["id"].partition("-")[0]) > version}


def read_ticket(visit: Visit, ticket_id: str, reader: Actor) -> Reading:
    """Raises NotFound for what the reader may not see."""
    whole = reading.read_whole(ticket_id, reader)
    base_url = visit.incoming.base_url
    view = views.ticket_view(whole.ticket, visit.now, base_url, whole.description)
    entries = [with_team(views.entry_view(one, reader)) for one in whole.entries]
    found = sla_views.explanation(whole.ticket, visit.now, reader, whole.entries)
    return Reading(views.for_reader(view, reader), found, entries)


def with_team(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry that names a team by its id, with the name that it has now."""
    team = entry["data"].get("team")
    if not team:
        return entry
    known = settings.team_of(team)
    name = known.name if known.id == team else team
    return {**entry, "data": {**entry["data"], "team_name": name}}
