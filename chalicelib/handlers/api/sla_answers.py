"""What the API answers of why a ticket's deadlines are where they are."""

from datetime import datetime

from pydantic import BaseModel

from chalicelib.domain import vocabulary as v
from chalicelib.handlers.api.answers import TargetOut


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
