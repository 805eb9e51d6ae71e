"""Every timed Lambda, on one page."""

from datetime import datetime
from typing import Any, cast

from chalice.app import Blueprint, CloudWatchEvent, Rate

from chalicelib.domain.instants import from_text
from chalicelib.handlers.entry import on_the_clock
from chalicelib.handlers.sweeping import advance_or_push_ahead
from chalicelib.observability import count, logger, measure
from chalicelib.services import alert_watch, clock, jobs, staffing, sweeping

ROOM_TO_FINISH_MS = 10_000
LOOKS_FOR_JOBS_EVERY = 5  # minutes

schedules = Blueprint(__name__)


@schedules.schedule(Rate(1, unit=Rate.MINUTES), name="escalate_overdue_tickets")
@on_the_clock
def escalate_overdue_tickets(event: CloudWatchEvent) -> dict[str, int]:
    """Warn, mark breaches and escalate whatever has become due, the oldest first."""
    due = sweeping.find(_scheduled_at(event))
    measure("SweepLagSeconds", due.lag + _late_by(event) if due.ticket_ids else 0)
    swept = _advance(due.ticket_ids, event)
    count("TicketsSwept", swept)
    count("TicketsHandedOn", due.handed_on)
    count("SweepFinished")
    _resume_jobs(_scheduled_at(event))
    return {"swept": swept, "handed_on": due.handed_on}


@schedules.schedule(Rate(1, unit=Rate.MINUTES), name="change_shifts")
@on_the_clock
def change_shifts(event: CloudWatchEvent) -> dict[str, int]:
    """See who comes on shift, who goes, and who is back from being away."""
    changed = staffing.change_shifts(_scheduled_at(event))
    count("ShiftsChanged")
    return changed


@schedules.schedule(Rate(1, unit=Rate.MINUTES), name="watch_alerts")
@on_the_clock
def watch_alerts(event: CloudWatchEvent) -> dict[str, int]:
    """Resolve what stayed quiet, say what is stale or steady, open what outlasts maintenance."""
    looked = alert_watch.look_at_all(_scheduled_at(event))
    count("AlertsWatched")
    return {"looked": looked}


def _advance(ticket_ids: list[str], event: CloudWatchEvent) -> int:
    """As many as there is time for; what is left is due still, and comes first in the next tick."""
    now, context, swept = _scheduled_at(event), cast("Any", event.context), 0
    for ticket_id in ticket_ids:
        if context.get_remaining_time_in_millis() < ROOM_TO_FINISH_MS:
            break
        advance_or_push_ahead(ticket_id, now)
        swept += 1
    return swept


def _late_by(event: CloudWatchEvent) -> float:
    """Seconds since the tick was meant to run; what was due then has waited so much longer."""
    return max((clock.now() - _scheduled_at(event)).total_seconds(), 0)


def _resume_jobs(now: datetime) -> None:
    """Every few minutes; whatever goes wrong with jobs, the sweep is done by then."""
    if now.minute % LOOKS_FOR_JOBS_EVERY:
        return
    try:
        count("JobsResumed", jobs.resume_stalled(now))
    except Exception:
        logger.exception("stalled jobs could not be resumed")


def _scheduled_at(event: CloudWatchEvent) -> datetime:
    """By the schedule's own clock, one for all: a machine whose clock is ahead is never early."""
    told = event.to_dict().get("time")
    return from_text(told) if told else clock.now()
