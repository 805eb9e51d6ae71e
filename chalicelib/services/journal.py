"""A ticket and what happened to it, read and saved together."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain import sla, worklists
from chalicelib.domain.assignment import Strategy
from chalicelib.domain.errors import Conflict, NotFound, Stale
from chalicelib.domain.events import Kind
from chalicelib.domain.identifiers import entry_id, is_ticket_id
from chalicelib.domain.instants import from_text, to_text
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import check_can_read, check_can_work
from chalicelib.domain.sla_steps import next_step
from chalicelib.domain.visibility import is_public
from chalicelib.domain.vocabulary import ACTIVE, IN_WORK, Status
from chalicelib.models.attachment import Attachment
from chalicelib.models.base import Check, Record, Update
from chalicelib.models.marker import Marker
from chalicelib.models.person import Person
from chalicelib.models.saving import NotSaved, save_together
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import loads, origin, settings, sight
from chalicelib.services.clocks import clocks_of, policy_of, record_ended
from chalicelib.services.once import Once, mark_of, raise_what_was_done
from chalicelib.services.retrying import retried as retried

CLOSES_AFTER = timedelta(days=5)


def load(ticket_id: str, actor: Actor, seen: int | None = None) -> Ticket:
    """The ticket, if the actor may see it. Raises NotFound, or Stale when it is not as seen."""
    ticket = Ticket.find(ticket_id) if is_ticket_id(ticket_id) else None
    if ticket is None:
        raise NotFound("There is no such ticket.")
    check_can_read(actor, sight.about(ticket, actor))
    if seen is not None and seen != ticket.version:
        raise Stale(int(ticket.version))
    return ticket


def load_to_work(ticket_id: str, actor: Actor, seen: int | None = None) -> Ticket:
    """The ticket for a change that only staff make, while it is open.

    Raises NotFound, Stale, NotPermitted, Conflict.
    """
    ticket = load(ticket_id, actor, seen)
    check_can_work(actor)
    if ticket.status not in ACTIVE:
        raise Conflict(f"This ticket is {ticket.status}; reopen it first.")
    return ticket


def entry(
    ticket: Ticket, kind: Kind, actor: Actor, now: datetime, data: dict[str, Any] | None = None
) -> TimelineEntry:
    """What happened, to be saved with the ticket."""
    by = {"id": actor.id, "name": actor.name, "role": actor.role.value}
    return TimelineEntry(
        ticket_id=ticket.ticket_id, kind=kind.value, at=now, by=by,
        public=is_public(kind), data=data or {}, address=origin.address(),
    )  # fmt: skip


def save(
    ticket: Ticket,
    entries: Sequence[TimelineEntry],
    now: datetime,
    *others: Record,
    once: Once | None = None,
    chosen: Person | None = None,
    by_hand: bool = False,
    checks: Sequence[Check] = (),
    updates: Sequence[Update] = (),
) -> None:
    """Ticket, entries, its agents' loads and the idempotency mark in one write.

    `chosen` is an agent to whom the machine gives it; `by_hand` says that somebody is given it who
    has to be here still. Raises NotSaved or AlreadyDone.
    """
    version = prepare(ticket, entries, now)
    moved = loads.settle(ticket, now, chosen, by_hand)
    marks = [mark_of(once, ticket, entries[0], version)] if once else []
    try:
        save_together(ticket, *entries, *others, *marks, updates=[*moved, *updates], checks=checks)
    except NotSaved as error:
        if once and any(isinstance(record, Marker) for record in error.beaten):
            raise_what_was_done(once)
        if any(isinstance(record, Attachment) for record in error.beaten):
            raise Conflict("A file of this message is on another message already.") from error
        raise


def prepare(ticket: Ticket, entries: Sequence[TimelineEntry], now: datetime) -> int:
    """Bring a ticket and what happened to it into the state to be written; answers its version.

    The first entry keeps the cycles of clocks that ended with it, and their verdicts.
    """
    ticket.updated_at = now
    version = int(ticket.version or 0) + 1
    for position, one in enumerate(entries):
        one.entry_id, one.tier = entry_id(version, position), ticket.tier
    ended = record_ended(ticket)
    if ended:
        entries[0].cycles = [*(entries[0].cycles or []), *ended]
    place(ticket)
    return version


def place(ticket: Ticket) -> None:
    """Put the ticket where its state belongs in the work lists and among what is due or waits."""
    status, clocks = Status(ticket.status), clocks_of(ticket)
    args = (status, ticket.ticket_id, ticket.updated_at)
    ticket.list_name = worklists.list_name(int(ticket.tier), *args)
    ticket.list_rank = worklists.list_rank(sla.next_deadline_at(clocks), *args)
    _place_among_waiting(ticket)
    due = _due_at(ticket, status, clocks)
    ticket.due_at = to_text(due) if due else None
    ticket.due_shard = worklists.due_shard(ticket.ticket_id) if due else None


def place_again(ticket: Ticket) -> None:
    """Move a ticket whose due time means nothing any more, as after a change of its policy."""
    place(ticket)
    save_together(ticket)


def held_until(ticket: Ticket) -> datetime | None:
    """The date that a ticket on hold waits for."""
    until = ticket.hold["until"] if ticket.hold else None
    return from_text(until) if until else None


def _place_among_waiting(ticket: Ticket) -> None:
    """Who is finished, has an agent or is a part of another incident waits for nobody."""
    if ticket.status not in ACTIVE or ticket.assignee_id or ticket.parent:
        ticket.unstaffed_since = ticket.expected_at = ticket.page = None
    if ticket.status not in ACTIVE or ticket.parent:
        ticket.accept_by = None
    if not ticket.unstaffed_since:
        ticket.expected_at = None
    ticket.unstaffed_in = _waiting_list(ticket)
    since = ticket.unstaffed_since or ticket.created_at
    rank = worklists.waiting_rank(ticket.priority, since, ticket.ticket_id)
    ticket.unstaffed_rank = rank if ticket.unstaffed_in else None


def _waiting_list(ticket: Ticket) -> str | None:
    if ticket.unstaffed_since:
        return worklists.waiting_list(int(ticket.tier))
    is_free = not ticket.assignee_id and not ticket.parent
    waits = ticket.status in ACTIVE and is_free and bool(ticket.team)
    pulls = waits and settings.team_of(ticket.team).strategy == Strategy.PULL
    return worklists.pull_list(str(ticket.team)) if pulls else None


def page_goes_up_at(ticket: Ticket) -> datetime | None:
    """Until when whom a ticket called may acknowledge that."""
    by = ticket.page.get("ack_by") if ticket.page and ticket.status in IN_WORK else None
    return from_text(by) if by else None


def _due_at(ticket: Ticket, status: Status, clocks: tuple[sla.Clock, ...]) -> datetime | None:
    if status is Status.RESOLVED and ticket.resolved_at:
        return ticket.resolved_at + CLOSES_AFTER
    if status not in ACTIVE:
        return None
    step = next_step(clocks, policy_of(ticket))
    gone_up_at = page_goes_up_at(ticket)
    instants = (step.at if step else None, held_until(ticket), ticket.accept_by, gone_up_at)
    return min((at for at in instants if at), default=None)
