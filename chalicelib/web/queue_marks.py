"""The queues and the people behind them, as figures and lines of a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.web.presence import load, presence

Queue = Mapping[str, Any]
Person = Mapping[str, Any]
MOST_SHOWN = 40  # people in a list; of more there is the number
SUMMED = ("open", "waiting", "unstaffed", "breached", "due_within_hour")


def figures(queues: Iterable[Queue], people: Iterable[Person]) -> list[dict[str, Any]]:
    """The whole desk in five numbers, each with the view that lists it."""
    rows, staff = list(queues), list(people)
    total = {name: sum(one[name] for one in rows) for name in SUMMED}
    here = [one for one in staff if is_here(one)]
    room = sum(max(one["capacity"] - one["load"], 0) for one in here)
    return [
        figure("Unassigned", total["waiting"], "unassigned", f"of {total['open']} open"),
        figure("Nobody can take", total["unstaffed"], "unstaffed", "wait for somebody", "bad"),
        figure("Breached", total["breached"], "breached", "past a deadline", "bad"),
        figure("Due within 1 h", total["due_within_hour"], "due", "not late yet", "warn"),
        figure("On shift", len(here), None, f"of {len(staff)}; room for {room}"),
    ]


def figure(title: str, value: int, view: str | None, words: str, tone: str = "") -> dict[str, Any]:
    return {
        "title": title,
        "value": value,
        "href": f"/desk?view={view}" if view else None,
        "words": words,
        "tone": tone if value else "",
    }


def card(queue: Queue, people: Iterable[Person]) -> dict[str, Any]:
    """One tier: its numbers, the pieces of its bar, and who works in it."""
    soon, late = queue["due_within_hour"], queue["breached"]
    staff = [one for one in people if queue["tier"] in one["tiers"]]
    here = [one for one in staff if is_here(one)]
    gone = [one for one in staff if not is_here(one)]
    return {
        **queue,
        "in_time": queue["open"] - soon - late,
        "pieces": [(queue["open"] - soon - late, "ok"), (soon, "warn"), (late, "bad")],
        "staff": len(staff),
        "here": group(here),
        "gone": group(gone),
    }


def group(people: list[Person]) -> dict[str, Any]:
    """Those that are shown, and how many more there are."""
    shown = people[:MOST_SHOWN]
    return {"count": len(people), "shown": shown, "more": len(people) - len(shown)}


def line(person: Person, now: str | datetime) -> dict[str, Any]:
    """Somebody with their presence and their load."""
    return {**person, "presence": presence(person, now), "bar": load(person)}


def is_here(one: Person) -> bool:
    """At work: free or busy, on shift. What `line` gives."""
    return bool(one["presence"]["tone"] != "off")


def in_order(people: Iterable[Person]) -> list[Person]:
    """Who has most room first; then by name."""
    return sorted(people, key=lambda one: (one["bar"]["used"], one["name"]))
