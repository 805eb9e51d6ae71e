"""Deliveries of monitoring tools in words: what became of each, and what it says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.web.fields import presentable

Data = Mapping[str, Any]

OUTCOMES = {
    "taken": ("ok", "taken"),
    "nothing": ("", "nothing to do"),
    "duplicate": ("", "sent twice"),
    "unreadable": ("bad", "not understood"),
    "refused": ("bad", "refused"),
    "test": ("acc", "test"),
}
SENTENCES = {
    "taken": "It was understood, and what it asks for is done.",
    "nothing": "It was understood, and asks for nothing.",
    "duplicate": "It is the same as one before it, so nothing more was done.",
    "unreadable": "Nobody could read it. It is kept until it is replayed or put aside.",
    "refused": "It could not prove where it comes from, so nothing of it was done.",
    "test": "It was sent from here to see what it would do. Nothing was done.",
}
DECISIONS = {
    "open": "opened",
    "again": "fired again",
    "repeat": "repeated",
    "hold": "held back by maintenance",
    "resolve": "ended",
    "remember": "ended before it began",
    "note": "noted",
    "ignore": "changed nothing",
    "duplicate": "known already",
}
HEALTH = {
    "ok": ("ok", "reports"),
    "never": ("", "never reported"),
    "silent": ("warn", "silent"),
    "failing": ("bad", "failing"),
}
HEALTH_SENTENCES = {
    "ok": "What it sends is understood.",
    "never": "Nothing has come from it yet.",
    "silent": "Nothing has come from it for longer than it is expected to be silent.",
    "failing": "What it sent last was refused, or not understood.",
}
KB, MB = 1024, 1024 * 1024


def line(one: Data, name: str | None = None) -> dict[str, Any]:
    """A delivery in a list; with its integration's name where several are in the list."""
    return {
        "id": one["id"],
        "name": name or one["integration"],
        "href": f"/desk/integrations/{one['integration']}/deliveries/{one['id']}",
        "at": one["received_at"],
        "mark": outcome(one["outcome"]),
        "said": said(one),
        "tickets": list(one["tickets"]),
        "size": size_words(one["size"]),
        "is_replay": one["replay_of"] is not None,
        "needs_care": one["needs_care"],
    }


def outcome(name: str) -> dict[str, str]:
    tone, words = OUTCOMES.get(name, ("", name))
    return {"tone": tone, "words": words}


def health(found: Data) -> dict[str, Any]:
    """How an integration is, as a mark and a sentence, and when it was heard of last."""
    tone, words = HEALTH[found["state"]]
    last = found["last_outcome"]
    return {
        "tone": tone,
        "words": words,
        "sentence": HEALTH_SENTENCES[found["state"]],
        "last_at": found["last_at"],
        "last": outcome(last) if last else None,
    }


def said(one: Data) -> str:
    """`2 opened, 5 repeated`; for what was not taken, why."""
    counts = one["decisions"]
    words = ", ".join(f"{counts[name]} {DECISIONS.get(name, name)}" for name in in_order(counts))
    return words or str(one["detail"] or "")


def in_order(counts: Mapping[str, int]) -> list[str]:
    others = sorted(set(counts) - set(DECISIONS))
    return [name for name in (*DECISIONS, *others) if counts.get(name)]


def size_words(size: int) -> str:
    if size < KB:
        return f"{size} B"
    return f"{size / KB:.1f} KB" if size < MB else f"{size / MB:.1f} MB"


def headers(one: Data) -> list[tuple[str, str]]:
    """What of its request was kept, beside the body."""
    path = [("path", str(one["path"]))] if one["path"] else []
    asked = [(f"?{name}", str(text)) for name, text in sorted(one["query"].items())]
    return [*path, *sorted((name, str(text)) for name, text in one["headers"].items()), *asked]


def readable(body: str) -> dict[str, Any]:
    """The body with its JSON indented; what is no JSON as it came. Never fails."""
    try:
        text = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return {"text": presentable(body), "is_json": False}
    return {"text": presentable(text), "is_json": True}


def problems(detail: str | None) -> Iterable[str]:
    """The lines of what is told of an outcome."""
    return [line for line in (detail or "").splitlines() if line.strip()]
