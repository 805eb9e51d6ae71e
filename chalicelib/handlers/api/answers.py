"""What the API answers, for the OpenAPI document; services/views.py makes the data."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from chalicelib.domain import vocabulary as v


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
    unstaffed_since: datetime | None
    hold: dict[str, Any] | None
    escalated_to: str | None
    follows: str | None
    version: int
    sla: SlaOut
    alerts: dict[str, Any] | None


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
    data: dict[str, Any]


class TimelineOut(BaseModel):
    items: list[EntryOut]
    next: str | None


class SegmentOut(BaseModel):
    """A stretch in which a clock `ran` or `rested`, and why it ended or waits."""

    kind: str
    started_at: datetime
    stopped_at: datetime | None
    why: str
    calendar: str
    calendar_name: str
    working_seconds: int


class ExplainedTargetOut(TargetOut):
    cycle: int
    within_seconds: int | None
    used_seconds: int
    computed_due_at: datetime | None
    segments: list[SegmentOut]
    steps_taken: list[str]


class CycleOut(BaseModel):
    """A cycle that is over, with its verdict: `met`, `breached`, or `none` if it was left."""

    kind: v.Target
    cycle: int
    verdict: str
    within_seconds: int | None
    used_seconds: int | None
    met_at: datetime | None
    breached_at: datetime | None
    tier: int
    priority: v.Priority
    policy: str


class NextStepOut(BaseModel):
    target: v.Target
    step: str
    action: str
    at: datetime


class WordsOut(BaseModel):
    kind: v.Target
    title: str
    lines: list[str]


class SlaExplanationOut(BaseModel):
    policy: str
    policy_name: str
    policy_version: int
    calendar: str
    calendar_name: str
    calendar_version: int
    zone: str
    open_now: bool
    next_opening_at: datetime | None
    next_step: NextStepOut | None
    targets: list[ExplainedTargetOut]
    past: list[CycleOut]
    words: list[WordsOut]


class QueueOut(BaseModel):
    tier: int
    name: str
    open: int
    waiting: int
    oldest_at: datetime | None
    due_within_hour: int
    breached: int
    agents_eligible: int
    counted_at_most: int


class QueuesOut(BaseModel):
    items: list[QueueOut]
    next: str | None


class PersonOut(NamedPerson):
    email: str
    role: v.Role
    tier: int | None
    time_zone: str
    availability: v.Availability
    away_until: datetime | None


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
