"""Bringing open tickets under policies, calendars and branches as they are now, list by list."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain import sla
from chalicelib.domain.events import Kind
from chalicelib.domain.instants import to_text
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.vocabulary import ACTIVE
from chalicelib.domain.worklists import span, tier_lists
from chalicelib.models.job import Job
from chalicelib.models.ticket import Ticket
from chalicelib.services import clocks, deadlines, journal, settings
from chalicelib.services.work import Page, Work

PAGE = 50


@journal.retried
def recompute(ticket_id: str, why: str, now: datetime) -> bool:
    """Measure one ticket by what is in force now; answers whether that changed anything."""
    ticket = Ticket.find(ticket_id)
    if ticket is None or ticket.status not in ACTIVE or not deadlines.is_outdated(ticket):
        return False
    before = _measured(ticket)
    late = deadlines.renewed(ticket, now)
    data = {"why": why, "before": before, "after": _measured(ticket)}
    journal.save(ticket, [journal.entry(ticket, Kind.SLA_CHANGED, SYSTEM, now, data), *late], now)
    return True


def _page(job: Job, name: str, cursor: str | None, now: datetime) -> Page:
    rows = list(Ticket.page_of(name, span(cursor, finished=False), PAGE))
    outdated = [row for row in rows if deadlines.is_outdated(row)]
    why = str(job.about.get("why", ""))
    changed = sum(recompute(row.ticket_id, why, now) for row in outdated)
    return Page(len(rows), changed, rows[-1].list_rank if len(rows) == PAGE else None)


def _measured(ticket: Ticket) -> dict[str, str | None]:
    due = sla.next_deadline_at(clocks.clocks_of(ticket))
    return {
        "policy": f"{ticket.sla['policy']}@{ticket.sla['policy_version']}",
        "calendar": f"{ticket.sla['calendar']}@{ticket.sla['calendar_version']}",
        "next_deadline_at": to_text(due) if due else None,
    }


def _lists(job: Job) -> Iterable[str]:
    return tier_lists()


def _total(job: Job, name: str) -> int:
    return Ticket.count_in(name, span(None, finished=False))


WORK = Work(_lists, _total, _page, settles_after=settings.KEPT_FOR_SECONDS + 5)
