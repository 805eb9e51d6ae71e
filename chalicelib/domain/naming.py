"""What every setting has: an id that never changes, a name, and no field that is not known."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from chalicelib.domain.conditions import pointer
from chalicelib.domain.errors import FieldError

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
RESERVED = frozenset({"new"})  # in an address, the one that is not there yet
MOST_LETTERS = 100


def names_wrong(
    data: dict[str, Any], known: Collection[str], reserved: Collection[str] = RESERVED
) -> Iterator[FieldError]:
    """Faults of a setting's fields as such, of its id and of its name."""
    yield from unknown_fields(data, known)
    if not isinstance(data.get("id"), str) or not ID.fullmatch(data["id"]):
        yield FieldError("/id", "Give up to 60 letters, digits, hyphens and underscores.")
    elif data["id"] in reserved:
        yield FieldError("/id", "This word has a meaning of its own here; choose another id.")
    yield from name_wrong(data.get("name"))


def unknown_fields(data: dict[str, Any], known: Collection[str]) -> Iterator[FieldError]:
    for field in data:
        if field not in known:
            yield FieldError(pointer("", field), "There is no such field.")


def name_wrong(name: Any) -> Iterator[FieldError]:
    if not isinstance(name, str) or not name.strip() or len(name) > MOST_LETTERS:
        yield FieldError("/name", f"Give a name of up to {MOST_LETTERS} characters.")
