"""The next SLA deadline of a ticket as a pill, and each target as a ring or a line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.web.charts import share
from chalicelib.web.times import HOUR, compact_span, seconds_between, spoken_span

Target = Mapping[str, Any]
FINISHED = ("resolved", "closed", "cancelled", "merged")
TITLES = {
    "first_response": "First answer",
    "next_response": "Next answer",
    "resolution": "Solution",
    "time_to_accept": "Taken by a person",
}


def title_of(kind: str) -> str:
    return TITLES.get(kind, kind.replace("_", " ").capitalize())


def targets_of(ticket: Mapping[str, Any]) -> list[Target]:
    return (ticket.get("sla") or {}).get("targets") or []


def tone_of(left: float) -> str:
    if left < 0:
        return "bad"
    return "warn" if left < HOUR else "ok"


def resting(text: str, words: str, icon: str = "check") -> dict[str, Any]:
    return {"tone": "off", "icon": icon, "text": text, "words": words, "due_at": None}


def pill(ticket: Mapping[str, Any], now: str | datetime) -> dict[str, Any]:
    """What the work list shows in its last column: tone, icon, text, and words for a reader."""
    open_targets = [target for target in targets_of(ticket) if not target.get("met_at")]
    if ticket["status"] in FINISHED or not open_targets:
        return resting("none", "No deadline is running")
    running = [target for target in open_targets if target.get("due_at")]
    if not running:
        return resting("paused", "The clock is paused", icon="pause")
    return counting(min(running, key=lambda target: str(target["due_at"])), now)


def counting(target: Target, now: str | datetime) -> dict[str, Any]:
    left = seconds_between(now, target["due_at"])
    title, span = title_of(target["kind"]), spoken_span(left)
    return {
        "tone": tone_of(left),
        "icon": "flame" if left < 0 else "timer",
        "text": compact_span(left),
        "words": f"{title} was due {span} ago" if left < 0 else f"{title} is due in {span}",
        "due_at": target["due_at"],
    }


def explained(ticket: Mapping[str, Any], target: Target, now: str | datetime) -> dict[str, Any]:
    """One target for the side panel: what is left, how much is used, and how it stands."""
    due = target.get("due_at")
    left = seconds_between(now, due) if due else 0.0
    whole = seconds_between(ticket["created_at"], due) if due else 0.0
    return {
        "title": title_of(target["kind"]),
        "due_at": due,
        "used": share(whole - left, whole),
        "left": left,
        "running": bool(due) and not target.get("met_at"),
        **standing(ticket, target, left),
    }


def standing(ticket: Mapping[str, Any], target: Target, left: float) -> dict[str, str]:
    late = target["state"] == "breached"
    if target.get("met_at"):
        took = spoken_span(seconds_between(ticket["created_at"], target["met_at"]))
        words = f"late, after {took}" if late else f"met in {took}"
        return {"tone": "bad" if late else "ok", "words": words}
    if not target.get("due_at"):
        return {"tone": "bad" if late else "off", "words": "missed, paused" if late else "paused"}
    words = f"late by {spoken_span(left)}" if left < 0 else f"{spoken_span(left)} left"
    return {"tone": tone_of(left), "words": words}


def panel(ticket: Mapping[str, Any], now: str | datetime) -> dict[str, Any]:
    """Every target explained, and the one that comes next."""
    lines = [explained(ticket, target, now) for target in targets_of(ticket)]
    running = sorted((line for line in lines if line["running"]), key=lambda line: line["left"])
    finished = ticket["status"] in FINISHED
    return {"targets": lines, "next": running[0] if running and not finished else None}
