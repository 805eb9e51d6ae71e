"""The small forms of the settings pages, and the fields that they share with the large ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.web.fields import Tidy, Version, paragraphs, without_controls
from chalicelib.web.forms import Form

# Short bounds only: what a setting may hold is decided, and said field by field, in the domain.
Words = Annotated[str, Field(max_length=10_000), AfterValidator(without_controls), Tidy]
Lines = Annotated[str, Field(max_length=40_000), AfterValidator(paragraphs), Tidy]
Name = Annotated[str, Field(max_length=100), AfterValidator(without_controls), Tidy]
Id = Annotated[str, StringConstraints(max_length=60), AfterValidator(without_controls), Tidy]
Tick = Literal["yes"] | None

TICKED = "yes"
LOOK_BACK_DAYS = "90"


class OrderForm(Form):
    """A button beside a policy: ask it one place earlier, or later."""

    up: Id | None = None
    down: Id | None = None


class DeedForm(Form):
    """A button that says all: retire, bring back, delete, send again, test, renew a key."""

    do: Literal["retire", "return", "delete", "again", "leave", "test", "renew", "forget"]


class DraftForm(Form):
    """What all editors have in common."""

    version: Version | None = None
    id: Id = ""
    name: Name = ""


class TrialForm(DraftForm):
    """What the editors of policies and calendars have besides: how far a what-if looks back."""

    days: Words = LOOK_BACK_DAYS


class BranchForm(DraftForm):
    do: Literal["save"] = "save"
    calendar: Id = ""


def whole(text: str) -> int | str:
    """A whole number where that was typed; anything else as it is, for the domain to refuse."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def days_of(text: str) -> int:
    """How far to look back; 0, which nobody takes, for what is no number."""
    days = whole(text)
    return days if isinstance(days, int) else 0


def listed(text: str) -> list[str]:
    """What stands between commas."""
    return [word for word in map(str.strip, text.split(",")) if word]


def lines_of(text: str) -> list[str]:
    """Each line that says something."""
    return [line for line in map(str.strip, text.splitlines()) if line]


def moved(ids: Sequence[str], one: str, by: int) -> list[str]:
    """The same with one of them a place earlier or later; what is at an end stays there."""
    found = list(ids)
    if one in found:
        place = found.index(one)
        other = min(max(place + by, 0), len(found) - 1)
        found[place], found[other] = found[other], found[place]
    return found
