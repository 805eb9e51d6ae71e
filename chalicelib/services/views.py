"""Tickets and timelines as callers see them: the shapes of the API, by role."""

from datetime import datetime
from typing import Any

from chalicelib.domain.events import Kind
from chalicelib.domain.instants import text_or_none, to_text
from chalicelib.domain.people import Actor
from chalicelib.domain.visibility import readable_data
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import attachments, sla_views

View = dict[str, Any]
INNER = ("unstaffed_since", "accept_by", "page", "hold", "team", "escalated_to", "parent")
PLAIN = ("subject", "type", "status", "priority", "impact", "urgency", "team", "category", "branch")


def ticket_view(ticket: Ticket, now: datetime, base_url: str, description: str = "") -> View:
    """The contract's ticket; instants are RFC 3339 text, spans whole seconds."""
    return {
        "id": ticket.ticket_id,
        "url": f"{base_url}/api/v1/tickets/{ticket.ticket_id}",
        **{name: getattr(ticket, name) for name in PLAIN},
        "description": description,
        "tier": int(ticket.tier),
        "tags": list(ticket.tags or []),
        "channel": ticket.channel,
        "requester": {"name": None, **ticket.requester},
        "assignee": _assignee(ticket),
        **{f"{what}_at": text_or_none(getattr(ticket, f"{what}_at")) for what in
           ("created", "updated", "resolved", "closed")},
        "version": int(ticket.version),
        "language": ticket.language,
        "skills": ticket.skills or {},
        "watchers": list(ticket.watchers or []),
        "unstaffed_since": text_or_none(ticket.unstaffed_since),
        "expected_at": text_or_none(_still_to_come(ticket.expected_at, now)),
        "accept_by": text_or_none(ticket.accept_by),
        "page": ticket.page,
        "hold": ticket.hold,
        "escalated_to": ticket.escalated_to,
        "follows": ticket.follows,
        "parent": ticket.parent,
        "service": ticket.service,
        "links": list(ticket.links or []),
        "sla": sla_views.sla_view(ticket, now),
        "alerts": ticket.alert,
        "attachments": [attachments.view(one) for one in ticket.attached],
    }  # fmt: skip


def entry_view(entry: TimelineEntry, reader: Actor) -> View:
    return {
        "id": entry.entry_id,
        "kind": entry.kind,
        "at": to_text(entry.at),
        "by": entry.by,
        "public": entry.public,
        "attachments": list(entry.files or []),
        "data": readable_data(reader, Kind(entry.kind), entry.data),
    }


def person_view(person: Person) -> View:
    """Who somebody is; `email` is None where only the staff's index was read."""
    tiers = sorted(int(tier) for tier in person.tiers or ())
    return {
        "id": person.person_id,
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "tier": tiers[0] if tiers else None,
        "tiers": tiers,
        "team": person.team,
        "skills": person.skills or {},
        "languages": list(person.languages or ()),
        "branch": person.branch,
        "shift": person.shift,
        "time_zone": person.time_zone,
        "locale": person.locale,
        "capacity": int(person.capacity),
        "sees": person.sees or {},
        "load": int(person.load or 0),
        "availability": person.availability,
        "away_until": text_or_none(person.away_until),
        "substitute": person.substitute,
        "note": person.away_note,
        "seen_at": text_or_none(person.seen_at),
        "on_shift": person.on_shift,
        "version": int(person.version),
    }


def for_reader(view: View, reader: Actor) -> View:
    """A requester gets no inner workings, such as who is short of staff."""
    if reader.is_staff:
        return view
    hidden: View = {**dict.fromkeys(INNER), "skills": {}, "watchers": [], "links": []}
    public = [one for one in view["attachments"] if one["public"]]
    return {**view, **hidden, "attachments": public, "sla": sla_views.promised(view["sla"])}


def _still_to_come(at: datetime | None, now: datetime) -> datetime | None:
    return at if at and at > now else None


def _assignee(ticket: Ticket) -> View | None:
    if not ticket.assignee_id:
        return None
    return {"id": ticket.assignee_id, "name": ticket.assignee_name}
