"""Hierarchical escalation: a lead or a manager is told of a ticket, and it shows that they were."""

from datetime import datetime
from typing import Any

from chalicelib.domain.events import Kind
from chalicelib.domain.people import Actor
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import journal, people

LEAD, MANAGER = "lead", "manager"
HIGHER = {None: (LEAD, MANAGER), LEAD: (MANAGER,), MANAGER: ()}


def told(ticket: Ticket, whom: str, actor: Actor, now: datetime, **facts: Any) -> TimelineEntry:
    """What is to be saved when the management is told; the ticket stays in its tier."""
    if whom in HIGHER[ticket.escalated_to]:
        ticket.escalated_to = whom
    tier = int(ticket.tier)
    data = {**facts, "from_tier": tier, "tier": tier, "told": whom, "moved": False}
    return journal.entry(ticket, Kind.ESCALATED, actor, now, data)


def people_of(whom: str) -> list[Person]:
    """Who is meant: the leads; or as managers, leads and admins."""
    return people.leads() if whom == LEAD else people.managers()
