"""Who is told of what by mail, and that each is told once."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.adapters import pagers
from chalicelib.config import config
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import from_text
from chalicelib.domain.letters import Letter, LetterKind, Mail
from chalicelib.domain.links import Action, Scope
from chalicelib.domain.people import SYSTEM, requester_id
from chalicelib.domain.vocabulary import STAFF, Channel, Role
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import guests, management, paging, people, sight, views

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
    """The letters that one event calls for; none when nobody needs to know, or is there to."""
    if event.get("kind") == guests.LINK_ASKED:
        return _to_asker(event)
    ticket = Ticket.find(event["ticket_id"])
    entry = TimelineEntry.find(event["ticket_id"], event["entry_id"])
    if ticket is None or entry is None or ticket.erased_at:
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
    return [_to_follow(kind, ticket, entry, now)]


def _waiting(ticket: Ticket, entry: TimelineEntry, now: datetime) -> list[Letter]:
    """An honest time, where nobody is at work for longer than the requester would think."""
    expected = entry.data.get("expected_at")
    late = expected and from_text(expected) - entry.at >= WORTH_SAYING
    if not late or not ticket.unstaffed_since or ticket.channel == Channel.MONITORING:
        return []
    return [_to_follow(LetterKind.WAITING, ticket, entry, now)]


def _to_called(ticket: Ticket, entry: TimelineEntry, now: datetime) -> list[Letter]:
    """Each one that was called, by each channel, unless somebody has taken it meanwhile."""
    if ticket.assignee_id or ticket.page is None:
        return []
    called = people.with_addresses(one["id"] for one in entry.data["to"])
    return [
        _page(person, channel, ticket, entry, now)
        for person in called
        if sight.sees(person, ticket)
        for channel in entry.data.get("channels", ["mail"])
    ]


def _page(
    person: Person, channel: str, ticket: Ticket, entry: TimelineEntry, now: datetime
) -> Letter:
    link = f"{config.public_url or ''}/on-call/{ticket.ticket_id}"
    letter = _letter(LetterKind.PAGE, person.email, ticket, entry, link, now, person.time_zone)
    opens = paging.link_scope(ticket.ticket_id, person.person_id)
    return replace(letter, channel=channel, key=f"{letter.key}#{channel}", opens=opens)


def _to_watchers(ticket: Ticket, entry: TimelineEntry, now: datetime) -> list[Letter]:
    ids = [one for one in ticket.watchers or () if one != entry.by["id"]]
    if not ids or Kind(entry.kind) not in FOR_WATCHERS:
        return []
    link = f"{config.public_url or ''}/desk/tickets/{ticket.ticket_id}"
    return [
        _letter(LetterKind.WATCHED, one.email, ticket, entry, link, now, one.time_zone)
        for one in people.with_addresses(ids)
        if one.role in STAFF and sight.sees(one, ticket)
    ]


def _to_follow(kind: LetterKind, ticket: Ticket, entry: TimelineEntry, now: datetime) -> Letter:
    """To the requester, with a link of its own that opens this request."""
    link = f"{config.public_url or ''}/requests/{ticket.ticket_id}"
    letter = _letter(kind, ticket.requester["email"], ticket, entry, link, now)
    return replace(letter, opens=guests.follow_scope(ticket))


def _to_asker(event: dict[str, str]) -> list[Letter]:
    """Somebody wants to see all that was asked from their address; others get no mail."""
    email = event["email"]
    asker = requester_id(email)
    if not Ticket.asked_by(asker, None, 1):
        return []
    link, key = f"{config.public_url or ''}/requests", f"mail#{event['asked_id']}"
    opens = Scope(Action.OWN, asker)
    return [Letter(LetterKind.OWN_LINK, email, {}, {}, link, key, opens=opens)]


def _to_management(ticket: Ticket, entry: TimelineEntry, now: datetime) -> list[Letter]:
    if not entry.data.get("told"):
        return []
    link = f"{config.public_url or ''}/desk/tickets/{ticket.ticket_id}"
    return [
        _letter(LetterKind.ESCALATED, one.email, ticket, entry, link, now)
        for one in management.people_of(entry.data["told"])
        if sight.sees(one, ticket)
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
