"""One request without whoever asked it, and without all that was written on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Self

from chalicelib.domain.events import Kind
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.privacy import (
    ERASED,
    NAME,
    clocks_without,
    renamed,
    requester_as,
    wordless,
)
from chalicelib.domain.vocabulary import ACTIVE, Status
from chalicelib.models.base import Update
from chalicelib.models.saving import save_together
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import attachments, deadlines, journal, settings

AT_ONCE = 50  # entries in one write; DynamoDB takes 100 items

Data = dict[str, Any]


@dataclass(frozen=True)
class Erased:
    """Somebody as they were known, and what they are called from now on."""

    requester_id: str
    pseudonym: str
    staff_id: str | None = None
    names: tuple[str, ...] = ()
    email: str | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for one in (self.requester_id, self.staff_id) if one))

    @classmethod
    def of(cls, about: Mapping[str, Any]) -> Self:
        """Of what an erasing job is about."""
        return cls(
            about["person"], about["_as"], about["staff"], tuple(about["_names"]), about["_email"]
        )


@journal.retried
def erase_request(ticket_id: str, who: Erased, now: datetime) -> bool:
    """The words first and the ticket last, so that whoever is stopped in between comes again.

    Answers whether there was anything to do. What is open still is cancelled.
    """
    ticket = Ticket.find(ticket_id)
    if ticket is None or ticket.requester_id != who.requester_id:
        return False
    rewrite(ticket_id, who, words=True)
    for file_id in ticket.files or ():
        attachments.erase(file_id, SYSTEM, now)
    was_active = ticket.status in ACTIVE
    late = _cancelled(ticket, now) if was_active else []
    _forget_requester(ticket, who, now)
    told = journal.entry(ticket, Kind.ERASED, SYSTEM, now)
    # What is finished keeps its place among all that is.
    journal.save(ticket, [told, *late], now if was_active else ticket.updated_at)
    return True


def rewrite(ticket_id: str, who: Erased, *, words: bool) -> bool:
    """What is said of somebody in a timeline, and perhaps all that was written in it."""
    entries = TimelineEntry.of(ticket_id, None, None)
    updates = (one for entry in entries if (one := _rewritten(entry, who, words)))
    done = False
    while some := list(islice(updates, AT_ONCE)):
        save_together(updates=some)
        done = True
    return done


def rename_in(ticket: Ticket, who: Erased, *, words: bool = False) -> bool:
    """On the ticket itself, yet to be saved; answers whether that changed it."""
    before = {name: getattr(ticket, name) for name in NAMING}
    if ticket.assignee_id in who.ids:
        ticket.assignee_name = NAME
    for name in NAMING:
        setattr(ticket, name, call_by_pseudonym(before[name], who))
    sla = {**ticket.sla, "clocks": _clocks(ticket.sla["clocks"], who, words) or []}
    changed = sla != ticket.sla or any(getattr(ticket, one) != before[one] for one in NAMING)
    ticket.sla = sla
    return changed


NAMING = ("assignee_id", "watchers", "lost_by", "given_back_by", "page")


def call_by_pseudonym(data: Any, who: Erased) -> Any:
    return renamed(data, who.ids, who.names, who.pseudonym)


def _rewritten(entry: TimelineEntry, who: Erased, words: bool) -> Update | None:
    data = call_by_pseudonym(entry.data, who)
    after = {
        "by": call_by_pseudonym(entry.by, who),
        "data": wordless(Kind(entry.kind), data) if words else data,
        "address": None if entry.by["id"] in who.ids else entry.address,
        "cycles": _clocks(entry.cycles, who, words),
    }
    changed = {name: value for name, value in after.items() if value != getattr(entry, name)}
    return entry.rewriting(**changed) if changed else None


def _clocks(clocks: Any, who: Erased, words: bool) -> list[Data] | None:
    return clocks_without(clocks, who.names, words=words)


def _cancelled(ticket: Ticket, now: datetime) -> list[TimelineEntry]:
    """Whatever its status was: what nobody asks for any more is not to be worked on."""
    ticket.status, ticket.hold = Status.CANCELLED.value, None
    return deadlines.rest(ticket, Status.CANCELLED, now)


def _forget_requester(ticket: Ticket, who: Erased, now: datetime) -> None:
    ticket.requester = requester_as(who.pseudonym, _kept_organisation(ticket))
    ticket.requester_id, ticket.subject, ticket.erased_at = who.pseudonym, ERASED, now
    rename_in(ticket, who, words=True)


def _kept_organisation(ticket: Ticket) -> str | None:
    """That for which there is a policy: else a draft would measure past promises by another one."""
    named = [policy.conditions.get("organisation", ()) for policy in settings.policies()]
    return ticket.organisation if any(ticket.organisation in one for one in named) else None
