"""Makes tickets and people for tests, through the services where there is one."""

import json
from datetime import datetime
from typing import Any

from chalicelib.domain.people import Actor
from chalicelib.domain.policies import STANDARD, Policy
from chalicelib.domain.sla import Clock
from chalicelib.domain.vocabulary import Target
from chalicelib.models.job import Job
from chalicelib.models.person import STAFF_DESK, Person
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import clocks, intake, sla_settings, staff, tokens
from tests.cast import ADA, ANA, BEN, CHI, DEV, LEA, MONDAY_9, ROSA, TIERS_OF, asked_by


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
            **{"desk": STAFF_DESK if one.is_staff else None, "tiers": TIERS_OF.get(one), **profile},
        ).save()  # fmt: skip
    staff.forget()


def employ_everyone() -> None:
    employ(ANA, BEN, CHI, DEV, LEA)


def token_for(actor: Actor, now: datetime = MONDAY_9) -> str:
    employ(actor)
    return tokens.issue(actor.id, "test", now)


def now_of(ticket: Ticket) -> Ticket:
    """The ticket as it is stored."""
    return Ticket.get(ticket.ticket_id)


def kinds_of(ticket: Ticket) -> list[str]:
    """What happened to a ticket, in order."""
    return [entry.kind for entry in TimelineEntry.query(ticket.ticket_id)]


def entries_of(ticket: Ticket, *kinds: str) -> list[TimelineEntry]:
    """The entries of some kinds, or all of them, in order."""
    found = TimelineEntry.query(ticket.ticket_id)
    return [entry for entry in found if not kinds or entry.kind in kinds]


def clock_of(ticket: Ticket, kind: Target) -> Clock:
    """A ticket's clock of one kind, as it is stored."""
    return next(one for one in clocks.clocks_of(now_of(ticket)) if one.kind is kind)


def steps_of(ticket: Ticket, kind: Target | None = None) -> list[str]:
    """The warnings, breaches and rungs that were taken by the clock, as the timeline has them."""
    steps = [one.data for one in TimelineEntry.query(ticket.ticket_id) if "step" in one.data]
    return [one["step"] for one in steps if kind in (None, one["target"])]


def a_policy(**changes: Any) -> dict[str, Any]:
    """The data of the standard policy, changed."""
    return {**json.loads(json.dumps(STANDARD.to_data())), **changes}


def put_policy(now: datetime = MONDAY_9, **changes: Any) -> tuple[Policy, Job]:
    """Store the standard policy, changed."""
    return sla_settings.put_policy(a_policy(**changes), ADA, now)
