"""A ticket with its whole timeline, as a page shows it to one reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.people import Actor
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import reading, settings, sla_views, views
from chalicelib.web import markdown


@dataclass(frozen=True)
class Reading:
    ticket: dict[str, Any]
    sla: dict[str, Any]
    entries: list[dict[str, Any]]
    left_out: bool  # whether entries between the first and the newest are not here

    def since(self, version: int) -> set[str]:
        """Ids of the entries that were written after a version was seen."""
        return {one["id"] for one in self.entries if int(one["id"].partition("-")[0]) > version}


def read_ticket(visit: Visit, ticket_id: str, reader: Actor) -> Reading:
    """Raises NotFound for what the reader may not see."""
    whole = reading.read_whole(ticket_id, reader)
    base_url = visit.incoming.base_url
    view = views.ticket_view(whole.ticket, visit.now, base_url, whole.description)
    entries = readable([with_team(views.entry_view(one, reader)) for one in whole.entries])
    found = sla_views.explanation(whole.ticket, visit.now, reader, whole.entries)
    return Reading(views.for_reader(view, reader), found, entries, whole.left_out)


def readable(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is said, and which of it is to be `plain`: newest first, a page does so much markup."""
    left, found = markdown.MOST_ON_A_PAGE, []
    for one in reversed(entries):
        left -= markdown.work(one["data"].get("body") or one["data"].get("description") or "")
        found.append({**one, "plain": left < 0})
    return found[::-1]


def with_team(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry that names a team by its id, with the name that it has now."""
    team = entry["data"].get("team")
    if not team:
        return entry
    known = settings.team_of(team)
    name = known.name if known.id == team else team
    return {**entry, "data": {**entry["data"], "team_name": name}}
