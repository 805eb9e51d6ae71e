"""The desk of the drill, its people, and what they do to tickets through the services."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bench.drills.plan import START, Change
from chalicelib.domain.errors import DeskError
from chalicelib.domain.people import Actor, Requester, requester_id
from chalicelib.domain.policies import STANDARD
from chalicelib.domain.vocabulary import HoldReason, Level, Role, Target
from chalicelib.services import (
    conversations,
    deadlines,
    escalations,
    intake,
    ownership,
    settings,
    sla_settings,
    tickets,
)

ANA = Actor("P-ANA", "Ana Costa", Role.AGENT, "ana@desk.example")
ADA = Actor("P-ADA", "Ada Novak", Role.ADMIN, "ada@desk.example")
SHOP, OFFICE = "rosa@shop.example", "omar@office.example"
HOURS = [["09:00", "12:00"], ["13:00", "17:30"]]
CALENDAR = {
    "id": "berlin", "name": "Berlin office", "zone": "Europe/Berlin",
    "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), HOURS),
}  # fmt: skip
LADDER = [
    {"after": 0, "action": "next_tier"},
    {"after": 1800, "action": "tell_lead"},
    {"after": 7200, "action": "tell_manager"},
    {"after": 1800, "action": "tell_lead", "when": "unanswered"},
    {"after": 600, "action": "tell_lead", "when": "unassigned", "hours": "any"},
]

Act = Callable[[str, Actor, datetime, timedelta], Any]


def furnish() -> None:
    """A second policy, for one organisation: by the hours of an office, with rules of waiting."""
    settings.put(settings.POLICY, STANDARD.id, STANDARD.to_data())
    before = START - timedelta(days=30)
    sla_settings.put_calendar(CALENDAR, ADA, before)
    office = {"id": "office", "name": "Office", "calendar": "berlin", "ladder": LADDER,
              "conditions": {"organisation": ["office.example"]},
              "targets": STANDARD.targets}  # fmt: skip
    sla_settings.put_policy(office, ADA, before)


class People:
    """Requesters and agents of some of the tickets, whose ids they remember."""

    def __init__(self) -> None:
        self._ids: dict[int, str] = {}

    def do(self, change: Change, now: datetime) -> bool:
        """Whether it was possible: much of what people try at random is not."""
        asker = _asker(change.ticket)
        try:
            if change.what == "open":
                self._ids[change.ticket] = _open(change.ticket, asker, now)
            else:
                span = timedelta(minutes=change.span)
                ACTS[change.what](self._ids[change.ticket], asker, now, span)
        except DeskError:
            return False
        return True


def _asker(number: int) -> Actor:
    email = OFFICE if number % 5 < 2 else SHOP
    return Actor(requester_id(email), email.partition("@")[0], Role.REQUESTER, email)


def _open(number: int, asker: Actor, now: datetime) -> str:
    random, levels = Random(number), list(Level)
    draft = intake.Draft(
        subject=f"Number {number}",
        description="Since nine, nothing works.",
        requester=Requester(asker.id, asker.email, asker.name),
        impact=random.choice(levels),
        urgency=random.choice(levels),
    )
    return str(intake.open_ticket(draft, asker, now).ticket.ticket_id)


def _hold(reason: HoldReason, ticket_id: str, now: datetime, span: timedelta | None) -> Any:
    return tickets.hold(ticket_id, reason, now + span if span else None, ANA, now)


def _date(ticket_id: str, now: datetime, span: timedelta | None) -> Any:
    due_at = now + span if span else None
    return deadlines.set_due_date(ticket_id, Target.RESOLUTION, due_at, "Promised.", ANA, now)


ACTS: dict[str, Act] = {
    "reply": lambda one, asker, now, span: conversations.reply(one, "On it.", ANA, now),
    "message": lambda one, asker, now, span: conversations.reply(one, "Any news?", asker, now),
    "hold": lambda one, asker, now, span: _hold(HoldReason.THIRD_PARTY, one, now, None),
    "hold_until": lambda one, asker, now, span: _hold(HoldReason.UNTIL, one, now, span),
    "pending": lambda one, asker, now, span: _hold(HoldReason.REQUESTER, one, now, None),
    "resume": lambda one, asker, now, span: tickets.resume(one, ANA, now),
    "accept": lambda one, asker, now, span: ownership.accept(one, ANA, now),
    "resolve": lambda one, asker, now, span: tickets.resolve(one, "Done.", None, ANA, now),
    "reopen": lambda one, asker, now, span: tickets.reopen(one, ANA, now),
    "date": lambda one, asker, now, span: _date(one, now, span),
    "no_date": lambda one, asker, now, span: _date(one, now, None),
    "escalate": lambda one, asker, now, span: escalations.escalate(one, "", "", None, ANA, now),
    "de_escalate": lambda one, asker, now, span: escalations.de_escalate(one, "", None, ANA, now),
}
