"""What the domain refuses of a setting, at the field of the page where it was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from chalicelib.domain.errors import FieldError
from chalicelib.web.fields import tidy

FORM = "form"
UNSTORED = frozenset({"id", "days"})
Place = Callable[[list[str]], str]
"""Which field stands for the parts of a JSON pointer; `form` for none of them."""


def placed(
    errors: Iterable[FieldError], place: Place, say: Callable[[FieldError], str], under: str = ""
) -> dict[str, str]:
    """The first refusal of each field, in the words of the page.

    `under` is where the pointers of a draft begin, as `/policy` in a what-if.
    """
    found: dict[str, str] = {}
    for error in errors:
        parts = parts_of(error.pointer.removeprefix(under))
        found.setdefault(place(parts), say(error))
    return found


def differences(
    typed: Mapping[str, str], stored: Mapping[str, str], labels: Mapping[str, str]
) -> list[dict[str, str]]:
    """Where what was typed says something else than what is stored now."""
    pairs = (
        (name, label, tidy(typed.get(name, "")), stored.get(name, ""))
        for name, label in labels.items()
        if name not in UNSTORED
    )
    return [
        {"field": name, "label": label, "typed": mine, "stored": theirs}
        for name, label, mine, theirs in pairs
        if mine != theirs
    ]


def parts_of(pointer: str) -> list[str]:
    """`/targets/P1/first_response` as its three parts (RFC 6901)."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
