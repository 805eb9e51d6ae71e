"""Plain data spelled out for people, whatever it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def worded(name: str) -> str:
    """A field's name for people: `made_at` is *Made at*."""
    return name.replace("_", " ").capitalize()


def plain(value: Any) -> str:
    """Any value on one line."""
    if isinstance(value, Mapping):
        pairs = ((worded(name), plain(one)) for name, one in value.items())
        return "; ".join(f"{name}: {one}" for name, one in pairs if one)
    if isinstance(value, list | tuple):
        return ", ".join(plain(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
