"""A routing rule in words: when it is for a ticket, and where that goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.domain.conditions import TEXT
from chalicelib.domain.languages import name_of
from chalicelib.domain.routing import DEFAULT, FACTS, Rule
from chalicelib.domain.vocabulary import TIERS, Priority
from chalicelib.web.policy_words import CHANNELS, either
from chalicelib.web.skill_lines import skills_text

Data = dict[str, Any]
PRIORITIES = [(one.value, one.value) for one in Priority]
VERBS = {TEXT: "text contains", "organisation": "requester is of"}


def card(rule: Rule, teams: Mapping[str, str]) -> Data:
    return {
        "id": rule.id,
        "name": rule.name,
        "version": rule.version,
        "is_default": rule.id == DEFAULT.id,
        "is_for_all": not rule.conditions and rule.id != DEFAULT.id,
        "when": when(rule),
        "goal": goal(rule.to_data(), teams),
    }


def cards(rules: Iterable[Rule], teams: Mapping[str, str]) -> list[Data]:
    """The rules in the order in which they are asked, with where each can be moved."""
    shown = [card(rule, teams) for rule in rules]
    movable = [one["id"] for one in shown if not one["is_default"]]
    for place, one in enumerate(shown):
        one["place"] = place + 1
        one["up"], one["down"] = one["id"] in movable[1:], one["id"] in movable[:-1]
    return shown


def when(rule: Rule) -> str:
    """`type is incident and text contains “till” or “card”`."""
    if rule.id == DEFAULT.id:
        return "no other rule is for it"
    if not rule.conditions:
        return "it is any ticket"
    return " and ".join(_held(fact, rule.conditions[fact]) for fact in _in_order(rule.conditions))


def goal(data: Mapping[str, Any], teams: Mapping[str, str]) -> Data:
    """Where a rule sends what it is for, in parts and as `Tier 2, team Networks, P2`."""
    team = teams.get(data["team"], data["team"]) if data["team"] else None
    skills = skills_text(data["skills"] or {}, "at least ")
    parts = {"team": team, "skills": skills, "priority": data["priority"], "tier": data["tier"]}
    return {**parts, "words": ", ".join(_parts(parts))}


def found(rows: Iterable[Mapping[str, Any]], teams: Mapping[str, str], names: Mapping[str, str]
          ) -> Data:  # fmt: skip
    """What trying a draft found: how many it would change, and which, as they are and would be."""
    known = list(rows)
    changed = [one for one in known if one["changed"]]
    return {
        "seen": len(known),
        "changed": len(changed),
        "rows": [
            {**one, **{side: _side(one[key], teams, names) for side, key in SIDES}}
            for one in changed
        ],
    }


def tiers(names: Mapping[int, str]) -> list[tuple[str, str]]:
    """The tiers to choose from, with their names where they have any."""
    named = ((one, names.get(one)) for one in TIERS)
    return [(str(one), f"Tier {one} · {name}" if name else f"Tier {one}") for one, name in named]


SIDES = (("before", "now"), ("after", "then"))


def _side(given: Mapping[str, Any], teams: Mapping[str, str], names: Mapping[str, str]) -> Data:
    return {**goal(given, teams), "rule": names.get(given["rule"], given["rule"])}


def _parts(parts: Mapping[str, Any]) -> Iterator[str]:
    yield f"Tier {parts['tier']}"
    if parts["team"]:
        yield f"team {parts['team']}"
    if parts["skills"]:
        yield f"skill {parts['skills']}"
    if parts["priority"]:
        yield str(parts["priority"])


def _in_order(conditions: Mapping[str, Any]) -> list[str]:
    return [fact for fact in FACTS if fact in conditions]


def _held(fact: str, words: list[str]) -> str:
    return f"{VERBS.get(fact, f'{fact} is')} {either([_word(fact, word) for word in words])}"


def _word(fact: str, word: str) -> str:
    match fact:
        case "language":
            return name_of(word)
        case "channel":
            return CHANNELS.get(word, word)
        case "type":
            return word.replace("_", " ")
        case _ if fact == TEXT:
            return f"“{word}”"
        case _:
            return word
