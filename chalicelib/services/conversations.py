"""What is said on a ticket: public replies and internal notes."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain.attachments import Upload
from chalicelib.domain.errors import Conflict
from chalicelib.domain.events import Kind
from chalicelib.domain.lifecycle import after_agent_reply, after_requester_message, is_final
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import check_can_work, is_requester
from chalicelib.domain.vocabulary import IN_WORK, Status
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import attachments, deadlines, intake, journal, tickets
from chalicelib.services.once import Once

WAITED = frozenset({Status.PENDING, Status.ON_HOLD})


@journal.retried
def reply(
    ticket_id: str,
    body: str,
    actor: Actor,
    now: datetime,
    status: Status | None = None,
    seen: int | None = None,
    *,
    files: Sequence[Upload] = (),
    once: Once | None = None,
) -> tuple[Ticket, TimelineEntry]:
    """A public message. An agent's stops the response clocks, a requester's wakes the ticket.

    A requester's reply to what was finished long ago opens a new, linked ticket, and that is
    answered. Raises Conflict if an agent replies to one, NotPermitted if a requester sets a
    status, Stale.
    """
    ticket = journal.load(ticket_id, actor, seen)
    asks = is_requester(actor, ticket.requester_id) and not (actor.is_staff and status)
    if asks:
        ticket = _going_on(ticket, actor, now)
    if asks and tickets.is_past_reopening(ticket, now):
        return intake.follow_up(ticket, body, actor, now, files=files, once=once)
    if is_final(Status(ticket.status)):
        raise Conflict(f"This ticket is {ticket.status}; please open a new one.")
    tickets.check_can_go_on(ticket, status, now)
    speak = _ask if asks else _answer
    waited = ticket.status in WAITED
    entries = speak(ticket, actor, status, now)
    woke = {"woke": True} if asks and waited and ticket.status in IN_WORK else {}
    data = {"body": body, "status": ticket.status, **woke}
    said = journal.entry(ticket, Kind.REPLY, actor, now, data)
    carried = attachments.claim(ticket, said, files, now)
    journal.save(ticket, [said, *entries], now, *carried, once=once)
    return ticket, said


@journal.retried
def note(
    ticket_id: str, body: str, actor: Actor, now: datetime,
    seen: int | None = None, *, files: Sequence[Upload] = (), once: Once | None = None,
) -> tuple[Ticket, TimelineEntry]:  # fmt: skip
    """An internal message: no clock hears it, no requester reads it."""
    ticket = journal.load(ticket_id, actor, seen)
    check_can_work(actor)
    written = journal.entry(ticket, Kind.NOTE, actor, now, {"body": body})
    carried = attachments.claim(ticket, written, files, now)
    journal.save(ticket, [written], now, *carried, once=once)
    return ticket, written


@journal.retried
def log_call(
    ticket_id: str, body: str, actor: Actor, now: datetime,
    seen: int | None = None, *, files: Sequence[Upload] = (), once: Once | None = None,
) -> tuple[Ticket, TimelineEntry]:  # fmt: skip
    """A telephone call with the requester: an answer like a reply, its minutes stay internal."""
    ticket = journal.load_to_work(ticket_id, actor, seen)
    logged = journal.entry(ticket, Kind.CALL, actor, now, {"body": body})
    late = _taken_up(ticket, actor, None, now)
    carried = attachments.claim(ticket, logged, files, now)
    journal.save(ticket, [logged, *late], now, *carried, once=once)
    return ticket, logged


def _going_on(ticket: Ticket, requester: Actor, now: datetime) -> Ticket:
    """The ticket on which a requester's words belong: the last that went on with this one."""
    while ticket.followed_by and tickets.is_past_reopening(ticket, now):
        ticket = journal.load(ticket.followed_by, requester)
    return ticket


def _answer(
    ticket: Ticket, agent: Actor, wanted: Status | None, now: datetime
) -> list[TimelineEntry]:
    status = after_agent_reply(Status(ticket.status), wanted)
    if status is Status.RESOLVED and ticket.status != Status.RESOLVED:
        late = tickets.resolve_loaded(ticket, now, by_staff=True)
        data = {"summary": "", "code": None, "with_reply": True}
        return [*late, journal.entry(ticket, Kind.RESOLVED, agent, now, data)]
    return _taken_up(ticket, agent, wanted, now)


def _taken_up(
    ticket: Ticket, agent: Actor, wanted: Status | None, now: datetime
) -> list[TimelineEntry]:
    before = Status(ticket.status)
    status = after_agent_reply(before, wanted)
    late = [*deadlines.answered(ticket, now), *tickets.become(ticket, status, now)]
    if before is Status.RESOLVED and status is not before:
        return [*late, _reopened(ticket, agent, now), *tickets.stand_alone(ticket, now)]
    return late


def _ask(
    ticket: Ticket, requester: Actor, wanted: Status | None, now: datetime
) -> list[TimelineEntry]:
    if wanted is not None:
        check_can_work(requester)
    before = Status(ticket.status)
    late = tickets.become(ticket, after_requester_message(before), now)
    apart = tickets.stand_alone(ticket, now) if before is Status.RESOLVED else []
    deadlines.asked(ticket, now)
    if before is not Status.RESOLVED:
        return late
    return [*late, _reopened(ticket, requester, now), *apart]


def _reopened(ticket: Ticket, actor: Actor, now: datetime) -> TimelineEntry:
    return journal.entry(ticket, Kind.REOPENED, actor, now, {"tier": int(ticket.tier)})
