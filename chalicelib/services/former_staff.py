"""Somebody who worked here, on the tickets of others: named by a pseudonym, list by list."""

from datetime import UTC, datetime

from chalicelib.domain.worklists import finished_since, span, tier_lists
from chalicelib.models.saving import save_together
from chalicelib.models.ticket import Ticket
from chalicelib.services import journal
from chalicelib.services.erasing import Erased, rename_in, rewrite
from chalicelib.services.work import Page

PAGE = 25
YEARS = 10  # of finished tickets
FINISHED = "finished/"
EVER = datetime(1970, 1, 1, tzinfo=UTC)


def lists(now: datetime) -> list[str]:
    """Every ticket stands in one of them."""
    return [*tier_lists(), *(f"{FINISHED}{now.year - age}" for age in range(YEARS))]


def total_of(name: str) -> int:
    return Ticket.count_in(name, _span(name, None))


def page_of(name: str, cursor: str | None, who: Erased) -> Page:
    rows = list(Ticket.page_of(name, _span(name, cursor), PAGE))
    changed = sum(rename_on(one.ticket_id, who) for one in rows)
    return Page(len(rows), changed, rows[-1].list_rank if len(rows) == PAGE else None)


@journal.retried
def rename_on(ticket_id: str, who: Erased) -> bool:
    """Answers whether they were named on it. What was written stays: it is the desk's."""
    ticket = Ticket.find(ticket_id)
    if ticket is None:
        return False
    in_entries = rewrite(ticket_id, who, words=False)
    on_ticket = rename_in(ticket, who)
    if on_ticket:
        save_together(ticket)
    return in_entries or on_ticket


def _span(name: str, after: str | None) -> tuple[str, str]:
    return finished_since(EVER, after) if name.startswith(FINISHED) else span(after, finished=False)
