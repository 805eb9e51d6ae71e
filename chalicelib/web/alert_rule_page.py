"""An alert rule in words: which alerts it is for, and what it makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.domain.alert_rules import AlertRule
from chalicelib.domain.vocabulary import Level
from chalicelib.web.alert_marks import host_of
from chalicelib.web.matcher_lines import sentence

LEVELS = [(one.value, one.value.capitalize()) for one in Level]

Data = dict[str, Any]


def cards(rules: Iterable[AlertRule], branches: Mapping[str, str]) -> list[Data]:
    """The rules in the order in which they are asked, with where each can be moved."""
    shown = [card(rule, branches) for rule in rules]
    for place, one in enumerate(shown):
        one["place"], one["up"], one["down"] = place + 1, place > 0, place < len(shown) - 1
    return shown


def card(rule: AlertRule, branches: Mapping[str, str]) -> Data:
    return {
        "id": rule.id,
        "name": rule.name,
        "version": rule.version,
        "is_for_all": not rule.matchers,
        "when": sentence(rule.matchers),
        "goal": list(_goal(rule, branches)),
        "runbook": rule.runbook if rule.runbook and host_of(rule.runbook) else None,
    }


def _goal(rule: AlertRule, branches: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What it says of an incident, as pairs of what and which."""
    if rule.service:
        yield "service", rule.service
    if rule.branch:
        yield "branch", branches.get(rule.branch, rule.branch)
    if rule.tier:
        yield "tier", str(rule.tier)
    for name in ("impact", "urgency"):
        if getattr(rule, name):
            yield name, getattr(rule, name)
    if rule.tags_from:
        yield "tags of", ", ".join(rule.tags_from)
