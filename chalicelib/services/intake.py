"""The one gateway: every request, from wherever it comes, is opened here."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain import sla
from chalicelib.domain.events import Kind
from chalicelib.domain.identifiers import new_ticket_id
from chalicelib.domain.people import Actor, Requester
from chalicelib.domain.permissions import check_can_open_for
from chalicelib.domain.policies import Policy
from chalicelib.domain.priority import priority_of
from chalicelib.domain.sla_records import clock_to_data
from chalicelib.domain.vocabulary import FIRST_TIER, Channel, Level, Priority, Status, TicketType
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import journal, settings
from chalicelib.services.once import Once


@dataclass(frozen=True)
class Draft:
    """A request as it was asked, checked and with its defaults."""

    subject: str
    description: str
    requester: Requester
    type: TicketType = TicketType.INCIDENT
    impact: Level = Level.MEDIUM
    urgency: Level = Level.MEDIUM
    channel: Channel = Channel.API
    category: str | None = None
    branch: str | None = None
    tags: list[str] = field(default_factory=list)
    alert: dict[str, Any] | None = None


@dataclass(frozen=True)
class Opened:
    ticket: Ticket
    entry: TimelineEntry


@journal.retried
def open_ticket(draft: Draft, actor: Actor, now: datetime, *, once: Once | None = None) -> Opened:
    """Store a new ticket in one write. Raises NotPermitted, AlreadyDone or KeyReused."""
    check_can_open_for(actor, draft.requester.id)
    ticket, entry = new_ticket(draft, actor, now)
    journal.save(ticket, [entry], now, once=once)
    return Opened(ticket, entry)


def new_ticket(draft: Draft, actor: Actor, now: datetime) -> tuple[Ticket, TimelineEntry]:
    """The records of a ticket that is about to be opened."""
    policy = settings.policy()
    ticket = _ticket(draft, policy, now)
    data = {
        "subject": draft.subject,
        "description": draft.description,
        "channel": draft.channel.value,
        "priority": ticket.priority,
        "tier": FIRST_TIER,
    }
    return ticket, journal.entry(ticket, Kind.OPENED, actor, now, data)


def _ticket(draft: Draft, policy: Policy, now: datetime) -> Ticket:
    priority = priority_of(draft.impact, draft.urgency)
    return Ticket(
        ticket_id=new_ticket_id(),
        subject=draft.subject,
        type=draft.type.value,
        status=Status.NEW.value,
        priority=priority.value,
        impact=draft.impact.value,
        urgency=draft.urgency.value,
        tier=FIRST_TIER,
        channel=draft.channel.value,
        category=draft.category,
        branch=draft.branch,
        tags=draft.tags or None,
        requester_id=draft.requester.id,
        requester=_requester_data(draft.requester),
        created_at=now,
        alert=draft.alert,
        sla=_sla_data(policy, priority, now),
    )


def _sla_data(policy: Policy, priority: Priority, now: datetime) -> dict[str, Any]:
    calendar = settings.calendar(policy.calendar)
    clocks = sla.start(policy, priority, now, calendar)
    return {
        "policy": policy.id,
        "policy_version": policy.version,
        "calendar": calendar.id,
        "calendar_version": calendar.version,
        "clocks": [clock_to_data(clock) for clock in clocks],
    }


def _requester_data(requester: Requester) -> dict[str, Any]:
    fields = {**vars(requester)}
    return {key: value for key, value in fields.items() if value is not None}
