"""Where a ticket can be sent from a page: oneself, a person, a team or a tier, in one choice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import TIERS
from chalicelib.services import people, settings, staff, views
from chalicelib.services.transfers import Goal
from chalicelib.web.presence import load, presence

ME, UNKNOWN = "me", "-"
MOST_LISTED = 250
Options = list[tuple[str, str]]
Choices = list[tuple[str, Options]]


def choices(agent: Actor, now: datetime) -> Choices:
    """Groups of (value, words) for a list to choose from; outside groups see their own people."""
    return [
        ("People", [(ME, "Me"), *_people(agent, now)]),
        ("Teams", [(f"team:{one.id}", one.name) for one in settings.teams()]),
        ("Tiers", [(f"tier:{tier}", tier_name(tier)) for tier in TIERS]),
    ]


def goal_of(value: str) -> Goal:
    """What a value stands for; a goal that nothing satisfies where it is none of ours."""
    kind, _, name = value.partition(":")
    if value == ME:
        return Goal(person=ME)
    if kind == "person":
        return Goal(person=name or UNKNOWN)
    if kind == "team":
        return Goal(team=name or UNKNOWN)
    return Goal(tier=int(name) if kind == "tier" and name.isdecimal() and len(name) < 4 else 0)


def named(value: str, agent: Actor) -> str:
    """A goal in words, for what is said when something went there."""
    goal = goal_of(value)
    if goal.person:
        known = staff.rows().get(goal.person)
        return "you" if goal.person in (ME, agent.id) else known.name if known else "somebody"
    if goal.team:
        return f"the team {settings.team_of(goal.team).name}"
    return f"tier {goal.tier}"


def tier_name(tier: int) -> str:
    name = settings.tier_names().get(tier)
    return f"Tier {tier} · {name}" if name else f"Tier {tier}"


def names(ids: Iterable[str]) -> list[dict[str, str]]:
    """`{id, name}` of those of them who work here."""
    known = staff.rows()
    return [{"id": one, "name": known[one].name} for one in ids if one in known]


def colleagues(agent: Actor) -> Options:
    """Everybody else who works in a tier, by name: `(id, name)`."""
    return [(one.person_id, one.name) for one in _others(agent)]


def _people(agent: Actor, now: datetime) -> Options:
    """Who sees a part of the tickets only is not told how many everybody holds."""
    told = not agent.sight.is_limited
    return [(f"person:{one.person_id}", _words(one, now, told)) for one in _others(agent)]


def _others(agent: Actor) -> list[Any]:
    """Whom one may choose by name; of a great many, those of one's own team come first."""
    rows = [
        one for one in people.roster()
        if one.person_id != agent.id and (not agent.outside or one.team == agent.team)
    ]  # fmt: skip
    near = sorted(rows, key=lambda one: one.team != agent.team)[:MOST_LISTED]
    return sorted(near, key=lambda one: str(one.name))


def _words(row: Any, now: datetime, with_load: bool) -> str:
    """`Ana Costa · tier 1 · 3 of 8`, and what keeps her if something does."""
    view = {**views.person_view(row), "on_shift": staff.candidate(row, now).on_shift}
    said = presence(view, now)
    tiers = " and ".join(str(tier) for tier in view["tiers"])
    absent = "" if said["state"] == "available" and said["tone"] == "ok" else said["words"].lower()
    parts = (row.name, f"tier {tiers}", load(view)["words"] if with_load else "", absent)
    return " · ".join(part for part in parts if part)
