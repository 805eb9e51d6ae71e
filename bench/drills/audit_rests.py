"""What time alone does beside the clocks: a hold that ends, a solved ticket that closes."""

from collections.abc import Iterator

from bench.drills.life import DOUBLED, EARLY, EXPECTED, LOST, TAKEN, Finding, Life
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import from_text
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.vocabulary import Status
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import journal

RESUMED, CLOSED = "resumed by date", "closed by rest"
ENDS_A_HOLD = {Kind.HELD, Kind.RESUMED, Kind.RESOLVED}


def resumed(life: Life) -> Iterator[Finding]:
    """Each hold until a date ends once, by itself or by a person, and not before that date."""
    until = None
    for entry in life.entries:
        if entry.kind == Kind.RESUMED and entry.by["id"] == SYSTEM.id:
            yield from _once(RESUMED, entry, until is None)
            if until and from_text(until) > life.tried_at(entry):
                yield Finding(EARLY, RESUMED, (entry.ticket_id, entry.entry_id))
        if entry.kind in ENDS_A_HOLD:
            until = entry.data.get("until")
    held_until = journal.held_until(life.ticket)
    if held_until and held_until <= life.last:
        yield from _never(RESUMED, life)


def closed(life: Life) -> Iterator[Finding]:
    """A solved ticket closes once, and not before it has rested."""
    ticket, before = life.ticket, False
    closes_at = ticket.resolved_at and ticket.resolved_at + journal.CLOSES_AFTER
    for entry in (one for one in life.entries if one.kind == Kind.CLOSED):
        yield from _once(CLOSED, entry, before)
        before = True
        if closes_at > life.tried_at(entry):
            yield Finding(EARLY, CLOSED, (entry.ticket_id, entry.entry_id))
    if ticket.status == Status.RESOLVED and closes_at <= life.last:
        yield from _never(CLOSED, life)


def _once(kind: str, entry: TimelineEntry, is_again: bool) -> Iterator[Finding]:
    if is_again:
        yield Finding(DOUBLED, kind, (entry.ticket_id, entry.entry_id))
    else:
        yield Finding(EXPECTED, kind, None)
        yield Finding(TAKEN, kind, None)


def _never(kind: str, life: Life) -> Iterator[Finding]:
    yield Finding(EXPECTED, kind, None)
    yield Finding(LOST, kind, life.ticket.ticket_id)
