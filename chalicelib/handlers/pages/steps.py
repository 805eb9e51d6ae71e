"""What an agent can do to a ticket: each form with the service that carries it out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.errors import FieldError, Invalid
from chalicelib.domain.vocabulary import HoldReason, Status, Target
from chalicelib.handlers.pages import attachments
from chalicelib.handlers.pages.goals import goal_of
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import (
    conversations,
    deadlines,
    escalations,
    ownership,
    tickets,
    transfers,
    watching,
)
from chalicelib.web import desk_forms as f
from chalicelib.web.forms import Form
from chalicelib.web.staffing_forms import TransferForm
from chalicelib.web.times import zone_of


@dataclass(frozen=True)
class Step:
    """A form, and the change that it asks for."""

    form: type[Form]
    do: Callable[[str, Any, Visit], object]


def say(ticket_id: str, said: f.MessageForm, visit: Visit) -> None:
    asked = (ticket_id, said.body, visit.agent, visit.now)
    files = attachments.carried(said.attachments, visit.agent.id, visit)
    if said.kind == "note":
        conversations.note(*asked, said.version, files=files)
        return
    if said.kind == "call":
        conversations.log_call(*asked, said.version, files=files)
        return
    status = Status(said.status) if said.status else None
    conversations.reply(*asked, status, said.version, files=files)


def assign(ticket_id: str, asked: f.AssignmentForm, visit: Visit) -> None:
    if asked.assignee == "none":
        ownership.unassign(ticket_id, visit.agent, visit.now, asked.version)
        return
    ownership.assign(ticket_id, asked.assignee, visit.agent, visit.now, asked.version)


def transfer(ticket_id: str, asked: TransferForm, visit: Visit) -> None:
    where = (ticket_id, goal_of(asked.to), asked.note)
    try:
        transfers.transfer(*where, visit.agent, visit.now, asked.version)
    except Invalid as refusal:  # whichever of its parts was wrong, here they are one field
        raise Invalid(FieldError("/to", str(refusal))) from refusal


def acknowledge(ticket_id: str, asked: f.VersionedForm, visit: Visit) -> None:
    ownership.acknowledge(ticket_id, visit.agent, visit.now, "console", asked.version)


def watch(ticket_id: str, asked: f.VersionedForm, visit: Visit) -> None:
    watching.watch(ticket_id, visit.agent, visit.now)


def unwatch(ticket_id: str, asked: f.VersionedForm, visit: Visit) -> None:
    watching.unwatch(ticket_id, visit.agent, visit.now)


def accept(ticket_id: str, asked: f.VersionedForm, visit: Visit) -> None:
    ownership.accept(ticket_id, visit.agent, visit.now, asked.version)


def escalate(ticket_id: str, asked: f.EscalationForm, visit: Visit) -> None:
    told = (asked.reason, asked.tried, None)
    escalations.escalate(ticket_id, *told, visit.agent, visit.now, asked.version)


def de_escalate(ticket_id: str, asked: f.ReasonForm, visit: Visit) -> None:
    moved = (ticket_id, asked.reason, None)
    escalations.de_escalate(*moved, visit.agent, visit.now, asked.version)


def tell(ticket_id: str, asked: f.TellForm, visit: Visit) -> None:
    told = (ticket_id, asked.whom, asked.reason)
    escalations.tell(*told, visit.agent, visit.now, asked.version)


def set_due_date(ticket_id: str, asked: f.DueDateForm, visit: Visit) -> None:
    dated = (ticket_id, Target(asked.target), in_utc(asked.due_at, visit), asked.reason)
    deadlines.set_due_date(*dated, visit.agent, visit.now, asked.version)


def hold(ticket_id: str, asked: f.HoldForm, visit: Visit) -> None:
    reason, until = HoldReason(asked.reason), in_utc(asked.until, visit)
    tickets.hold(ticket_id, reason, until, visit.agent, visit.now, asked.version)


def resume(ticket_id: str, asked: f.VersionedForm, visit: Visit) -> None:
    tickets.resume(ticket_id, visit.agent, visit.now, asked.version)


def resolve(ticket_id: str, asked: f.ResolutionForm, visit: Visit) -> None:
    tickets.resolve(ticket_id, asked.summary, None, visit.agent, visit.now, asked.version)


def reopen(ticket_id: str, asked: f.VersionedForm, visit: Visit) -> None:
    tickets.reopen(ticket_id, visit.agent, visit.now, asked.version)


def in_utc(local: datetime | None, visit: Visit) -> datetime | None:
    """A date field knows no zone: it means the agent's own."""
    if local is None:
        return None
    zone = zone_of({"time_zone": visit.person.time_zone}) or UTC
    return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)


STEPS = {
    "messages": Step(f.MessageForm, say),
    "assignment": Step(f.AssignmentForm, assign),
    "acceptance": Step(f.VersionedForm, accept),
    "acknowledgement": Step(f.VersionedForm, acknowledge),
    "transfer": Step(TransferForm, transfer),
    "watching": Step(f.VersionedForm, watch),
    "watching-no-more": Step(f.VersionedForm, unwatch),
    "escalation": Step(f.EscalationForm, escalate),
    "de-escalation": Step(f.ReasonForm, de_escalate),
    "management": Step(f.TellForm, tell),
    "due-date": Step(f.DueDateForm, set_due_date),
    "hold": Step(f.HoldForm, hold),
    "resumption": Step(f.VersionedForm, resume),
    "resolution": Step(f.ResolutionForm, resolve),
    "reopening": Step(f.VersionedForm, reopen),
}
