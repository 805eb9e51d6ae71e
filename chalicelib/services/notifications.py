"""Who is told of what by mail, and that each is told once."""

from datetime import datetime

from chalicelib.adapters import mailer
from chalicelib.config import config
from chalicelib.domain.events import Kind
from chalicelib.domain.letters import Letter, LetterKind, Mail
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.vocabulary import Channel, Role
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import guests, management, views

FOR_REQUESTER = {
    Kind.OPENED: LetterKind.ACKNOWLEDGEMENT,
    Kind.REPLY: LetterKind.REPLY,
    Kind.RESOLVED: LetterKind.RESOLVED,
}


def letters_for(event: dict[str, str], now: datetime) -> list[Letter]:
    """The letters that one event calls for; none when nobody outside needs to know."""
    ticket = Ticket.find(event["ticket_id"])
    entry = TimelineEntry.find(event["ticket_id"], event["entry_id"])
    if ticket is None or entry is None:
        return []
    if entry.kind == Kind.ESCALATED:
        return _to_management(ticket, entry, now)
    return _to_requester(ticket, entry, now)


def send(mail: Mail) -> str:
    """Hand a mail over; answers the id under which it went out."""
    return mailer.send(mail)


def _to_requester(ticket: Ticket, entry: TimelineEntry, now: datetime) -> list[Letter]:
    kind = FOR_REQUESTER.get(Kind(entry.kind))
    own_words = entry.by["role"] == Role.REQUESTER and kind is not LetterKind.ACKNOWLEDGEMENT
    told_already = entry.data.get("with_reply")
    if kind is None or own_words or told_already or ticket.channel == Channel.MONITORING:
        return []
    key = guests.follow_key(ticket, now)
    link = f"{config.public_url or ''}/requests/{ticket.ticket_id}?key={key}"
    return [_letter(kind, ticket.requester["email"], ticket, entry, link, now)]


def _to_management(ticket: Ticket, entry: TimelineEntry, now: datetime) -> list[Letter]:
    if not entry.data.get("told"):
        return []
    link = f"{config.public_url or ''}/desk/tickets/{ticket.ticket_id}"
    return [
        _letter(LetterKind.ESCALATED, one.email, ticket, entry, link, now)
        for one in management.people_of(entry.data["told"])
    ]


def _letter(
    kind: LetterKind, to: str, ticket: Ticket, entry: TimelineEntry, link: str, now: datetime
) -> Letter:
    view = views.ticket_view(ticket, now, config.public_url or "")
    key = f"mail#{ticket.ticket_id}#{entry.entry_id}#{to}"
    return Letter(kind, to, view, views.entry_view(entry, SYSTEM), link, key)
