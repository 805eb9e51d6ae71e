"""Where a new ticket goes: the first routing rule that is for it, and a dry run of a draft."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from chalicelib.domain import routing
from chalicelib.domain.conditions import TEXT, Facts
from chalicelib.domain.instants import to_text
from chalicelib.domain.routing import Rule
from chalicelib.domain.worklists import finished_lists, span, tier_lists
from chalicelib.models.ticket import Ticket
from chalicelib.services import clocks, settings
from chalicelib.services.reading import descriptions_of

EXAMINED_AT_MOST = 1000  # open tickets; they are listed by urgency, not by age


def route(ticket: Ticket, description: str) -> Rule:
    """Send a ticket that is about to be opened to its tier, team and skills; answers by which rule.

    A rule's priority takes the place of that of impact and urgency.
    """
    rule = routing.first_match(settings.rules(), facts_of(ticket, description))
    ticket.tier, ticket.team, ticket.skills = rule.tier, rule.team, rule.skills or None
    ticket.priority = rule.priority or ticket.priority
    return rule


def facts_of(ticket: Ticket, description: str) -> Facts:
    """What the conditions of rules look at: as policies do, and the language and the words."""
    text = f"{ticket.subject}\n{description}"
    return {**clocks.facts_of(ticket), "language": ticket.language, TEXT: text}


def dry_run(rules: list[Rule], limit: int, now: datetime) -> list[dict[str, Any]]:
    """What rules would have done to the last tickets, newest first.

    Rows of `{ticket, subject, created_at, now: {tier, team}, then: {rule, tier, team, skills,
    priority}, changed}`. Their facts are as they are today.
    """
    found = _last_tickets(limit, now)
    words = descriptions_of(found)
    return [_row(one, words.get(one.ticket_id, ""), rules) for one in found]


def _row(ticket: Ticket, description: str, rules: list[Rule]) -> dict[str, Any]:
    rule = routing.first_match(rules, facts_of(ticket, description))
    before = routing.first_match(settings.rules(), facts_of(ticket, description))
    goal, known = _goal(rule), _goal(before)
    return {
        "ticket": ticket.ticket_id, "subject": ticket.subject,
        "created_at": to_text(ticket.created_at),
        "now": {"rule": before.id, **known}, "then": {"rule": rule.id, **goal},
        "changed": goal != known,
    }  # fmt: skip


def _goal(rule: Rule) -> dict[str, Any]:
    return {"tier": rule.tier, "team": rule.team, "skills": rule.skills, "priority": rule.priority}


def _last_tickets(limit: int, now: datetime) -> list[Ticket]:
    rows = [*islice(_open(), EXAMINED_AT_MOST), *islice(_finished(now), limit)]
    return sorted(rows, key=lambda one: one.created_at, reverse=True)[:limit]


def _open() -> Iterator[Ticket]:
    for name in tier_lists():
        yield from Ticket.ranked(name, span(None, finished=False), EXAMINED_AT_MOST)


def _finished(now: datetime) -> Iterator[Ticket]:
    for name in finished_lists(now):
        yield from Ticket.ranked(name, span(None, finished=True), 100, backwards=True)
