"""Lists of tickets, most urgent first, read from indexes and never by a scan."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from chalicelib.domain import worklists
from chalicelib.domain.instants import text_or_none, to_text
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import can_read
from chalicelib.domain.vocabulary import ACTIVE, TIERS, Status
from chalicelib.models.ticket import Ticket
from chalicelib.services import dispatch, paging, settings, tallies
from chalicelib.services.cursors import Cursors
from chalicelib.services.sight import about
from chalicelib.services.signing import POSITION, seal, unseal

EXAMINED_AT_MOST = 1000
COUNTED_AT_MOST = 1000
NOBODY = "none"
ONE_HOUR = timedelta(hours=1)


SETS = ("status", "tier", "team", "priority", "channel", "branch", "escalated_to")


@dataclass(frozen=True)
class Wanted:
    """Which tickets; an empty set or None asks for any. `assignee` is an id, or `none`."""

    status: frozenset[str] = frozenset()
    tier: frozenset[int] = frozenset()
    team: frozenset[str] = frozenset()
    priority: frozenset[str] = frozenset()
    channel: frozenset[str] = frozenset()
    branch: frozenset[str] = frozenset()
    escalated_to: frozenset[str] = frozenset()
    assignee: str | None = None
    requester: str | None = None
    unstaffed: bool = False
    reader: Actor | None = None  # whose sight is limited

    def described(self) -> str:
        """The same words for the same filters."""
        asked = ((f.name, getattr(self, f.name)) for f in fields(self) if f.name != "reader")
        return repr([(name, sorted(v) if isinstance(v, frozenset) else v) for name, v in asked])

    def matches(self, ticket: Ticket) -> bool:
        """Every filter, also those that an index has answered already."""
        if self.assignee is not None and (ticket.assignee_id or NOBODY) != self.assignee:
            return False
        if self.requester is not None and ticket.requester_id != self.requester:
            return False
        if self.unstaffed and not ticket.unstaffed_since:
            return False
        sets = ((name, getattr(self, name)) for name in SETS)
        asked = all(not values or getattr(ticket, name) in values for name, values in sets)
        return asked and (self.reader is None or can_read(self.reader, about(ticket, self.reader)))


@dataclass(frozen=True)
class Page:
    tickets: list[Ticket]
    next: str | None


def page(wanted: Wanted, reader: Actor, now: datetime, limit: int, cursor: str | None) -> Page:
    """A page of tickets. A requester finds their own, newest first. Raises Invalid.

    Those of an outside group find what is their team's.
    """
    found = _page(_within_sight(wanted, reader), reader, now, limit, cursor)
    tallies.refresh(found.tickets)
    return found


def _page(wanted: Wanted, reader: Actor, now: datetime, limit: int, cursor: str | None) -> Page:
    cursors = Cursors(f"{reader.id} {wanted.described()}", now)
    position = cursors.position(cursor)
    if not reader.is_staff:
        return _asked_by(reader.id, _in_public(wanted), limit, position, cursors)
    if wanted.requester:
        return _asked_by(wanted.requester, wanted, limit, position, cursors)
    rows = _rows(wanted, _unsealed(position, wanted), limit, now)
    found: list[Ticket] = []
    last, more = None, False
    for examined, (finished, ticket) in enumerate(rows):
        fits, is_full = wanted.matches(ticket), len(found) == limit
        if examined == EXAMINED_AT_MOST or (is_full and (fits or not wanted.reader)):
            more = True
            break
        if fits:
            found.append(ticket)
        if not is_full:
            last = [int(finished), str(ticket.list_rank)]
    return Page(found, cursors.at(_sealed(last, wanted)) if more else None)


def _sealed(position: Any, wanted: Wanted) -> Any:
    """A cursor can be read, and where reading ended may be a ticket that they may not see."""
    return [position[0], seal(POSITION, position[1])] if position and wanted.reader else position


def _unsealed(position: Any, wanted: Wanted) -> Any:
    return [position[0], unseal(POSITION, position[1])] if position and wanted.reader else position


def queues(now: datetime) -> list[dict[str, Any]]:
    """Per tier: its name, what `counts` says, who could take a ticket, and what found nobody."""
    names = settings.tier_names()
    return [
        {
            **queue,
            "name": names.get(queue["tier"], f"Tier {queue['tier']}"),
            "agents_eligible": dispatch.eligible_now(queue["tier"], now),
            **_unstaffed(queue["tier"], now),
            "on_call": paging.called_now(queue["tier"], now),
        }
        for queue in counts(now)
    ]


def counts(now: datetime) -> list[dict[str, Any]]:
    """Per tier: how many wait unassigned, since when, and what is due or late; a query each."""
    return [_counts(tier, now) for tier in TIERS]


def _unstaffed(tier: int, now: datetime) -> dict[str, Any]:
    rows = list(Ticket.waiting_in(tier, COUNTED_AT_MOST))
    expected = [row.expected_at for row in rows if row.expected_at and row.expected_at > now]
    return {
        "unstaffed": len(rows),
        "unstaffed_since": text_or_none(min((row.unstaffed_since for row in rows), default=None)),
        "expected_at": text_or_none(min(expected, default=None)),
    }


def _in_public(wanted: Wanted) -> Wanted:
    """Without asking for what is not shown to requesters: that would tell it."""
    return replace(wanted, team=frozenset(), escalated_to=frozenset(), unstaffed=False)


def _within_sight(wanted: Wanted, reader: Actor) -> Wanted:
    """What is their own they find in any case."""
    own = reader.id in (wanted.assignee, wanted.requester)
    if not reader.is_limited or own:
        return wanted
    wanted = replace(wanted, reader=reader)
    return replace(wanted, team=frozenset({reader.team or ""})) if reader.outside else wanted


def _counts(tier: int, now: datetime) -> dict[str, Any]:
    lists = worklists.tier_lists([tier])
    rows = [row for name in lists for row in Ticket.glance(name, COUNTED_AT_MOST)]
    waiting = [row.created_at for row in rows if not row.assignee_id and not row.parent]
    late = sum(row.list_rank <= worklists.rank_at(now) for row in rows)
    soon = sum(row.list_rank <= worklists.rank_at(now + ONE_HOUR) for row in rows)
    return {
        "tier": tier,
        "open": len(rows),
        "waiting": len(waiting),
        "unstaffed": sum(row.unstaffed_since is not None for row in rows),
        "oldest_at": to_text(min(waiting)) if waiting else None,
        "due_within_hour": soon - late,
        "breached": late,
        "counted_at_most": COUNTED_AT_MOST,
    }


def _rows(
    wanted: Wanted, position: Any, limit: int, now: datetime
) -> Iterator[tuple[bool, Ticket]]:
    in_finished, after = position or (0, None)
    if not in_finished and _may_be_active(wanted):
        yield from ((False, ticket) for ticket in _active(wanted, after, limit))
    if _may_be_finished(wanted):
        yield from (
            (True, t) for t in _finished(wanted, after if in_finished else None, limit, now)
        )


def _active(wanted: Wanted, after: str | None, limit: int) -> Iterator[Ticket]:
    span = worklists.span(after, finished=False)
    if wanted.assignee and wanted.assignee != NOBODY:
        return Ticket.held_by(wanted.assignee, span, limit + 1)
    names = worklists.tier_lists(sorted(wanted.tier) or None)
    parts = [Ticket.ranked(name, span, limit + 1) for name in names]
    return heapq.merge(*parts, key=lambda ticket: ticket.list_rank)


def _finished(wanted: Wanted, after: str | None, limit: int, now: datetime) -> Iterator[Ticket]:
    span = worklists.span(after, finished=True)
    if wanted.assignee and wanted.assignee != NOBODY:
        yield from Ticket.held_by(wanted.assignee, span, limit + 1, backwards=True)
        return
    for name in worklists.finished_lists(now):
        yield from Ticket.ranked(name, span, limit + 1, backwards=True)


def _asked_by(person: str, wanted: Wanted, limit: int, position: Any, cursors: Cursors) -> Page:
    rows = Ticket.asked_by(person, position, EXAMINED_AT_MOST if wanted.reader else limit + 1)
    if wanted.reader:  # whether there is more is asked of what they may see
        rows = [ticket for ticket in rows if wanted.matches(ticket)]
    page = list(islice(rows, limit))
    more = len(rows) > limit
    cursor = cursors.at([to_text(page[-1].created_at), page[-1].ticket_id]) if more else None
    return Page([ticket for ticket in page if wanted.matches(ticket)], cursor)


def _may_be_active(wanted: Wanted) -> bool:
    return not wanted.status or any(Status(status) in ACTIVE for status in wanted.status)


def _may_be_finished(wanted: Wanted) -> bool:
    return not wanted.status or any(Status(status) not in ACTIVE for status in wanted.status)
