"""Matchers as people write them, one a line, and as a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.domain.errors import FieldError
from chalicelib.web.refusals import parts_of
from chalicelib.web.settings_forms import lines_of


def said(error: FieldError, typed: str) -> str:
    """What is wrong; of a matcher with the line that it is about."""
    match parts_of(error.pointer):
        case ["matchers", place] if place.isdigit() and int(place) < len(lines_of(typed)):
            return f"“{lines_of(typed)[int(place)][:60]}”: {error.detail}"
        case _:
            return error.detail


def sentence(matchers: Iterable[str]) -> str:
    """`service is shop and host is not test-*`."""
    return " and ".join(map(_held, matchers)) or "it is any alert"


def _held(matcher: str) -> str:
    label, _, wanted = (part.strip() for part in matcher.partition("="))
    is_not = label.endswith("!")
    what = f"“{wanted}”" if wanted else "empty"
    return f"{label.removesuffix('!').strip()} is {'not ' if is_not else ''}{what}"
