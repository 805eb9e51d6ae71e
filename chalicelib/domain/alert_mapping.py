"""Mappings: where in a body of any shape the parts of an alert are.

A path is names and places in lists with dots between: `alerts.0.name`. It starts at the item, or
with `$.` at the whole body. A constant is in quotes, and ` + ` joins: `host + ": " + check.name`.
"""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.conditions import pointer
from chalicelib.domain.errors import FieldError

FIELDS = (
    "identity", "title", "text", "severity", "status", "resolved_when", "episode", "started_at",
    "items", "labels",
)  # fmt: skip
NEEDED = ("identity", "title")
LONGEST, MOST_LABELS, MOST_WORDS = 300, 30, 30
JOIN, WHOLE, QUOTES = " + ", "$.", "'\""
NO_PATH = (
    f"Give up to {LONGEST} characters of names with dots between, such as alerts.0.name, "
    'or a constant in quotes; " + " joins them.'
)


def look_up(path: str, item: Any, body: Any) -> list[Any]:
    """What each joined part of a path leads to; None for what is not there."""
    return [_part(one.strip(), item, body) for one in path.split(JOIN)]


def is_resolved(words: str, status: str) -> bool:
    """Whether a status is one of the words, which commas separate."""
    return status.strip().casefold() in {one.strip().casefold() for one in words.split(",")}


def check(mapping: Any) -> list[FieldError]:
    """What is wrong, field by field; nothing when the mapping can be used."""
    if not isinstance(mapping, dict):
        return [FieldError("", "Give a mapping as an object.")]
    return [*_names_wrong(mapping), *_paths_wrong(mapping), *_resolved_wrong(mapping)]


def _part(part: str, item: Any, body: Any) -> Any:
    if _is_constant(part):
        return part[1:-1]
    if part.startswith(WHOLE):
        return _walk(part.removeprefix(WHOLE), body)
    return _walk(part, item)


def _walk(path: str, data: Any) -> Any:
    """Names may have dots themselves, so what is left of the path is tried as one name first."""
    if isinstance(data, dict) and path in data:
        return data[path]
    name, dot, rest = path.partition(".")
    found = _step(name, data)
    return _walk(rest, found) if dot and found is not None else found


def _step(name: str, data: Any) -> Any:
    if isinstance(data, dict):
        return data.get(name)
    if isinstance(data, list) and _is_place(name) and int(name) < len(data):
        return data[int(name)]
    return None


def _is_place(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) <= 6


def _is_constant(part: str) -> bool:
    return len(part) >= 2 and part[0] in QUOTES and part[-1] == part[0]


def _names_wrong(mapping: dict[Any, Any]) -> Iterator[FieldError]:
    for name in mapping:
        if name not in FIELDS:
            yield FieldError(pointer("", name), f"There are {', '.join(FIELDS)}; not this.")
    for name in NEEDED:
        if not mapping.get(name):
            yield FieldError(f"/{name}", f"Say where the {name} is.")


def _paths_wrong(mapping: dict[Any, Any]) -> Iterator[FieldError]:
    for name in FIELDS:
        is_path = name not in {"resolved_when", "labels"}
        if is_path and mapping.get(name) and not _is_path(mapping[name]):
            yield FieldError(f"/{name}", NO_PATH)
    identity = mapping.get("identity")
    parts = str(identity).split(JOIN) if _is_path(identity) else []
    if parts and all(_is_constant(one.strip()) for one in parts):
        yield FieldError("/identity", "A constant is the same for every alert; give a path.")
    yield from _labels_wrong(mapping.get("labels"))


def _labels_wrong(labels: Any) -> Iterator[FieldError]:
    if labels is None:
        return
    if not isinstance(labels, dict) or len(labels) > MOST_LABELS:
        yield FieldError("/labels", f"Give an object of up to {MOST_LABELS} names and paths.")
        return
    for name, path in labels.items():
        if not isinstance(name, str) or not 0 < len(name) <= 100 or not _is_path(path):
            yield FieldError(pointer("/labels", name), NO_PATH)


def _resolved_wrong(mapping: dict[Any, Any]) -> Iterator[FieldError]:
    words = mapping.get("resolved_when")
    if not words:
        return
    if not isinstance(words, str) or len(words) > LONGEST or words.count(",") >= MOST_WORDS:
        yield FieldError("/resolved_when", "Give words with commas between: ok,closed,resolved.")
    elif not mapping.get("status"):
        yield FieldError("/status", "Say where the status is that says so.")


def _is_path(value: Any) -> bool:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        return False
    return all(_is_part(one.strip()) for one in value.split(JOIN))


def _is_part(part: str) -> bool:
    if part[:1] in QUOTES:
        return _is_constant(part)
    return all(part.removeprefix(WHOLE).split("."))
