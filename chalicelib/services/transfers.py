"""Tickets that go elsewhere by hand: to a person, a team or a tier, one or many at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.errors import Conflict, DeskError, FieldError, Invalid
from chalicelib.domain.events import Kind
from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import TIERS
from chalicelib.models.ticket import Ticket
from chalicelib.services import escalations, journal, ownership, settings, staff
from chalicelib.services.ownership import assignee_of

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Goal:
    """Where to: exactly one of a person's id (or `me`), a team's id, or a tier."""

    person: str | None = None
    team: str | None = None
    tier: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of one of many: `problem` says why it stayed where it was."""

    ticket_id: str
    ticket: Ticket | None
    problem: str | None = None

    def to_data(self) -> dict[str, Any]:
        return {"id": self.ticket_id, "ok": self.problem is None, "problem": self.problem}


def transfer(
    ticket_id: str, goal: Goal, note: str, actor: Actor, now: datetime, seen: int | None = None
) -> Ticket:
    """Bring a ticket elsewhere, with a note for whoever gets it. Raises Invalid, Conflict."""
    check(goal)
    if goal.person:
        return ownership.assign(ticket_id, goal.person, actor, now, seen, note)
    if goal.team:
        return to_team(ticket_id, goal.team, note, actor, now, seen)
    return to_tier(ticket_id, goal.tier or 0, note, actor, now, seen)


def transfer_all(
    ticket_ids: list[str], goal: Goal, note: str, actor: Actor, now: datetime
) -> list[Outcome]:
    """The same with many, each by itself: one that cannot go keeps no other from going."""
    check(goal)
    if not 1 <= len(ticket_ids) <= MOST_AT_ONCE:
        raise Invalid(FieldError("/tickets", f"Choose 1 to {MOST_AT_ONCE} tickets."))
    return [_one(ticket_id, goal, note, actor, now) for ticket_id in dict.fromkeys(ticket_ids)]


@journal.retried
def to_team(
    ticket_id: str, team_id: str, note: str, actor: Actor, now: datetime, seen: int | None = None
) -> Ticket:
    """To another team, where it is nobody's until the machine or one of them takes it."""
    ticket = journal.load_to_work(ticket_id, actor, seen)
    if ticket.team == team_id:
        raise Conflict("This ticket is with that team already.")
    data = {
        "from_team": ticket.team, "team": team_id, "tier": int(ticket.tier),
        "was": assignee_of(ticket), "note": note,
    }  # fmt: skip
    ticket.team, ticket.skills = team_id, None
    ticket.watchers = _who_still_sees(ticket) or None
    ticket.unstaffed_since = ticket.lost_by = ticket.given_back_by = ticket.page = None
    ownership.release(ticket, now)
    journal.save(ticket, [journal.entry(ticket, Kind.TRANSFERRED, actor, now, data)], now)
    return ticket


@journal.retried
def to_tier(
    ticket_id: str, tier: int, note: str, actor: Actor, now: datetime, seen: int | None = None
) -> Ticket:
    """To another tier, higher or lower, whose people have to accept it anew."""
    ticket = journal.load_to_work(ticket_id, actor, seen)
    if int(ticket.tier) == tier:
        raise Conflict(f"This ticket is in tier {tier} already.")
    facts = {"was": assignee_of(ticket), "note": note}
    entry, *late = escalations.moved(ticket, Kind.TRANSFERRED, tier, actor, now, facts)
    journal.save(ticket, [entry, *late], now)
    return ticket


def check(goal: Goal) -> None:
    """Raises Invalid unless it names one place that there is."""
    if sum(one is not None for one in (goal.person, goal.team, goal.tier)) != 1:
        raise Invalid(FieldError("", "Name one of a person, a team or a tier."))
    if goal.person not in (None, "me", *staff.rows()):
        raise Invalid(FieldError("/person", "There is no such agent."))
    if goal.team is not None and settings.team_of(goal.team).id != goal.team:
        raise Invalid(FieldError("/team", "There is no such team."))
    if goal.tier is not None and goal.tier not in TIERS:
        raise Invalid(FieldError("/tier", "There is no such tier."))


def _who_still_sees(ticket: Ticket) -> list[str]:
    """Those of its watchers who may see it where it goes."""
    rows = (staff.rows().get(one) for one in ticket.watchers or ())
    return [row.person_id for row in rows
            if row and (not staff.is_outside(row) or row.team == ticket.team)]  # fmt: skip


def _one(ticket_id: str, goal: Goal, note: str, actor: Actor, now: datetime) -> Outcome:
    try:
        return Outcome(ticket_id, transfer(ticket_id, goal, note, actor, now))
    except DeskError as refusal:
        return Outcome(ticket_id, None, str(refusal))
