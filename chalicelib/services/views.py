"""Tickets and timelines as callers see them: the shapes of the API, by role."""

from datetime import datetime
from typing import Any

from chalicelib.domain import sla
from chalicelib.domain.business_hours import is_open, next_opening
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import to_text
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import can_work
from chalicelib.domain.visibility import readable_data
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services.journal import calendar_of, clocks_of

View = dict[str, Any]
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
        **{f"{what}_at": _text(getattr(ticket, f"{what}_at")) for what in
           ("created", "updated", "resolved", "closed")},
        "version": int(ticket.version),
        "unstaffed_since": _text(ticket.unstaffed_since),
        "hold": ticket.hold,
        "sla": sla_view(ticket, now),
        "alerts": ticket.alert,
    }  # fmt: skip


def sla_view(ticket: Ticket, now: datetime) -> View:
    clocks = clocks_of(ticket)
    return {
        "policy": ticket.sla["policy"],
        "calendar": ticket.sla["calendar"],
        "next_deadline_at": _text(sla.next_deadline_at(clocks)),
        "targets": [_target(clock, now) for clock in clocks],
    }


def sla_explanation(ticket: Ticket, now: datetime, reader: Actor) -> View:
    """Why each deadline is where it is: segments run, working seconds used and left."""
    targets = [
        {
            **_target(clock, now),
            "within_seconds": clock.within,
            "used_seconds": round(sla.used_seconds(clock, now)),
            "segments": [
                {"started_at": _text(s.started_at), "stopped_at": _text(s.stopped_at)}
                for s in clock.segments
            ],
            "steps_taken": list(clock.taken) if can_work(reader) else [],
        }
        for clock in clocks_of(ticket)
    ]
    keys = ("policy", "policy_version", "calendar")
    return {**{key: ticket.sla[key] for key in keys}, **_hours(ticket, now), "targets": targets}


def _hours(ticket: Ticket, now: datetime) -> View:
    calendar = calendar_of(ticket)
    opens = next_opening(calendar, now)
    return {
        "calendar_version": calendar.version,
        "open_now": is_open(calendar, now),
        "next_opening_at": _text(opens),
    }


def entry_view(entry: TimelineEntry, reader: Actor) -> View:
    return {
        "id": entry.entry_id,
        "kind": entry.kind,
        "at": to_text(entry.at),
        "by": entry.by,
        "public": entry.public,
        "data": readable_data(reader, Kind(entry.kind), entry.data),
    }


def person_view(person: Person) -> View:
    group = str(person.tier_name or "")
    return {
        "id": person.person_id,
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "tier": int(group.removeprefix("tier")) if group.startswith("tier") else None,
        "time_zone": person.time_zone,
        "availability": person.availability,
        "away_until": _text(person.away_until),
    }


def for_reader(view: View, reader: Actor) -> View:
    """A requester gets no inner workings: who is short of staff, how a hold is reasoned."""
    if reader.is_staff:
        return view
    hidden = {"unstaffed_since": None, "hold": None, "team": None}
    return {**view, **hidden}


def _target(clock: sla.Clock, now: datetime) -> View:
    due = sla.due_at(clock)
    left = None if clock.met_at else round(clock.within - sla.used_seconds(clock, now))
    return {
        "kind": clock.kind.value,
        "state": sla.state(clock),
        "due_at": _text(due),
        "met_at": _text(clock.met_at),
        "breached_at": _text(clock.breached_at),
        "remaining_seconds": left,
    }


def _assignee(ticket: Ticket) -> View | None:
    if not ticket.assignee_id:
        return None
    return {"id": ticket.assignee_id, "name": ticket.assignee_name}


def _text(instant: datetime | None) -> str | None:
    return to_text(instant) if instant else None
