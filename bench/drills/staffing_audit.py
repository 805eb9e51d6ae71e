"""Reads every ticket and everybody's load, and finds what is lost, doubled, too much or left.

To be asked when the desk has come to rest: nothing is under way any more.
"""

from collections.abc import Iterator
from datetime import datetime

from bench.drills.staffing_story import Remark, told
from chalicelib.domain.assignment import Strategy
from chalicelib.domain.teams import LEFT
from chalicelib.domain.vocabulary import ACTIVE, IN_WORK, TIERS, Priority, Status
from chalicelib.domain.workload import weight_of
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import dispatch, hand_over, settings, staff

HELD, COUNTED, FITS = "tickets owned or seen to wait", "loads as the tickets weigh", "loads in room"
NOT_PASSED_BY, NOT_LEFT = "waiting, as nobody could take it", "owners who are there"
EVERYTHING = 100_000


def audit(now: datetime) -> Iterator[Remark]:
    """All remarks, right and wrong ones."""
    staff.forget()
    tickets = list(Ticket.scan(consistent_read=True))
    timelines: dict[str, list[TimelineEntry]] = {one.ticket_id: [] for one in tickets}
    for entry in sorted(TimelineEntry.scan(consistent_read=True), key=lambda one: one.entry_id):
        timelines[entry.ticket_id].append(entry)
    for ticket in tickets:
        yield from told(ticket.ticket_id, timelines[ticket.ticket_id], ticket.assignee_id)
    yield from _held(tickets)
    people = list(Person.scan(consistent_read=True))
    yield from _loads(people, tickets)
    yield from _passed_by(tickets, now)
    yield from _left(tickets, {one.person_id: one for one in people}, now)


def _held(tickets: list[Ticket]) -> Iterator[Remark]:
    """Each open ticket has one owner, or is listed as waiting, or is for its team to pull."""
    listed = {one.ticket_id for tier in TIERS for one in Ticket.waiting_in(tier, EVERYTHING)}
    for ticket in tickets:
        is_open, waits = ticket.status in ACTIVE, ticket.ticket_id in listed
        pulled = dispatch.strategy_of(ticket) is Strategy.PULL
        owned = bool(ticket.assignee_id)
        wrong = ""
        if is_open and not (owned or waits or pulled):
            wrong = "is nobody's, and nobody sees it wait"
        elif waits != bool(ticket.unstaffed_since) or (waits and (owned or not is_open)):
            wrong = f"listed as waiting: {waits}, since {ticket.unstaffed_since}, owned: {owned}"
        yield Remark(HELD, ticket.ticket_id, wrong)


def _loads(people: list[Person], tickets: list[Ticket]) -> Iterator[Remark]:
    """By what the tickets are, not by what they note to be counted as."""
    for person in people:
        load, truth = int(person.load or 0), sum(_weights_of(person, tickets))
        drifted = f"counted as {load}, is {truth}"
        yield Remark(COUNTED, person.person_id, "" if load == truth else drifted)


def fits() -> Iterator[Remark]:
    """Where no capacity was lowered, and nobody took anything by hand.

    Beyond their capacity can only be who had nothing, and was given one ticket that is heavier.
    """
    tickets = list(Ticket.scan(consistent_read=True))
    for person in Person.scan(consistent_read=True):
        held = _weights_of(person, tickets)
        is_over = sum(held) > int(person.capacity) and len(held) > 1
        wrong = f"{sum(held)} of {person.capacity}" if is_over else ""
        yield Remark(FITS, person.person_id, wrong)


def _weights_of(person: Person, tickets: list[Ticket]) -> list[int]:
    held = (one for one in tickets if one.assignee_id == person.person_id)
    weights = (weight_of(Status(one.status), Priority(one.priority)) for one in held)
    return [weight for weight in weights if weight]


def _passed_by(tickets: list[Ticket], now: datetime) -> Iterator[Remark]:
    for ticket in tickets:
        if ticket.unstaffed_since and dispatch.strategy_of(ticket) is not Strategy.PULL:
            choice = dispatch.would_choose(ticket, now)
            wrong = f"could go to {choice.reason}" if choice.candidate else ""
            yield Remark(NOT_PASSED_BY, ticket.ticket_id, wrong)


def _left(tickets: list[Ticket], people: dict[str, Person], now: datetime) -> Iterator[Remark]:
    """Who is gone holds nothing that the rule of their team moves on."""
    for ticket in tickets:
        owner = people.get(ticket.assignee_id or "")
        if owner is None or ticket.status not in ACTIVE:
            continue
        reason = hand_over.why_gone(owner, now)
        stays = reason is None or not _moves(ticket, owner, reason)
        wrong = "" if stays else f"with {owner.name}: {reason}"
        yield Remark(NOT_LEFT, ticket.ticket_id, wrong)


def _moves(ticket: Ticket, owner: Person, reason: str) -> bool:
    in_work = ticket.status in IN_WORK or reason == LEFT
    rule = settings.team_of(owner.team)
    return (in_work and rule.moves(ticket.priority, reason)) or ticket.accept_by is not None
