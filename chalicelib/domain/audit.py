"""What the audit log keeps of a change, and the chain that shows whether a row was altered."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.events import Kind
from chalicelib.domain.instants import to_text
from chalicelib.domain.privacy import wordless
from chalicelib.domain.vocabulary import Role

HIDDEN = "(hidden)"
SECRET_WORDS = ("secret", "password", "sealed", "token", "pasted", "subject")
LAST_SAID = "last"
VALUE_AT_MOST = 60_000  # characters of JSON; what is longer is kept as its hash
START = "0" * 64


def without_secrets(data: Any) -> Any:
    """The same with everything hidden whose name says that it is a secret."""
    if isinstance(data, Mapping):
        return {name: HIDDEN if value and _is_secret(name) else without_secrets(value)
                for name, value in data.items()}  # fmt: skip
    return [without_secrets(one) for one in data] if isinstance(data, list | tuple) else data


def without_words(kind: Kind, data: Mapping[str, Any]) -> dict[str, Any]:
    """What happened to a ticket without what was written: that stays in its timeline.

    Nor does it say who spoke `last` when it was handed over: that may be who asked.
    """
    kept = wordless(kind, data, None)
    return {name: value for name, value in kept.items() if name != LAST_SAID}


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Any, Any]:
    """Of both only what is not the same."""
    names = [name for name, value in after.items() if value != before.get(name)]
    return {one: before.get(one) for one in names}, {one: after[one] for one in names}


def profile_difference(
    role: str | None, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[Any, Any]:
    """Of a profile: of who only asks, or only asked so far, no more than which fields these are."""
    was, became = difference(before, after)
    asks = after.get("role", role) == Role.REQUESTER
    return (
        _fields_of(was) if asks or role == Role.REQUESTER else was,
        _fields_of(became) if asks else became,
    )


def fitted(data: Any) -> Any:
    """What fits into a row, as plain JSON."""
    if data is None:
        return None
    text = json.dumps(without_secrets(data), sort_keys=True, default=_plain)
    if len(text) > VALUE_AT_MOST:
        return {"too_long": hashlib.sha256(text.encode()).hexdigest()}
    return json.loads(text)


def digest_of(row: Mapping[str, Any]) -> str:
    """A hash of all that a row says."""
    text = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def link_hash(number: int, before: str, rows: Sequence[Sequence[str]]) -> str:
    """The hash of a link of the chain: its number, the hash before, and what it covers."""
    return digest_of({"number": number, "before": before, "rows": [list(one) for one in rows]})


def _fields_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Their role is the desk's own word, so that one is told."""
    told = {"role": values["role"]} if "role" in values else {}
    return {"fields": sorted(values), **told}


def _is_secret(name: str) -> bool:
    return any(word in name.casefold() for word in SECRET_WORDS)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_text(value)
    return sorted(value) if isinstance(value, set | frozenset) else str(value)
