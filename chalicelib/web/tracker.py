"""The four plain steps by which a requester follows a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.domain.events import PUBLIC
from chalicelib.domain.lifecycle import PLAIN_LABELS
from chalicelib.domain.vocabulary import Status
from chalicelib.web.times import instant

STEPS = ("Received", "In progress", "Waiting for you", "Solved")
STEP_OF_STATUS = {
    "new": 0,
    "open": 1,
    "on_hold": 1,
    "pending": 2,
    "resolved": 3,
    "closed": 3,
    "cancelled": 3,
    "merged": 3,
}
STARTING_KINDS = ("assigned", "reply", "held", "resolved")


def plain_status(status: str) -> str:
    return PLAIN_LABELS[Status(status)]


def first_time(timeline: Iterable[Mapping[str, Any]], kinds: tuple[str, ...]) -> str | None:
    """When somebody other than the requester first did one of these."""
    theirs = (entry for entry in timeline if entry["by"]["role"] != "requester")
    return next((entry["at"] for entry in theirs if entry["kind"] in kinds), None)


def waiting_since(ticket: Mapping[str, Any]) -> str | None:
    return ticket["updated_at"] if ticket["status"] == "pending" else None


def steps(ticket: Mapping[str, Any], timeline: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each step with its title, its time when known, and done, now, passed or ahead."""
    current = STEP_OF_STATUS.get(ticket["status"], 1)
    times = (
        ticket["created_at"],
        first_time(timeline, STARTING_KINDS) if current else None,
        waiting_since(ticket),
        ticket.get("resolved_at") if current == 3 else None,
    )
    titles = (*STEPS[:3], plain_status(ticket["status"]) if current == 3 else STEPS[3])
    return [
        {"title": title, "at": at, "state": state_of(index, current)}
        for index, (title, at) in enumerate(zip(titles, times, strict=True))
    ]


def state_of(index: int, current: int) -> str:
    if index == current:
        return "done" if index == 3 else "now"
    if index > current:
        return "ahead"
    return "passed" if index == 2 else "done"


def promised_at(ticket: Mapping[str, Any]) -> str | None:
    """When the requester may expect the next answer from us; None while no clock runs."""
    return _next_due(ticket, ("first_response", "next_response"))


def believable(ticket: Mapping[str, Any]) -> str | None:
    """The same, unless nobody who can help is expected before it."""
    due, expected = promised_at(ticket), ticket.get("expected_at")
    return None if due and expected and instant(due) < instant(expected) else due


def solved_by(ticket: Mapping[str, Any]) -> str | None:
    """By when we mean to have it solved; None while that clock rests, or once it is too late."""
    return _next_due(ticket, ("resolution",))


def _next_due(ticket: Mapping[str, Any], kinds: tuple[str, ...]) -> str | None:
    """A date that was missed is no promise any more."""
    targets = (ticket.get("sla") or {}).get("targets") or []
    running = (one for one in targets if one["kind"] in kinds and one["state"] == "running")
    dues = [one["due_at"] for one in running if one.get("due_at")]
    return min(dues, default=None)


def conversation(timeline: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What a requester may read; the service has filtered already, this is the second lock."""
    return [entry for entry in timeline if entry["public"] and entry["kind"] in PUBLIC]
