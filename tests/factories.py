"""Makes tickets and people for tests, through the services where there is one."""

from datetime import datetime
from typing import Any

from chalicelib.domain.people import Actor
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import intake, people
from tests.cast import ANA, BEN, CHI, DEV, LEA, MONDAY_9, ROSA, TIER_OF, asked_by


def a_draft(requester: Actor = ROSA, **fields: Any) -> intake.Draft:
    facts = {"subject": "The till is frozen", "description": "Since nine, nothing works."}
    return intake.Draft(requester=asked_by(requester), **{**facts, **fields})


def a_ticket(requester: Actor = ROSA, now: datetime = MONDAY_9, **fields: Any) -> Ticket:
    """Opened and nothing more."""
    return intake.open_ticket(a_draft(requester, **fields), requester, now).ticket


def employ(*actors: Actor, **profile: Any) -> None:
    """Let people work here."""
    for one in actors:
        Person(
            one.id, name=one.name, email=one.email, role=one.role.value,
            tier_name=TIER_OF.get(one), **profile,
        ).save()  # fmt: skip


def employ_everyone() -> None:
    employ(ANA, BEN, CHI, DEV, LEA)


def token_for(actor: Actor, now: datetime = MONDAY_9) -> str:
    employ(actor)
    return people.issue_token(actor.id, "test", now)


def now_of(ticket: Ticket) -> Ticket:
    """The ticket as it is stored."""
    return Ticket.get(ticket.ticket_id)


def kinds_of(ticket: Ticket) -> list[str]:
    """What happened to a ticket, in order."""
    return [entry.kind for entry in TimelineEntry.query(ticket.ticket_id)]
