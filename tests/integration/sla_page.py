"""Reads docs/sla.md: its policies and calendars, and its example tables as stories to be played."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "sla.md"
YEAR = 2026
BLOCK = re.compile(r"```json (policy|calendar)\n(.*?)```", re.DOTALL)
TABLE = re.compile(r"\| when \| what happens \| then \|\n\|[-|]+\|\n((?:\|.*\|\n)+)")


@dataclass(frozen=True)
class Line:
    """One row of an example: at an instant something happens, and then this holds."""

    at: datetime
    happens: str
    then: tuple[str, ...]


def definitions(kind: str) -> list[dict[str, Any]]:
    """The page's own policies, or calendars."""
    return [json.loads(text) for found, text in BLOCK.findall(PAGE.read_text("utf-8"))
            if found == kind]  # fmt: skip


def stories() -> list[list[Line]]:
    """The examples, in the order of the page."""
    return [list(_lines(rows)) for rows in TABLE.findall(PAGE.read_text("utf-8"))]


def instant(text: str) -> datetime:
    """Of `Mon 23 Nov 10:00`. Raises ValueError if that day is another weekday."""
    found = datetime.strptime(f"{text} {YEAR}", "%a %d %b %H:%M %Y")
    if f"{found:%a}" != text[:3]:
        raise ValueError(f"{text} is a {found:%A}")
    return found.replace(tzinfo=UTC)  # Lisbon's winter time


def _lines(rows: str) -> Iterator[Line]:
    for row in rows.splitlines():
        when, happens, then = (cell.strip() for cell in row.strip("|").split("|"))
        yield Line(instant(when), happens, tuple(one.strip() for one in then.split(";")))
