"""All that the desk holds about somebody, section by section, a page at a time.

Of their requests it is what they may read themselves; internal notes only where that was asked
for, without who wrote them. Nothing secret: no hash, no key, no token.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Self

from chalicelib.config import config
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import text_or_none, to_text
from chalicelib.domain.people import SYSTEM, Actor
from chalicelib.domain.privacy import written
from chalicelib.domain.visibility import may_read_entry
from chalicelib.domain.vocabulary import Role
from chalicelib.models.audit import AuditRow
from chalicelib.models.link import Link
from chalicelib.models.marker import Marker
from chalicelib.models.person import Person
from chalicelib.models.session import Session
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import attachments, audit, sessions, tokens, views

REQUESTS = "requests"
PAGE = 10
ROWS = 100
NOTES = frozenset({Kind.NOTE, Kind.CALL})
EVERY_RANK = ("A|", "F|~")
NOT_SAID = ("load", "on_shift", "version")

Data = dict[str, Any]
Stage = Callable[["Whose", Any, datetime], tuple[list[Data], Any]]
"""Given whose, where it begins and the time, answers a page, and where the next begins or None."""


@dataclass(frozen=True)
class Whose:
    """Somebody under the ids that they have here."""

    requester_id: str
    staff_id: str | None
    email: str
    notes: bool

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for one in (self.requester_id, self.staff_id) if one))

    @property
    def reader(self) -> Actor:
        return Actor(self.requester_id, "", Role.REQUESTER, self.email)

    @classmethod
    def of(cls, about: Mapping[str, Any]) -> Self:
        """Of what an exporting job is about."""
        return cls(about["person"], about["staff"], about["_email"], about["notes"])


def heading(whose: Whose, now: datetime) -> Data:
    return {
        "desk": config.public_url,
        "made_at": to_text(now),
        "person": {"email": whose.email, "ids": list(whose.ids)},
        "internal_notes": whose.notes,
    }


def stages(whose: Whose) -> list[tuple[str, Stage]]:
    """The sections in order, each with what gathers it."""
    acts: list[tuple[str, Stage]] = [("acts", _acts_of(one)) for one in whose.ids]
    always: list[tuple[str, Stage]] = [
        ("profile", _profile), ("addresses_proven", _proven), ("links", _links),
        ("sessions", _sessions), ("api_tokens", _tokens), (REQUESTS, _requests),
    ]  # fmt: skip
    held: list[tuple[str, Stage]] = [("assignments", _assignments)] if whose.staff_id else []
    return [*always, *acts, *held]


def _profile(whose: Whose, at: Any, now: datetime) -> tuple[list[Data], None]:
    found = [one for one in map(Person.find, whose.ids) if one]
    return [_person(one) for one in found], None


def _person(one: Person) -> Data:
    said = {name: value for name, value in views.person_view(one).items() if name not in NOT_SAID}
    known = {"signs_in_as": one.subject, "left_at": text_or_none(one.left_at),
             "second_factor_since": text_or_none(one.second_factor_at)}  # fmt: skip
    return {**said, **known}


def _proven(whose: Whose, at: Any, now: datetime) -> tuple[list[Data], None]:
    mark = Marker.live(f"proven#{whose.requester_id}", now)
    return [{"email": whose.email, "until": _ends(mark)}] if mark else [], None


def _links(whose: Whose, at: Any, now: datetime) -> tuple[list[Data], None]:
    keys = [key for one in whose.ids for key in Link.of_person(one)]
    found = [row for key in keys if (row := Link.find(key.link_hash))]
    return [_link(one) for one in found], None


def _link(one: Link) -> Data:
    return {"for": one.action, "request": one.ticket_id, "made_at": to_text(one.made_at),
            "used_at": text_or_none(one.used_at), "until": _ends(one)}  # fmt: skip


def _sessions(whose: Whose, at: Any, now: datetime) -> tuple[list[Data], None]:
    return [sessions.view(one) for person in whose.ids for one in Session.of(person)], None


def _tokens(whose: Whose, at: Any, now: datetime) -> tuple[list[Data], None]:
    return [tokens.view(one) for person in whose.ids for one in tokens.of(person)], None


def _requests(whose: Whose, at: Any, now: datetime) -> tuple[list[Data], Any]:
    rows = Ticket.asked_by(whose.requester_id, at, PAGE)
    attachments.refresh(rows)
    last = [to_text(rows[-1].created_at), rows[-1].ticket_id] if len(rows) == PAGE else None
    return [_request(one, whose, now) for one in rows], last


def _request(ticket: Ticket, whose: Whose, now: datetime) -> Data:
    entries = list(TimelineEntry.of(ticket.ticket_id, None, None))
    text = str(entries[0].data.get("description", "")) if entries else ""
    view = views.ticket_view(ticket, now, config.public_url or "", text)
    seen = views.for_reader(view, whose.reader)
    told = [_said(one, whose) for one in entries if may_read_entry(whose.reader, one.public)]
    notes = [_note(one) for one in entries if whose.notes and Kind(one.kind) in NOTES]
    return {**seen, "messages": told, **({"internal_notes": notes} if whose.notes else {})}


def _said(entry: TimelineEntry, whose: Whose) -> Data:
    """Whence it came is about them where it is theirs."""
    theirs = {"address": entry.address} if entry.by["id"] in whose.ids else {}
    return {**views.entry_view(entry, whose.reader), **theirs}


def _note(entry: TimelineEntry) -> Data:
    told = views.entry_view(entry, SYSTEM)
    return {"kind": told["kind"], "at": told["at"], "body": entry.data.get("body", "")}


def _acts_of(person_id: str) -> Stage:
    def gather(whose: Whose, at: Any, now: datetime) -> tuple[list[Data], Any]:
        # One more tells whether there are more; the span begins with the row that it goes on from.
        rows = AuditRow.of_actor(person_id, "0", at or "~", ROWS + 1 + (at is not None))
        rows = [one for one in rows if one.row_id != at]
        shown, more = rows[:ROWS], len(rows) > ROWS
        said = _words_of(shown) if person_id == whose.staff_id else {}
        acts = [_act(one, whose, said.get(one.row_id)) for one in shown]
        return acts, shown[-1].row_id if more else None

    return gather


def _act(row: AuditRow, whose: Whose, said: Data | None) -> Data:
    """What was changed is told where it is their own."""
    told = audit.view(row)
    shown = {name: told[name] for name in ("at", "action", "about", "address")}
    own = {name: told[name] for name in ("before", "after")} if row.about in whose.ids else {}
    return {**shown, **own, **({"wrote": said} if said else {})}


def _words_of(rows: list[AuditRow]) -> dict[str, Data]:
    """What somebody of the desk wrote on tickets, by the row that tells of it."""
    named = {tuple(one.row_id.split("#")[1:]): one.row_id for one in rows
             if one.action.startswith("ticket.") and one.row_id.count("#") == 2}  # fmt: skip
    found = TimelineEntry.batch_get(list(named)) if named else ()
    return {named[one.ticket_id, one.entry_id]: written(Kind(one.kind), one.data) for one in found}


def _assignments(whose: Whose, at: Any, now: datetime) -> tuple[list[Data], Any]:
    """Which tickets they hold or held at their end; what these are about is others'."""
    span = (f"{at}!" if at else EVERY_RANK[0], EVERY_RANK[1])
    rows = list(islice(Ticket.held_by(str(whose.staff_id), span, ROWS), ROWS))
    items = [{"id": one.ticket_id, "status": one.status, "priority": one.priority,
              "created_at": to_text(one.created_at),
              "resolved_at": text_or_none(one.resolved_at)} for one in rows]  # fmt: skip
    return items, rows[-1].list_rank if len(rows) == ROWS else None


def _ends(row: Any) -> str:
    return to_text(datetime.fromtimestamp(int(row.expires_at), UTC))
