"""Matchers: which alerts a rule or a window is for, by what their labels say.

`service=shop`, `host!=test-*`: a `*` stands for any characters, capitals do not matter. All of
them have to hold. Beside its labels an alert has `source`, `integration`, `severity` and `title`.
"""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from chalicelib.domain.errors import FieldError

MOST, LONGEST = 20, 300


def match(matchers: list[str], labels: Mapping[str, str]) -> bool:
    """Whether every one holds; without any, for all alerts."""
    return all(_holds(one, labels) for one in matchers)


def matchers_wrong(at: str, matchers: Any) -> Iterator[FieldError]:
    if not isinstance(matchers, list) or len(matchers) > MOST:
        yield FieldError(at, f"Give a list of up to {MOST} matchers, such as service=shop.")
        return
    for place, one in enumerate(matchers):
        if not isinstance(one, str) or len(one) > LONGEST or not _label(one):
            yield FieldError(f"{at}/{place}", "Give label=value or label!=value; * is a wildcard.")


def _holds(matcher: str, labels: Mapping[str, str]) -> bool:
    label, wanted = matcher.split("=", 1)
    found = labels.get(label.removesuffix("!").strip(), "").casefold()
    pattern = wanted.strip().casefold().replace("[", "[[]").replace("?", "[?]")
    return fnmatchcase(found, pattern) is not label.endswith("!")


def _label(matcher: str) -> str:
    label, equals, _ = matcher.partition("=")
    return label.removesuffix("!").strip() if equals else ""
