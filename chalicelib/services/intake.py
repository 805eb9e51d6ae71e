"""The one gateway: every request, from wherever it comes, is opened here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain.attachments import Upload
from chalicelib.domain.events import Kind
from chalicelib.domain.identifiers import new_ticket_id
from chalicelib.domain.languages import language_of
from chalicelib.domain.people import Actor, Requester
from chalicelib.domain.permissions import check_can_open_for
from chalicelib.domain.priority import priority_of
from chalicelib.domain.routing import DEFAULT
from chalicelib.domain.vocabulary import FIRST_TIER, Channel, Level, Status, TicketType
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import attachments, clocks, journal, routing
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
    service: str | None = None
    links: list[dict[str, str]] = field(default_factory=list)
    tier: int | None = None  # in place of what the routing rules say
    alert: dict[str, Any] | None = None


@dataclass(frozen=True)
class Opened:
    ticket: Ticket
    entry: TimelineEntry


@journal.retried
def open_ticket(
    draft: Draft, actor: Actor, now: datetime, *,
    files: Sequence[Upload] = (), once: Once | None = None,
) -> Opened:  # fmt: skip
    """Store a new ticket in one write. Raises NotPermitted, AlreadyDone or KeyReused."""
    check_can_open_for(actor, draft.requester.id)
    return _stored(draft, actor, now, files, once)


@journal.retried
def open_for_anyone(
    draft: Draft, actor: Actor, now: datetime, *,
    files: Sequence[Upload] = (), once: Once | None = None,
) -> Opened:  # fmt: skip
    """The same by the portal's form, where anybody may name anybody; `by` says who sent it."""
    return _stored(draft, actor, now, files, once)


def _stored(
    draft: Draft, actor: Actor, now: datetime, files: Sequence[Upload], once: Once | None
) -> Opened:
    ticket, entry = new_ticket(draft, actor, now)
    carried = attachments.claim(ticket, entry, files, now)
    journal.save(ticket, [entry], now, *carried, once=once)
    return Opened(ticket, entry)


def follow_up(
    finished: Ticket, body: str, actor: Actor, now: datetime, *,
    files: Sequence[Upload] = (), once: Once | None = None,
) -> tuple[Ticket, TimelineEntry]:  # fmt: skip
    """A new ticket that goes on with a finished one, each naming the other. Raises NotSaved."""
    ticket, opened = new_ticket(_same_again(finished, body), actor, now)
    noted = linked(finished, ticket, opened, actor, now)
    carried = attachments.claim(ticket, opened, files, now)
    journal.save(ticket, [opened], now, finished, noted, *carried, once=once)
    return ticket, opened


def linked(
    finished: Ticket, ticket: Ticket, opened: TimelineEntry, actor: Actor, now: datetime
) -> TimelineEntry:
    """Let a new ticket and the finished one it goes on with name each other.

    Answers the finished one's entry, to be saved with both.
    """
    ticket.follows = opened.data["follows"] = finished.ticket_id
    finished.followed_by = ticket.ticket_id
    data = {"ticket": ticket.ticket_id}
    noted = journal.entry(finished, Kind.FOLLOWED_UP, actor, now, data)
    journal.prepare(finished, [noted], finished.updated_at)
    return noted


def new_ticket(draft: Draft, actor: Actor, now: datetime) -> tuple[Ticket, TimelineEntry]:
    """The records of a ticket that is about to be opened."""
    ticket = _ticket(draft, now)
    rule = routing.route(ticket, draft.description)
    ticket.tier = draft.tier or ticket.tier
    clocks.start(ticket, now)
    data = {
        "subject": draft.subject,
        "description": draft.description,
        "channel": draft.channel.value,
        "priority": ticket.priority,
        "tier": int(ticket.tier),
        **({"rule": {"id": rule.id, "name": rule.name}} if rule.id != DEFAULT.id else {}),
    }
    return ticket, journal.entry(ticket, Kind.OPENED, actor, now, data)


def _same_again(finished: Ticket, description: str) -> Draft:
    return Draft(
        subject=finished.subject,
        description=description,
        requester=Requester(**finished.requester),
        type=TicketType(finished.type),
        impact=Level(finished.impact),
        urgency=Level(finished.urgency),
        channel=Channel(finished.channel),
        category=finished.category,
        branch=finished.branch,
        tags=list(finished.tags or []),
    )


def _ticket(draft: Draft, now: datetime) -> Ticket:
    return Ticket(
        ticket_id=new_ticket_id(),
        subject=draft.subject,
        type=draft.type.value,
        status=Status.NEW.value,
        priority=priority_of(draft.impact, draft.urgency).value,
        impact=draft.impact.value,
        urgency=draft.urgency.value,
        tier=FIRST_TIER,
        channel=draft.channel.value,
        category=draft.category,
        branch=draft.branch,
        tags=draft.tags or None,
        language=language_of(draft.requester.locale),
        requester_id=draft.requester.id,
        requester=_requester_data(draft.requester),
        created_at=now,
        service=draft.service,
        links=draft.links or None,
        alert=draft.alert,
    )


def _requester_data(requester: Requester) -> dict[str, Any]:
    fields = {**vars(requester)}
    return {key: value for key, value in fields.items() if value is not None}
