"""The fields of a policy's editor: a name for each, and the form that takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from pydantic import create_model

from chalicelib.domain.policies import ACTIONS, ANY_HOURS, BREACHED, CONDITIONS, WORKING
from chalicelib.domain.vocabulary import (
    CUSTOMER_TARGETS,
    TARGETS,
    TIERS,
    Channel,
    Priority,
    TicketType,
)
from chalicelib.web.settings_forms import Tick, TrialForm, Words

MOST_ROWS, SPARE_ROWS = 20, 3
PICKED: dict[str, type[Priority] | type[TicketType] | type[Channel]] = {
    "priority": Priority,
    "type": TicketType,
    "channel": Channel,
}
TYPED = ("category", "branch", "organisation", "tag")


def cell(priority: str, target: str) -> str:
    """The field of a target."""
    return f"{priority}_{target}"


def accept_cell(priority: str, tier: int | str) -> str:
    return f"{priority}_accept{tier}"


def pick(fact: str, word: str) -> str:
    return f"for_{fact}_{word}"


def step(row: int, part: str) -> str:
    """A field of a row of the ladder."""
    return f"step{row}_{part}"


class PolicyHead(TrialForm):
    most_fields: ClassVar[int] = 300

    do: Literal["save", "try"] = "save"
    calendar: Words = ""
    warnings: Words = ""
    reopen_within_days: Words = ""


def _cells() -> Iterator[str]:
    for priority in Priority:
        yield from (cell(priority, target) for target in CUSTOMER_TARGETS)
        yield from (accept_cell(priority, tier) for tier in TIERS)


def _picks() -> Iterator[str]:
    return (pick(fact, word) for fact, words in PICKED.items() for word in words)


def _rows() -> Iterator[tuple[str, Any]]:
    for row in range(MOST_ROWS):
        yield step(row, "when"), (Literal[CONDITIONS], BREACHED)
        yield step(row, "after"), (Words, "")
        yield step(row, "action"), (Literal[ACTIONS] | None, None)
        yield step(row, "hours"), (Literal[WORKING, ANY_HOURS], WORKING)
        yield step(row, "gone"), (Tick, None)
        yield from ((step(row, target), (Tick, None)) for target in TARGETS)


FIELDS: dict[str, Any] = {
    **{f"for_{fact}": (Words, "") for fact in TYPED},
    **dict.fromkeys(_picks(), (Tick, None)),
    **dict.fromkeys(_cells(), (Words, "")),
    **dict(_rows()),
}
PolicyForm = create_model("PolicyForm", __base__=PolicyHead, **FIELDS)
