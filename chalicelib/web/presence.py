"""Whether somebody is at work, in a word and a colour, and how much they carry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.web.charts import share
from chalicelib.web.times import seconds_between

Person = Mapping[str, Any]
WORDS = {
    "available": "Available",
    "busy": "Busy",
    "away": "Away",
    "out_of_office": "Out of office",
}
TONES = {"available": "ok", "busy": "warn", "away": "off", "out_of_office": "off"}
FULL, NEARLY_FULL = 1.0, 0.75


def presence(person: Person, now: str | datetime) -> dict[str, Any]:
    """`{state, words, tone, until}`: what they said, until the time they named is over.

    Who is off shift is so whatever they said; `on_shift` is None for those without one.
    """
    until = person.get("away_until")
    is_back = until is not None and seconds_between(now, until) <= 0
    state = "available" if is_back else str(person.get("availability") or "available")
    off = person.get("on_shift") is False and state in ("available", "busy")
    return {
        "state": state,
        "words": "Off shift" if off else WORDS.get(state, state),
        "tone": "off" if off else TONES.get(state, "off"),
        "until": None if is_back or state == "available" else until,
    }


def load(person: Person) -> dict[str, Any]:
    """Their load as a share of what they can carry: `{used, tone, words}`."""
    held, most = int(person.get("load") or 0), int(person.get("capacity") or 0)
    return {"used": share(held, most), "tone": tone_of(held, most), "words": f"{held} of {most}"}


def tone_of(held: int, most: int) -> str:
    if held >= most * FULL:
        return "bad"
    return "warn" if held >= most * NEARLY_FULL else "ok"


def carries(person: Person) -> bool:
    """Whether their load says anything: they get tickets, or hold some."""
    return bool(person.get("tiers")) or int(person.get("load") or 0) > 0
