"""Every timed Lambda, on one page."""

from datetime import datetime, timedelta
from typing import Any

from chalice.app import Blueprint, Rate

from chalicelib.domain.worklists import due_shards
from chalicelib.handlers.entry import on_the_clock
from chalicelib.observability import count, logger, measure
from chalicelib.services import clock, escalations

PAGE = 100
ROOM_TO_FINISH_MS = 10_000
LATER = timedelta(minutes=5)

schedules = Blueprint(__name__)


@schedules.schedule(Rate(1, unit=Rate.MINUTES), name="escalate_overdue_tickets")
@on_the_clock
def escalate_overdue_tickets(context: Any) -> dict[str, int]:
    """Warn, mark breaches and escalate whatever has become due, oldest first in each shard."""
    now = clock.now()
    swept = {shard: _sweep(shard, now, context) for shard in due_shards()}
    count("TicketsSwept", sum(swept.values()))
    count("SweepFinished")
    return swept


def _sweep(shard: str, now: datetime, context: Any) -> int:
    done = 0
    while found := escalations.due(now, shard, PAGE):
        measure("SweepLagSeconds", max(lag for _, lag in found))
        for ticket_id, _ in found:
            _advance(ticket_id, now)
        done += len(found)
        if len(found) < PAGE or context.get_remaining_time_in_millis() < ROOM_TO_FINISH_MS:
            break
    return done


def _advance(ticket_id: str, now: datetime) -> None:
    try:
        escalations.advance(ticket_id, now)
    except Exception:
        logger.exception("ticket could not be swept", ticket_id=ticket_id)
        count("PoisonTicket")
        _push_ahead(ticket_id, now + LATER)


def _push_ahead(ticket_id: str, until: datetime) -> None:
    try:
        escalations.push_ahead(ticket_id, until)
    except Exception:  # it may have left the index meanwhile; the rest must be swept all the same
        logger.exception("poison ticket stays", ticket_id=ticket_id)
