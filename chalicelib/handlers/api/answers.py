"""What the API answers, for the OpenAPI document; services/views.py makes the data."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from chalicelib.domain import vocabulary as v
from chalicelib.domain.attachments import FileState


class NamedPerson(BaseModel):
    id: str
    name: str | None = None


class RequesterOut(NamedPerson):
    email: str
    locale: str | None = None
    time_zone: str | None = None


class OverrideOut(BaseModel):
    """A due date set by hand, in place of the policy's."""

    due_at: datetime
    set_at: datetime
    by: str
    reason: str


class TargetOut(BaseModel):
    kind: v.Target
    state: str
    due_at: datetime | None
    met_at: datetime | None
    breached_at: datetime | None
    remaining_seconds: int | None
    override: OverrideOut | None


class SlaOut(BaseModel):
    policy: str
    calendar: str
    next_deadline_at: datetime | None
    targets: list[TargetOut]


class PageOut(BaseModel):
    """Who was called for a ticket, by which rotation, and until when they may acknowledge it."""

    rotation: str
    step: int
    called: list[str]
    at: datetime
    ack_by: datetime | None


class AttachmentOut(BaseModel):
    """A file on a ticket; `entry_id` names the message that carries it."""

    id: str
    name: str
    size: int
    type: str
    state: FileState
    entry_id: str
    public: bool


class LinkOut(BaseModel):
    """Where a monitoring tool, or its runbook, says more."""

    text: str
    href: str


class TicketOut(BaseModel):
    id: str
    url: str
    subject: str
    description: str
    type: v.TicketType
    status: v.Status
    priority: v.Priority
    impact: v.Level
    urgency: v.Level
    tier: int
    team: str | None
    category: str | None
    branch: str | None
    tags: list[str]
    channel: v.Channel
    requester: RequesterOut
    assignee: NamedPerson | None
    created_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    language: str | None
    skills: dict[str, int]
    watchers: list[str]
    unstaffed_since: datetime | None
    expected_at: datetime | None
    accept_by: datetime | None
    page: PageOut | None
    hold: dict[str, Any] | None
    escalated_to: str | None
    follows: str | None
    parent: str | None
    service: str | None
    links: list[LinkOut]
    version: int
    sla: SlaOut
    alerts: dict[str, Any] | None
    attachments: list[AttachmentOut]


class TicketsOut(BaseModel):
    items: list[TicketOut]
    next: str | None


class ActorOut(NamedPerson):
    role: v.Role


class EntryOut(BaseModel):
    id: str
    kind: str
    at: datetime
    by: ActorOut
    public: bool
    attachments: list[str]
    data: dict[str, Any]


class TimelineOut(BaseModel):
    items: list[EntryOut]
    next: str | None


class QueueOut(BaseModel):
    tier: int
    name: str
    open: int
    waiting: int
    oldest_at: datetime | None
    due_within_hour: int
    breached: int
    agents_eligible: int
    unstaffed: int
    unstaffed_since: datetime | None
    expected_at: datetime | None
    on_call: list[NamedPerson]
    counted_at_most: int


class QueuesOut(BaseModel):
    items: list[QueueOut]
    next: str | None


class HealthOut(BaseModel):
    status: str


class ProblemErrorOut(BaseModel):
    pointer: str
    detail: str


class ProblemOut(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[ProblemErrorOut] = []
