"""Who is told of what by mail, and that each is told once."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.adapters import pagers
from chalicelib.config import config
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import from_text
from chalicelib.domain.letters import Letter, LetterKind, Mail
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.permissions import can_read
from chalicelib.domain.vocabulary import STAFF, Channel, Role
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import guests, management, paging, people, views

FOR_REQUESTER = {
    Kind.OPENED: LetterKind.ACKNOWLEDGEMENT,
    Kind.REPLY: LetterKind.REPLY,
    Kind.RESOLVED: LetterKind.RESOLVED,
}
FOR_WATCHERS = frozenset({
    Kind.REPLY, Kind.NOTE, Kind.CALL, Kind.ASSIGNED, Kind.ESCALATED, Kind.HANDED_OVER,
    Kind.RESOLVED, Kind.REOPENED,
})  # fmt: skip
WORTH_SAYING = timedelta(hours=1)


def letters_for(event: dict[str, str], now: datetime) -> list[Letter]:
    """The letters that one event calls for; none when nobody needs to know."""
    ticket = Ticket.find(event["ticket_id"])
    entry = TimelineEntry.find(event["ticket_id"], event["entry_id"])
    if ticket is None or entry is None:
        return []
    tell = TELLERS.get(Kind(entry.kind), _to_requester)
    return [*tell(ticket, entry, now), *_to_watchers(ticket, entry, now)]


def send(mail: Mail, channel: str = "mail") -> str:
    """Hand a mail over; answers the id under which it went out."""
    return pagers.CHANNELS[channel](mail)


def _to_requester(ticket: Ticket, entry: TimelineEntry, now: datetime) -> list[Letter]:
    kind = FOR_REQUESTER.get(Kind(entry.kind))
    own_words = entry.by["role"] == Role.REQUESTER and kind is not LetterKind.ACKNOWLEDGEMENT
    told_already = entry.data.get("with_reply")
    if kind is None or own_words or told_already or ticket.channel == Channel.MONITORING:
        return []
    return [_letter(kind, ticket.requester["email"], ticket, entry, _followed(ticket, now), now)]


def _waiting(ticket: Ticket, entry: TimelineEntry, now: datetime) -> list[Letter]:
    """An honest time, where nobody is at work for longer than the requester would think."""
    expected = entry.data.get("expected_at")
    late = expected and from_text(expected) - entry.at >= WORTH_SAYING
    if not late or not ticket.unstaffed_since or ticket.channel == Channel.MONITORING:
        return []
    link = _followed(ticket, now)
    return [_letter(LetterKind.WAITING, ticket.requester["email"], ticket, entry, link, now)]


def _to_called(ticket: Ticket, entry: TimelineEntry, now: datetime) -> list[Letter]:
    """Each one that was called, by each channel, unless somebody has taken it meanwhile."""
    if ticket.assignee_id or ticket.page is None:
        return []
    called = people.with_addresses(one["id"] for one in entry.data["to"])
    return [
        _page(person, channel, ticket, entry, now)
        for person in called
        for channel in entry.data.get("channels", ["mail"])
    ]


def _page(
    person: Person, channel: str, ticket: Ticket, entry: TimelineEntry, now: datetime
) -> Letter:
    key = paging.link_key(ticket.ticket_id, person.person_id, now)
    link = f"{config.public_url or ''}/on-call/{ticket.ticket_id}?key={key}"
    letter = _letter(LetterKind.PAGE, person.email, ticket, entry, link, now, person.time_zone)
    return replace(letter, channel=channel, key=f"{letter.key}#{channel}")


def _to_watchers(ticket: Ticket, entry: TimelineEntry, now: datetime) -> list[Letter]:
    ids = [one for one in ticket.watchers or () if one != entry.by["id"]]
    if not ids or Kind(entry.kind) not in FOR_WATCHERS:
        return []
    link = f"{config.public_url or ''}/desk/tickets/{ticket.ticket_id}"
    return [
        _letter(LetterKind.WATCHED, one.email, ticket, entry, link, now, one.time_zone)
        for one in people.with_addresses(ids)
        if one.role in STAFF and _sees(one, ticket)
    ]


def _sees(person: Person, ticket: Ticket) -> bool:
    reader = people.actor_of(person)
    return can_read(reader, ticket.requester_id, ticket.team, ticket.assignee_id)


def _followed(ticket: Ticket, now: datetime) -> str:
    key = guests.follow_key(ticket, now)
    return f"{config.public_url or ''}/requests/{ticket.ticket_id}?key={key}"


def _to_management(ticket: Ticket, entry: TimelineEntry, now: datetime) -> list[Letter]:
    if not entry.data.get("told"):
        return []
    link = f"{config.public_url or ''}/desk/tickets/{ticket.ticket_id}"
    return [
        _letter(LetterKind.ESCALATED, one.email, ticket, entry, link, now)
        for one in management.people_of(entry.data["told"])
    ]


def _letter(
    kind: LetterKind, to: str, ticket: Ticket, entry: TimelineEntry, link: str, now: datetime,
    zone: str | None = None,
) -> Letter:  # fmt: skip
    view = views.ticket_view(ticket, now, config.public_url or "")
    key = f"mail#{ticket.ticket_id}#{entry.entry_id}#{to}"
    return Letter(kind, to, view, views.entry_view(entry, SYSTEM), link, key, zone=zone)


TELLERS = {
    Kind.ESCALATED: _to_management,
    Kind.UNSTAFFED: _waiting,
    Kind.PAGED: _to_called,
}
