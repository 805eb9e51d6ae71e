"""Tickets for which nobody was found, offered again: the most urgent first, to whoever is best."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.adapters import queues
from chalicelib.models.ticket import Ticket
from chalicelib.observability import count, logger
from chalicelib.services import dispatch, staff

PAGE = 200
AT_ONCE = 50  # given out in one run, which has thirty seconds


@dataclass(frozen=True)
class Run:
    """How many were given to somebody, and where the next run begins if there is more."""

    offered: int
    next: str | None


def offer(tier: int, now: datetime, after: str | None = None) -> Run:
    """Hand out what can be handed out of a page of a tier's waiting tickets.

    One that finds nobody but lacks only room has those who could take it kept free from less
    urgent ones. One that fails keeps no other back.
    """
    staff.forget()
    offered, kept = 0, dict[str, frozenset[str]]()
    waiting = list(Ticket.waiting_in(tier, PAGE, after))
    for ticket in waiting:
        if _given(ticket, tier, _kept_before(kept, ticket.priority), now):
            offered += 1
            if offered == AT_ONCE:
                return Run(offered, str(ticket.unstaffed_rank))
        else:
            ids = dispatch.kept_for(ticket, now)
            kept[ticket.priority] = kept.get(ticket.priority, frozenset()) | ids
    return Run(offered, str(waiting[-1].unstaffed_rank) if len(waiting) == PAGE else None)


def tell_again(team_id: str) -> int:
    """Tell the tiers of what waited for a team that pulled and does not any more."""
    waiting = list(Ticket.pulled_by(team_id))
    for ticket in waiting:
        queues.send_one(f"tier{int(ticket.tier)}", {"ticket_id": ticket.ticket_id})
    return len(waiting)


def _given(ticket: Ticket, tier: int, kept: frozenset[str], now: datetime) -> bool:
    """Choosing comes first, for it costs nothing; only what can go, or needs a look, is read."""
    try:
        given = dispatch.try_again(ticket, tier, kept, now)
    except Exception:
        logger.exception("waiting ticket could not be offered", ticket_id=ticket.ticket_id)
        count("PoisonTicket")
        return False
    return given is not None and given.assignee_id is not None


def _kept_before(kept: dict[str, frozenset[str]], priority: str) -> frozenset[str]:
    before: Iterable[frozenset[str]] = (ids for one, ids in kept.items() if one < priority)
    return frozenset[str]().union(*before)
