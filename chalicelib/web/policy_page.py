"""What the pages of SLA policies show: the list in its order, and the choices of the editor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.domain.policies import STANDARD, Policy
from chalicelib.domain.vocabulary import CUSTOMER_TARGETS, TARGETS, TIERS, Priority
from chalicelib.web import policy_fields as f
from chalicelib.web import settings_forms
from chalicelib.web.policy_form import rows_filled, typed_of
from chalicelib.web.policy_words import (
    ACTIONS,
    CHANNELS,
    HOURS,
    TYPES,
    WHEN,
    for_whom,
    hours_of,
    promises,
)
from chalicelib.web.refusals import differences
from chalicelib.web.sla_marks import title_of

PICKS = (
    ("priority", "Priority", {priority.value: priority.value for priority in Priority}),
    ("type", "Type", TYPES),
    ("channel", "Channel", CHANNELS),
)
PRIORITIES = tuple(priority.value for priority in Priority)


def cards(found: Iterable[Policy], calendars: Mapping[str, str]) -> dict[str, Any]:
    """The policies in use in their order, and the retired ones."""
    shown = [card(policy, calendars) for policy in found]
    live = [one for one in shown if not one["retired"]]
    movable = [one["id"] for one in live if not one["is_standard"]]
    for place, one in enumerate(live):
        one["place"] = place + 1
        one["up"], one["down"] = one["id"] in movable[1:], one["id"] in movable[:-1]
    return {
        "live": live,
        "retired": [one for one in shown if one["retired"]],
        "priorities": PRIORITIES,
    }


def card(policy: Policy, calendars: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": policy.id,
        "name": policy.name,
        "version": policy.version,
        "retired": policy.retired,
        "is_standard": policy.id == STANDARD.id,
        "is_for_all": not policy.conditions and policy.id != STANDARD.id,
        "for_whom": for_whom(policy),
        "hours": hours_of(policy.calendar, calendars),
        "promises": promises(policy),
    }


def moved(found: Iterable[Policy], policy_id: str, by: int) -> list[str]:
    """The ids with one of them a place earlier or later; retired ones go to the end."""
    known = [one for one in found if one.id != STANDARD.id]
    live = [one.id for one in known if not one.retired]
    return [*settings_forms.moved(live, policy_id, by), *(one.id for one in known if one.retired)]


def filled(policy: Policy | None) -> dict[str, str]:
    """What stands in the editor at first; a new policy begins with the standard's promises."""
    if policy:
        return typed_of(policy)
    return typed_of(replace(STANDARD, id="", name=""))


def offered(form: Mapping[str, Any]) -> dict[str, Any]:
    """The choices, and the rows of the ladder: those that say something, and a few to fill in."""
    typed = form["typed"]
    says = ("after", "action", "gone")
    used = [row for row in range(f.MOST_ROWS) if any(typed.get(f.step(row, one)) for one in says)]
    free = [row for row in range(f.MOST_ROWS) if row not in used][: f.SPARE_ROWS]
    return {
        **choices(),
        "promised": [{"key": one.value, "title": title_of(one)} for one in CUSTOMER_TARGETS],
        "targets": [{"key": one.value, "title": title_of(one)} for one in TARGETS],
        "whens": list(WHEN.items()),
        "actions": list(ACTIONS.items()),
        "hours": list(HOURS.items()),
        "rows": {"used": used, "free": free},
        "labels": dict(labels()),
    }


def choices() -> dict[str, Any]:
    """What conditions may look at, with priorities and tiers."""
    return {
        "priorities": PRIORITIES,
        "tiers": list(TIERS),
        "picks": [pick(*one) for one in PICKS],
    }


def differs(typed: Mapping[str, str], stored: Policy | None) -> list[dict[str, str]]:
    """Where a form says something else than what is stored; rows without a step say nothing."""
    kept = {f"step{row}" for row in rows_filled(typed)}
    said = {
        name: text
        for name, text in typed.items()
        if not name.startswith("step") or name.partition("_")[0] in kept
    }
    return differences(said, filled(stored), dict(labels()))


def pick(fact: str, title: str, words: Mapping[str, str]) -> dict[str, Any]:
    options = [{"name": f.pick(fact, word), "words": said} for word, said in words.items()]
    return {"fact": fact, "title": title, "options": options}


def labels() -> Iterable[tuple[str, str]]:
    """How the list of what is wrong names each field."""
    yield from (("id", "Id"), ("name", "Name"), ("calendar", "Hours"), ("warnings", "Warnings"))
    yield "reopen_within_days", "Reopening"
    yield "days", "Days to look back"
    yield from ((f"for_{fact}", fact.capitalize()) for fact in f.TYPED)
    for fact, title, words in PICKS:
        yield from ((f.pick(fact, word), f"{title}, {said}") for word, said in words.items())
    for priority in PRIORITIES:
        for target in CUSTOMER_TARGETS:
            yield f.cell(priority, target), f"{priority}, {title_of(target).lower()}"
        for tier in TIERS:
            yield f.accept_cell(priority, tier), f"{priority}, accepted in tier {tier}"
    for row in range(f.MOST_ROWS):
        for part in ("when", "after", "action", "hours", "targets"):
            yield f.step(row, part), f"Step {row + 1}"
        for target in TARGETS:
            yield f.step(row, target), f"Step {row + 1}, {title_of(target).lower()}"
