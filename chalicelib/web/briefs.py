"""What was left for whoever gets a ticket: a note to read, and how things stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.web.sla_words import said
from chalicelib.web.staffing_lines import Data, named

LAST = {"reply": "reply", "note": "internal note", "call": "call"}
HANDED_ON = ("assigned", "transferred", "handed_over")


def brief(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """`{by, body, facts}` of an entry that brings a ticket elsewhere; None if nothing was left.

    A hand-over is done by the desk itself, but its note is of whoever left.
    """
    data = entry.get("data") or {}
    body, facts = data.get("note") or "", list(standing(data))
    if entry["kind"] not in HANDED_ON or not (body or facts):
        return None
    return {"by": data.get("from") or entry["by"], "body": body, "facts": facts}


def standing(data: Data) -> Iterator[str]:
    """How a ticket stood when its agent went."""
    if not data.get("from"):
        return
    known = (data.get("priority"), str(data.get("status") or "").replace("_", " "))
    if any(known):
        yield ", ".join(part for part in known if part)
    if data.get("due_at"):
        yield f"due {said(data['due_at'])}"
    yield last_said(data.get("last"))


def last_said(last: Any) -> str:
    if not last:
        return "nobody has answered yet"
    return f"last: {LAST.get(last['kind'], 'word')} by {named(last['by'])}, {said(last['at'])}"
