"""Where the editor of a policy shows what `policy_checks` found, and in which words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.errors import FieldError
from chalicelib.domain.vocabulary import CUSTOMER_TARGETS, Target
from chalicelib.web import policy_fields as f
from chalicelib.web.policy_form import rows_in_order
from chalicelib.web.refusals import FORM, parts_of, placed
from chalicelib.web.spans import LIKE

PLAIN = ("id", "name", "calendar", "warnings", "reopen_within_days", "days")
SPAN = f"{LIKE} From 1 minute to 10 years."
STEP_SPAN = f"{LIKE} 0m is the deadline itself; waiting counts from 1 minute."
NO_TARGET = "Give at least one target for this priority."
NO_ACTION = "Choose what is done then."
NO_STEP_TARGET = "Choose at least one deadline."


def fields_of(
    errors: Iterable[FieldError], typed: Mapping[str, Any], under: str = ""
) -> dict[str, str]:
    """Each refusal at its field; `typed` says which row a step of the ladder was typed in."""
    rows = rows_in_order(typed)

    def place(parts: list[str]) -> str:
        if parts[:1] == ["ladder"] and len(parts) > 2:
            return f.step(rows[int(parts[1])], parts[2])
        return field_of(parts)

    return placed(errors, place, lambda error: said(error, under), under)


def field_of(parts: list[str]) -> str:
    match parts:
        case [name, *_] if name in PLAIN:
            return name
        case ["conditions", fact, *_]:
            return f"for_{fact}"
        case ["targets", priority, Target.TIME_TO_ACCEPT, tier]:
            return f.accept_cell(priority, tier)
        case ["targets", priority, target]:
            return f.cell(priority, target)
        case ["targets", priority]:
            return f.cell(priority, CUSTOMER_TARGETS[0])
        case _:
            return FORM


def said(error: FieldError, under: str = "") -> str:
    """The domain speaks of seconds and of lists; here people type spans and tick boxes."""
    match parts_of(error.pointer.removeprefix(under)):
        case ["targets", _]:
            return NO_TARGET
        case ["targets", *_]:
            return SPAN
        case ["ladder", _, "after"] if "seconds" in error.detail:
            return STEP_SPAN
        case ["ladder", _, "after"]:
            return "There is such a step at this time already."
        case ["ladder", _, "action"]:
            return NO_ACTION
        case ["ladder", _, "targets"]:
            return NO_STEP_TARGET
        case _:
            return error.detail
