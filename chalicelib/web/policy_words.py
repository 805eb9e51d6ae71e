"""A policy in words: whom it is for, what it promises, and the names of what an editor offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.calendars import ALWAYS
from chalicelib.domain.policies import (
    ANY_HOURS,
    BREACHED,
    NEXT_TIER,
    OF_BRANCH,
    STANDARD,
    TELL_LEAD,
    TELL_MANAGER,
    UNANSWERED,
    UNASSIGNED,
    WORKING,
    Policy,
)
from chalicelib.domain.vocabulary import CUSTOMER_TARGETS, Priority
from chalicelib.web.sla_marks import title_of
from chalicelib.web.spans import span_text

TYPES = {
    "incident": "incidents",
    "service_request": "service requests",
    "problem": "problems",
    "change": "changes",
}
CHANNELS = {
    "portal": "portal",
    "api": "API",
    "monitoring": "monitoring",
    "mail": "mail",
    "phone": "phone",
    "walk_in": "walk-in",
    "chat": "chat",
}
WHEN = {
    BREACHED: "the deadline passed",
    UNANSWERED: "nobody has answered",
    UNASSIGNED: "nobody is assigned",
}
ACTIONS = {
    NEXT_TIER: "move it to the next tier",
    TELL_LEAD: "tell the lead",
    TELL_MANAGER: "tell the managers",
}
HOURS = {WORKING: "working hours", ANY_HOURS: "any hours"}
NONE = "\N{EN DASH}"


def for_whom(policy: Policy) -> str:
    """`P1 incidents of Lyon`; the order of the facts is that of speech."""
    if policy.id == STANDARD.id:
        return "Whatever no other policy is for"
    if not policy.conditions:
        return "All tickets"
    given = {fact: named(fact, words) for fact, words in policy.conditions.items()}
    what = " ".join(filter(None, (given.get("priority"), given.get("type", "tickets"))))
    parts = (
        ("about ", "category"),
        ("of ", "branch"),
        ("from ", "organisation"),
        ("by ", "channel"),
        ("tagged ", "tag"),
    )
    said = [before + given[fact] for before, fact in parts if fact in given]
    text = " ".join([what, *said])
    return text[0].upper() + text[1:]


def named(fact: str, words: Iterable[str]) -> str:
    names: Mapping[str, str] = {"type": TYPES, "channel": CHANNELS}.get(fact, {})
    return either([names.get(word, word) for word in words])


def either(words: list[str]) -> str:
    """`a, b or c`."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def both(words: list[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def promises(policy: Policy) -> list[dict[str, Any]]:
    """A row for each target with the span of each priority, as short as it can be said."""
    return [
        {
            "title": title_of(target),
            "spans": [_span(policy.within(priority, target, 1)) for priority in Priority],
        }
        for target in CUSTOMER_TARGETS
    ]


def hours_of(calendar: str, names: Mapping[str, str]) -> str:
    """The hours by which a policy measures, by name."""
    if calendar == OF_BRANCH:
        return "Hours of the branch"
    return "24x7" if calendar == ALWAYS.id else names.get(calendar, calendar)


def _span(seconds: int | None) -> str:
    return NONE if seconds is None else span_text(seconds)
