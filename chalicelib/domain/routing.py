"""Routing rules: which tier, team and skills a new ticket goes to; the first match wins."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from chalicelib.domain.conditions import TEXT, Facts, conditions_wrong, match, pointer
from chalicelib.domain.errors import FieldError
from chalicelib.domain.naming import names_wrong
from chalicelib.domain.policies import FACTS as POLICY_FACTS
from chalicelib.domain.vocabulary import FIRST_TIER, TIERS, Priority

FACTS = (*POLICY_FACTS, "language", TEXT)
LEVELS = range(1, 6)
MOST_SKILLS, MOST_BYTES = 10, 30_000


@dataclass(frozen=True)
class Rule:
    """Sends what it matches to a tier, and perhaps to a team and to people with skills.

    `skills` maps a skill to the least level asked for, 1 to 5. `priority` is set in place of that
    of impact and urgency.
    """

    id: str
    name: str
    version: int = 1
    conditions: dict[str, list[str]] = field(default_factory=dict)
    tier: int = FIRST_TIER
    team: str | None = None
    skills: dict[str, int] = field(default_factory=dict)
    priority: str | None = None

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Of data that `check` finds nothing wrong with."""
        return cls(**data)


DEFAULT = Rule(id="default", name="Everything else")


def first_match(rules: Iterable[Rule], facts: Facts) -> Rule:
    """The first rule of an ordered list that is for these facts; without one, the default."""
    return next((one for one in rules if match(one.conditions, facts)), DEFAULT)


def placed(rules: Sequence[Rule], draft: Rule, before: str | None = None) -> list[Rule]:
    """The rules as they would be: with a draft in the place of the one with its id, or elsewhere.

    That is before another one, or where none is named as the last but the default, which stays
    where it is.
    """
    known = [one.id for one in rules]
    if draft.id == DEFAULT.id or (before in (None, draft.id) and draft.id in known):
        return [draft if one.id == draft.id else one for one in rules]
    others = [one for one in rules if one.id != draft.id]
    at = [one.id for one in others].index(before or DEFAULT.id)
    return [*others[:at], draft, *others[at:]]


def check(data: Any, teams: Collection[str]) -> list[FieldError]:
    """What is wrong, field by field; nothing when the rule can be used."""
    if not isinstance(data, dict):
        return [FieldError("", "Give a rule as an object.")]
    if len(json.dumps(data, default=str)) > MOST_BYTES:
        return [FieldError("", "This is more than a rule can hold; shorten its lists of words.")]
    return [
        *names_wrong(data, {one.name for one in fields(Rule)}),
        *conditions_wrong(data.get("conditions", {}), FACTS),
        *_default_wrong(data),
        *_goal_wrong(data, teams),
        *_skills_wrong(data.get("skills", {})),
    ]


def skills_wrong(at: str, skills: Any) -> Iterator[FieldError]:
    """Faults of an object of skills with levels."""
    if not isinstance(skills, dict) or len(skills) > MOST_SKILLS:
        yield FieldError(at, f"Give an object of up to {MOST_SKILLS} skills with their levels.")
        return
    for name, level in skills.items():
        if not str(name).strip() or len(str(name)) > 60:
            yield FieldError(pointer(at, name), "Give a skill a name of up to 60 characters.")
        elif isinstance(level, bool) or level not in LEVELS:
            yield FieldError(pointer(at, name), "Give a level from 1 to 5.")


def _skills_wrong(skills: Any) -> Iterator[FieldError]:
    return skills_wrong("/skills", skills)


def _goal_wrong(data: dict[str, Any], teams: Collection[str]) -> Iterator[FieldError]:
    tier, team, priority = data.get("tier", FIRST_TIER), data.get("team"), data.get("priority")
    if isinstance(tier, bool) or tier not in TIERS:
        yield FieldError("/tier", f"Choose a tier from {TIERS.start} to {TIERS.stop - 1}.")
    if team is not None and team not in teams:
        yield FieldError("/team", "There is no such team.")
    if priority is not None and priority not in list(Priority):
        yield FieldError("/priority", f"Choose of {', '.join(Priority)}.")


def _default_wrong(data: dict[str, Any]) -> Iterator[FieldError]:
    if data.get("id") == DEFAULT.id and data.get("conditions"):
        yield FieldError("/conditions", "The default rule is for everything else: it has none.")
