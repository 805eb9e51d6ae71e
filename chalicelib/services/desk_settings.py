"""Routing rules, teams and on-call rotations as admins change them: checked, stored as versions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.adapters import pagers, queues
from chalicelib.domain import on_call_checks, routing, teams
from chalicelib.domain.assignment import Strategy
from chalicelib.domain.errors import Conflict, FieldError, Invalid
from chalicelib.domain.on_call import Rotation
from chalicelib.domain.people import Actor
from chalicelib.domain.routing import DEFAULT, Rule
from chalicelib.domain.teams import Team
from chalicelib.services import changing, journal, people, settings, staff
from chalicelib.services.audit import Act
from chalicelib.services.once import Once
from chalicelib.services.settings import ROTATION, RULE, RULE_ORDER, TEAM

Data = dict[str, Any]


def rule(rule_id: str) -> Rule:
    """As it is now. Raises NotFound."""
    known = {one.id: one for one in settings.rules()}
    return changing.found(known.get(rule_id), "rule")


def team(team_id: str) -> Team:
    """As it is now. Raises NotFound."""
    known = {one.id: one for one in settings.teams()}
    return changing.found(known.get(team_id), "team")


def rotation(rotation_id: str) -> Rotation:
    """As it is now. Raises NotFound."""
    known = {one.id: one for one in settings.rotations()}
    return changing.found(known.get(rotation_id), "rotation")


def checked_rule(data: Data) -> Rule:
    """A draft of a rule that could be stored. Raises Invalid field by field."""
    changing.refuse(routing.check(data, [one.id for one in settings.teams()]))
    return Rule.from_data(data)


def rules_with(data: Data, before: str | None) -> list[Rule]:
    """The rules as they would be with a draft, placed as `routing.placed` says. Raises Invalid."""
    known = settings.rules()
    if before is not None and before not in [one.id for one in known]:
        raise Invalid(FieldError("/before", "There is no such rule."))
    try:
        return routing.placed(known, checked_rule(data), before)
    except Invalid as error:
        raise error.below("/rule") from error


@journal.retried
def put_rule(
    data: Data, actor: Actor, now: datetime, seen: int | None = None,
    *, new: bool = False, once: Once | None = None,
) -> Rule:  # fmt: skip
    """Store a rule's next version. Raises Invalid field by field, Stale, Conflict."""
    changing.begin(actor, once)
    checked_rule(data)
    if new and data["id"] == DEFAULT.id:
        raise Conflict("There is one with this id already.")
    return changing.put(Act(actor, now), RULE, Rule.from_data, data, seen, new, once)


@journal.retried
def delete_rule(rule_id: str, actor: Actor, now: datetime) -> None:
    """Take a rule away. Raises NotFound, Conflict for the default."""
    changing.begin(actor)
    found = rule(rule_id)
    if found.id == DEFAULT.id:
        raise Conflict("The default rule is asked last and stays; change it instead.")
    changing.delete(Act(actor, now), RULE, found.id)


@journal.retried
def order_rules(ids: Sequence[str], actor: Actor, now: datetime) -> None:
    """Say in which order rules are asked; the default stays last. Raises Invalid."""
    changing.begin(actor)
    known = [one.id for one in settings.rules() if one.id != DEFAULT.id]
    wanted = [one for one in ids if one != DEFAULT.id]
    changing.order(Act(actor, now), RULE_ORDER, known, wanted, "rule")


@journal.retried
def put_team(
    data: Data, actor: Actor, now: datetime, seen: int | None = None,
    *, new: bool = False, once: Once | None = None,
) -> Team:  # fmt: skip
    """Store a team's next version. Raises Invalid field by field, Stale, Conflict."""
    changing.begin(actor, once)
    changing.refuse(teams.check(data))
    _check_admins_stay(data)
    pulled = settings.team_of(data["id"]).strategy == Strategy.PULL
    stored = changing.put(Act(actor, now), TEAM, Team.from_data, data, seen, new, once)
    if pulled and stored.strategy != Strategy.PULL:
        _hand_out_soon(stored.id)
    return stored


@journal.retried
def delete_team(team_id: str, actor: Actor, now: datetime) -> None:
    """Remove a team that nobody is in and no rule names. Raises NotFound, Conflict."""
    changing.begin(actor)
    found = team(team_id)
    users = [one.name for one in staff.rows().values() if one.team == found.id]
    users += [f"the rule {one.name}" for one in settings.rules() if one.team == found.id]
    if users:
        raise Conflict(f"This team is used by {', '.join(users)}; change that first.")
    changing.delete(Act(actor, now), TEAM, found.id)
    if found.strategy == Strategy.PULL:
        _hand_out_soon(found.id)


@journal.retried
def put_rotation(
    data: Data, actor: Actor, now: datetime, seen: int | None = None,
    *, new: bool = False, once: Once | None = None,
) -> Rotation:  # fmt: skip
    """Store a rotation's next version. Raises Invalid field by field, Stale, Conflict."""
    changing.begin(actor, once)
    here = [one for one, row in staff.rows().items() if not staff.is_outside(row)]
    changing.refuse(on_call_checks.check(data, here, pagers.CHANNELS))
    return changing.put(Act(actor, now), ROTATION, Rotation.from_data, data, seen, new, once)


@journal.retried
def delete_rotation(rotation_id: str, actor: Actor, now: datetime) -> None:
    """Remove a rotation; pages that it began stay with whom they called. Raises NotFound."""
    changing.begin(actor)
    changing.delete(Act(actor, now), ROTATION, rotation(rotation_id).id)


def _check_admins_stay(team: Data) -> None:
    """Raises Conflict where all admins are in a team that is to be outside the desk."""
    admins = people.admins() if team.get("outside") else []
    if admins and all(one.team == team["id"] for one in admins):
        raise Conflict(people.NEEDS_ADMIN)


def _hand_out_soon(team_id: str) -> None:
    """What waited for a team that pulled, once every process knows that it does not any more."""
    delay = settings.KEPT_FOR_SECONDS + 5
    queues.send_one("staffing", {"team": team_id}, delay_seconds=delay)
