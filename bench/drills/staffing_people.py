"""What people do at the desk of the drill of staffing.

Nobody of a tier takes anything by hand, and no solved ticket of theirs is opened again: whatever
they get, the machine gave it to them. Lea, who is of no tier, does both.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bench.drills.plan import Change
from bench.drills.staffing_desk import ADA, CAPACITIES, LEA, SITES, Agent, agents
from bench.drills.staffing_plan import OF_AGENTS
from chalicelib.domain.errors import Conflict, DeskError
from chalicelib.domain.people import Actor, Requester, requester_id
from chalicelib.domain.vocabulary import Availability, HoldReason, Level, Role
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.services import (
    conversations,
    escalations,
    intake,
    members,
    ownership,
    tickets,
    transfers,
)

TAGS = (*(None,) * 5, "sun", "sun", "lab", "network", "up", "up", "top")
LOCALES = (*(None,) * 3, "pt-PT", "ja-JP", "fr-FR")
BY_ITS_AGENT = frozenset({"accept", "reply", "resolve", "hold", "resume"})
EASY = {"impact": Level.LOW.value, "urgency": Level.LOW.value}

OfTicket = Callable[[str, Actor, datetime, int], Any]
OfAgent = Callable[[Agent, datetime, int], Any]


class Desk:
    """Does what is planned, and remembers which tickets were opened and solved here."""

    def __init__(self) -> None:
        self._ids: dict[int, str] = {}
        self._solved: set[int] = set()

    def do(self, change: Change, now: datetime) -> bool | None:
        """Whether it was possible, as much that people try is not; None for what nobody tries."""
        is_solved = change.what not in OF_AGENTS and change.ticket in self._solved
        if is_solved != (change.what == "reopen"):
            return None
        try:
            if change.what in OF_AGENTS:
                ACTS_OF_AGENTS[change.what](agents()[change.ticket], now, change.span)
            elif change.what == "open":
                self._ids[change.ticket] = _open(change.ticket, now)
            else:
                self._go_on(change, now)
        except DeskError:
            return False
        return True

    def _go_on(self, change: Change, now: datetime) -> None:
        _work_on(self._ids[change.ticket], change, now)
        if change.what == "resolve":
            self._solved.add(change.ticket)
        if change.what == "reopen":
            self._solved.remove(change.ticket)


def _open(number: int, now: datetime) -> str:
    random, levels = Random(number), list(Level)
    email, tag = f"r{random.randrange(80)}@shop.example", random.choice(TAGS)
    asker = Actor(requester_id(email), email, Role.REQUESTER, email)
    draft = intake.Draft(
        subject=f"Number {number}",
        description="Since nine, nothing works.",
        requester=Requester(asker.id, email, locale=random.choice(LOCALES)),
        impact=random.choice(levels),
        urgency=random.choice(levels),
        tags=[tag] if tag else [],
    )
    return str(intake.open_ticket(draft, asker, now).ticket.ticket_id)


def _work_on(ticket_id: str, change: Change, now: datetime) -> None:
    """Whose it is at this moment does it; where it is nobody's, Lea, if she may."""
    ticket = Ticket.find(ticket_id)
    owner = Person.find(ticket.assignee_id) if ticket and ticket.assignee_id else None
    by = Actor(owner.person_id, owner.name, Role(owner.role), owner.email) if owner else LEA
    if owner is None and change.what in BY_ITS_AGENT:
        raise Conflict("It is nobody's.")
    if change.what == "reopen" and by.id != LEA.id:
        raise Conflict("It would be theirs again, whether they have room or not.")
    ACTS_OF_TICKETS[change.what](ticket_id, by, now, change.span)


def _to_tier(ticket_id: str, by: Actor, now: datetime, tier: int) -> Any:
    return transfers.to_tier(ticket_id, tier, "Yours, I think.", by, now)


def _to_team(ticket_id: str, by: Actor, now: datetime, number: int) -> Any:
    return transfers.to_team(ticket_id, ("front", "sun", "lab")[number - 1], "Yours.", by, now)


def _is(agent: Agent, status: Availability, now: datetime, span: int | None, **more: Any) -> Any:
    until = now + timedelta(minutes=span) if span else None
    return members.set_availability(agent.actor, status, until, now, **more)


def _changed(agent: Agent, now: datetime, **fields: Any) -> Any:
    return members.change(agent.actor.id, {**agent.profile, **fields}, ADA, now)


def _return(agent: Agent, now: datetime) -> Any:
    return members.add({**agent.profile, "email": agent.actor.email}, ADA, now)


ACTS_OF_TICKETS: dict[str, OfTicket] = {
    "accept": lambda one, by, now, n: ownership.accept(one, by, now),
    "reply": lambda one, by, now, n: conversations.reply(one, "On it.", by, now),
    "resolve": lambda one, by, now, n: tickets.resolve(one, "Done.", None, by, now),
    "give_back": lambda one, by, now, n: ownership.unassign(one, by, now),
    "hold": lambda one, by, now, n: tickets.hold(one, HoldReason.REQUESTER, None, by, now),
    "resume": lambda one, by, now, n: tickets.resume(one, by, now),
    "ease": lambda one, by, now, n: tickets.change(one, EASY, by, now),
    "take": lambda one, by, now, n: ownership.assign(one, "me", LEA, now),
    "reopen": lambda one, by, now, n: tickets.reopen(one, by, now),
    "to_tier": _to_tier,
    "to_team": _to_team,
    "escalate": lambda one, by, now, n: escalations.escalate(one, "", "", None, by, now),
    "de_escalate": lambda one, by, now, n: escalations.de_escalate(one, "", None, by, now),
}
ACTS_OF_AGENTS: dict[str, OfAgent] = {
    "away": lambda one, now, span: _is(one, Availability.AWAY, now, span),
    "out": lambda one, now, span: _is(
        one, Availability.OUT_OF_OFFICE, now, span, substitute=agents()[span % 7].actor.id
    ),
    "busy": lambda one, now, span: _is(one, Availability.BUSY, now, None),
    "back": lambda one, now, span: _is(one, Availability.AVAILABLE, now, None),
    "other_hours": lambda one, now, span: _changed(one, now, shift=list(SITES)[span % 3]),
    "other_room": lambda one, now, span: _changed(one, now, capacity=CAPACITIES[span % 4]),
    "leave": lambda one, now, span: members.remove(one.actor.id, ADA, now),
    "return": lambda one, now, span: _return(one, now),
}
