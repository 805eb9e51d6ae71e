"""Plays the life of each seeded ticket, step by step, through the same services as everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.people import SYSTEM, Actor, Requester, requester_id
from chalicelib.domain.vocabulary import Channel, HoldReason, Level, Role, TicketType
from chalicelib.models.ticket import Ticket
from chalicelib.services import conversations, escalations, intake, ownership, tickets
from chalicelib.services.once import AlreadyDone, Once

Story = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """Who is there once the people are seeded."""

    staff: dict[str, Actor]
    now: datetime


@dataclass(frozen=True)
class Moment:
    """One step: what was done to which ticket, by whom and when."""

    ticket_id: str
    step: dict[str, Any]
    who: Actor
    at: datetime


def tell(key: str, story: Story, desk: Desk) -> str:
    """Play one ticket's life at the instants at which it is said to have happened; answers its id.

    Each step writes one version of the ticket, so a life that was cut off goes on where it ended.
    """
    opened_at = desk.now - timedelta(minutes=story["minutes_ago"])
    asker = _asker(story)
    ticket_id = _open(key, story, asker, desk, opened_at)
    told = int(Ticket.get(ticket_id).version) - 1
    for step in story["steps"][told:]:
        at = opened_at + timedelta(minutes=step["after_minutes"])
        who = {"requester": asker, **desk.staff}.get(step.get("by"), SYSTEM)
        _STEPS[step["do"]](Moment(ticket_id, step, who, at))
    return ticket_id


def _open(key: str, story: Story, asker: Actor, desk: Desk, at: datetime) -> str:
    opener = desk.staff[story["opened_by"]] if "opened_by" in story else asker
    once = Once(f"key#{key}", at, key, lambda ticket, _: {"id": ticket.ticket_id})
    try:
        return intake.open_ticket(_draft(story), opener, at, once=once).ticket.ticket_id
    except AlreadyDone as done:
        return str(done.answer["id"])


def _asker(story: Story) -> Actor:
    one = _requester(story)
    return Actor(one.id, one.name or "", Role.REQUESTER, one.email)


def _requester(story: Story) -> Requester:
    one = story["requester"]
    return Requester(id=requester_id(one["email"]), **one)


def _draft(story: Story) -> intake.Draft:
    return intake.Draft(
        subject=story["subject"],
        description=story["description"],
        requester=_requester(story),
        type=TicketType(story["type"]),
        impact=Level(story["impact"]),
        urgency=Level(story["urgency"]),
        channel=Channel(story["channel"]),
        category=story.get("category"),
        branch=story.get("branch"),
        tags=story.get("tags", []),
    )


def _reply(moment: Moment) -> None:
    conversations.reply(moment.ticket_id, moment.step["body"], moment.who, moment.at)


def _note(moment: Moment) -> None:
    conversations.note(moment.ticket_id, moment.step["body"], moment.who, moment.at)


def _assign(moment: Moment) -> None:
    ownership.assign(moment.ticket_id, "me", moment.who, moment.at)


def _hold(moment: Moment) -> None:
    minutes = moment.step.get("for_minutes")
    until = moment.at + timedelta(minutes=minutes) if minutes else None
    reason = HoldReason(moment.step["reason"])
    tickets.hold(moment.ticket_id, reason, until, moment.who, moment.at)


def _escalate(moment: Moment) -> None:
    reason, tried = moment.step["reason"], moment.step["tried"]
    escalations.escalate(moment.ticket_id, reason, tried, None, moment.who, moment.at)


def _resolve(moment: Moment) -> None:
    tickets.resolve(moment.ticket_id, moment.step["summary"], None, moment.who, moment.at)


def _close(moment: Moment) -> None:
    tickets.close_rested(Ticket.get(moment.ticket_id), moment.at)


def _cancel(moment: Moment) -> None:
    tickets.cancel(moment.ticket_id, moment.step["reason"], moment.who, moment.at)


_STEPS: dict[str, Callable[[Moment], None]] = {
    "reply": _reply, "note": _note, "assign": _assign, "hold": _hold,
    "escalate": _escalate, "resolve": _resolve, "close": _close, "cancel": _cancel,
}  # fmt: skip
