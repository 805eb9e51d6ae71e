"""The editor of a team: its fields, how a team fills them, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import create_model

from chalicelib.domain.errors import FieldError
from chalicelib.domain.teams import REASONS, Team
from chalicelib.domain.vocabulary import Priority
from chalicelib.web.refusals import FORM, placed
from chalicelib.web.settings_forms import TICKED, DraftForm, Tick, Words, whole

FLAGS = ("dedicated", "outside")
REASON_NAMES = {
    "shift_end": "At the end of a shift",
    "away": "Away for longer than a break",
    "out_of_office": "Out of office",
}


def moves(reason: str, priority: str) -> str:
    """The box of a priority in the row of a reason."""
    return f"{reason}_{priority}"


class TeamHead(DraftForm):
    do: Literal["save"] = "save"
    strategy: Words = ""
    short_break: Words = ""
    dedicated: Tick = None
    outside: Tick = None


BOXES: dict[str, Any] = {
    moves(reason, priority): (Tick, None) for reason in REASONS for priority in Priority
}
TeamForm = create_model("TeamForm", __base__=TeamHead, **BOXES)


def filled(team: Team | None) -> dict[str, str]:
    """What stands in the editor; a new team begins as the domain has it."""
    shown = team or Team("", "")
    ticked = [moves(reason, one) for reason, given in shown.hand_over.items() for one in given]
    flags = [name for name in FLAGS if getattr(shown, name)]
    return {
        "id": shown.id,
        "name": shown.name,
        "strategy": shown.strategy,
        "short_break": str(shown.short_break),
        **dict.fromkeys([*ticked, *flags], TICKED),
    }


def data_of(form: Any) -> dict[str, Any]:
    """What the fields say, for the domain to judge."""
    return {
        "id": form.id,
        "name": form.name,
        "strategy": form.strategy,
        "hand_over": {reason: _ticked(form, reason) for reason in REASONS},
        "short_break": whole(form.short_break),
        **{name: bool(getattr(form, name)) for name in FLAGS},
    }


def fields_of(errors: Iterable[FieldError]) -> dict[str, str]:
    """Each refusal at its field."""

    def place(parts: list[str]) -> str:
        known = ("id", "name", "strategy", "short_break")
        return parts[0] if parts and parts[0] in known else FORM

    return placed(errors, place, _said)


def labels() -> Mapping[str, str]:
    """How lists of what is wrong or differs name each field."""
    boxes = {
        moves(reason, priority): f"{title}, {priority}"
        for reason, title in REASON_NAMES.items()
        for priority in Priority
    }
    return {
        "id": "Id",
        "name": "Name",
        "strategy": "How tickets are handed out",
        **boxes,
        "short_break": "Short break",
        "dedicated": "Dedicated",
        "outside": "Outside group",
    }


def _ticked(form: Any, reason: str) -> list[str]:
    return [one.value for one in Priority if getattr(form, moves(reason, one))]


def _said(error: FieldError) -> str:
    return "Choose one of these." if error.pointer == "/strategy" else error.detail
