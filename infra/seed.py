"""A believable help desk: people, tokens, an integration, and tickets in every state."""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.domain.people import Actor, Requester, requester_id
from chalicelib.domain.policies import STANDARD
from chalicelib.domain.vocabulary import Channel, HoldReason, Level, Role, TicketType
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.services import (
    clock,
    conversations,
    dispatch,
    escalations,
    intake,
    journal,
    people,
    settings,
    tickets,
)
from chalicelib.services.journal import AlreadyDone, Once
from chalicelib.services.signing import digest

SOURCE = Path(__file__).with_name("seed.json")
TIERS = {1: "Front line", 2: "Specialists", 3: "Engineering"}
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Desk:
    """Who is there once the people are seeded."""

    staff: dict[str, Actor]
    now: datetime


def seed(kind: str, data_dir: Path, base_url: str, progress: Progress) -> None:
    """Fill an empty desk and write demo.json last, as the proof that all is there.

    `kind` is `demo` or `empty` (people and integration only). `progress` gets what is being done,
    how many are done and how many there are. Safe to run again after it was cut off.
    """
    source, now = json.loads(SOURCE.read_text("utf-8")), clock.now()
    settings.put(settings.POLICY, STANDARD.id, STANDARD.to_data())
    for number, name in TIERS.items():
        settings.put(settings.TIER, str(number), {"name": name})
    members = list(_people(source["people"], now, progress))
    integration = _integration(base_url)
    if kind == "demo":
        staff = {one["key"]: _actor(one) for one in members}
        _tickets(source["tickets"], Desk(staff, now), progress)
    told = [{k: v for k, v in one.items() if k not in ("key", "id")} for one in members]
    _write(data_dir / "demo.json", {
        "base_url": base_url,
        "people": told,
        "integrations": [integration],
        "mailbox_url": f"{base_url}/_local/mail",
        "clock_url": f"{base_url}/_local/clock",
    })  # fmt: skip


def _people(
    source: list[dict[str, Any]], now: datetime, progress: Progress
) -> Iterator[dict[str, Any]]:
    for done, one in enumerate(source, start=1):
        profile = {name: one[name] for name in ("time_zone", "locale", "languages", "capacity")}
        password = secrets.token_urlsafe(12)
        role = Role(one["role"])
        person = people.add(one["name"], one["email"], role, password, one.get("tier"), **profile)
        yield {
            "key": one["key"], "id": person.person_id, "name": one["name"], "email": one["email"],
            "role": one["role"], "tier": one.get("tier"), "password": password,
            "api_token": people.issue_token(person.person_id, "demo", now),
        }  # fmt: skip
        progress("People", done, len(source))


def _actor(one: dict[str, Any]) -> Actor:
    return Actor(one["id"], one["name"], Role(one["role"]), one["email"])


def _integration(base_url: str) -> dict[str, str]:
    key, secret = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    data = {"name": "Prometheus", "source": "alertmanager", "secret_hash": digest(secret)}
    settings.put(settings.INTEGRATION, digest(key), data)
    url = f"{base_url}/hooks/alertmanager/{key}"
    return {"source": "alertmanager", "url": url, "secret": secret}


def _tickets(source: list[dict[str, Any]], desk: Desk, progress: Progress) -> None:
    for done, story in enumerate(source, start=1):
        _tell(f"seed#{done}", story, desk)
        progress("Tickets", done, len(source))


def _tell(key: str, story: dict[str, Any], desk: Desk) -> None:
    """Play one ticket's life at the instants at which it is said to have happened."""
    opened_at = desk.now - timedelta(minutes=story["minutes_ago"])
    requester = _requester(story["requester"])
    asker = Actor(requester.id, requester.name or "", Role.REQUESTER, requester.email)
    draft = _draft(story, requester)
    once = Once(f"key#{key}", key, lambda ticket, _: {"id": ticket.ticket_id})
    try:
        ticket_id = intake.open_ticket(draft, asker, opened_at, once).ticket.ticket_id
    except AlreadyDone as done:
        ticket_id = done.answer["id"]
    told = int(Ticket.get(ticket_id).version) - 1
    for step in story["steps"][told:]:
        _STEPS[step["do"]](ticket_id, step, asker, desk, opened_at + _minutes(step))


def _draft(story: dict[str, Any], requester: Requester) -> intake.Draft:
    return intake.Draft(
        subject=story["subject"],
        description=story["description"],
        requester=requester,
        type=TicketType(story.get("type", "incident")),
        impact=Level(story.get("impact", "medium")),
        urgency=Level(story.get("urgency", "medium")),
        channel=Channel(story.get("channel", "portal")),
        category=story.get("category"),
        branch=story.get("branch"),
        tags=story.get("tags", []),
    )


def _requester(one: dict[str, Any]) -> Requester:
    return Requester(id=requester_id(one["email"]), **one)


def _minutes(step: dict[str, Any]) -> timedelta:
    return timedelta(minutes=step["after_minutes"])


def _reply(ticket_id: str, step: dict[str, Any], asker: Actor, desk: Desk, at: datetime) -> None:
    who = asker if step["by"] == "requester" else desk.staff[step["by"]]
    conversations.reply(ticket_id, step["body"], who, at)


def _note(ticket_id: str, step: dict[str, Any], asker: Actor, desk: Desk, at: datetime) -> None:
    conversations.note(ticket_id, step["body"], desk.staff[step["by"]], at)


def _assign(ticket_id: str, step: dict[str, Any], asker: Actor, desk: Desk, at: datetime) -> None:
    dispatch.assign(ticket_id, "me", desk.staff[step["by"]], at)


def _hold(ticket_id: str, step: dict[str, Any], asker: Actor, desk: Desk, at: datetime) -> None:
    tickets.hold(ticket_id, HoldReason(step["reason"]), None, desk.staff[step["by"]], at)


def _escalate(ticket_id: str, step: dict[str, Any], asker: Actor, desk: Desk, at: datetime) -> None:
    who = desk.staff[step["by"]]
    escalations.escalate(ticket_id, step["reason"], step["tried"], None, who, at)


def _resolve(ticket_id: str, step: dict[str, Any], asker: Actor, desk: Desk, at: datetime) -> None:
    tickets.resolve(ticket_id, step["summary"], None, desk.staff[step["by"]], at)


def _close(ticket_id: str, step: dict[str, Any], asker: Actor, desk: Desk, at: datetime) -> None:
    ticket = Ticket.get(ticket_id)
    tickets.close_rested(ticket, at)


def _cancel(ticket_id: str, step: dict[str, Any], asker: Actor, desk: Desk, at: datetime) -> None:
    tickets.cancel(ticket_id, step["reason"], desk.staff[step["by"]], at)


_STEPS = {
    "reply": _reply, "note": _note, "assign": _assign, "hold": _hold,
    "escalate": _escalate, "resolve": _resolve, "close": _close, "cancel": _cancel,
}  # fmt: skip


def _write(path: Path, data: dict[str, Any]) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", "utf-8")


__all__ = ["Person", "journal", "seed"]
