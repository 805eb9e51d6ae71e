"""The next SLA deadline of a ticket as a pill, and each target as a ring or a line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.vocabulary import CUSTOMER_TARGETS
from chalicelib.web.charts import share
from chalicelib.web.times import HOUR, compact_span, seconds_between, spoken_span

Target = Mapping[str, Any]
FINISHED = ("resolved", "closed", "cancelled", "merged")
TITLES = {
    "first_response": "First answer",
    "next_response": "Next answer",
    "resolution": "Solution",
    "time_to_accept": "Acceptance",
    "assignment": "Assigned",
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
    open_targets = [
        one for one in targets_of(ticket)
        if one["kind"] in CUSTOMER_TARGETS and not one.get("met_at")
    ]  # fmt: skip
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


def explained(target: Target, now: str | datetime) -> dict[str, Any]:
    """One target of an explanation for the side panel: what is left, and how it stands.

    `used` is the share of the working time that was allowed; `left` is until the due date.
    """
    due = target.get("due_at")
    left = seconds_between(now, due) if due else 0.0
    within = target.get("within_seconds")
    return {
        "kind": target["kind"],
        "title": title_of(target["kind"]),
        "due_at": due,
        "by_hand": bool(target.get("override")),
        "is_met": bool(target.get("met_at")),
        "used": share(target["used_seconds"], within) if within else 1.0,
        "left": left,
        "running": bool(due) and not target.get("met_at"),
        **standing(target, left),
    }


def standing(target: Target, left: float) -> dict[str, str]:
    late = target["state"] == "breached"
    if target.get("met_at"):
        took = spoken_span(target["used_seconds"]) if target["used_seconds"] else "no time"
        words = f"late, after {took}" if late else f"met in {took}"
        return {"tone": "bad" if late else "ok", "words": words}
    if not target.get("due_at"):
        return {"tone": "bad" if late else "off", "words": "missed, paused" if late else "paused"}
    words = f"late by {spoken_span(left)}" if left < 0 else f"{spoken_span(left)} left"
    return {"tone": tone_of(left), "words": words}


def panel(
    ticket: Mapping[str, Any], found: Mapping[str, Any], now: str | datetime
) -> dict[str, Any]:
    """Every target of an explanation, and the one that was promised next."""
    lines = [explained(target, now) for target in found["targets"]]
    promised = (one for one in lines if one["running"] and one["kind"] in CUSTOMER_TARGETS)
    nearest = min(promised, key=lambda line: str(line["due_at"]), default=None)
    return {"targets": lines, "next": None if ticket["status"] in FINISHED else nearest}
