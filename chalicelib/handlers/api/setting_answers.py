"""What the API answers of policies, calendars, branches, jobs and attainment."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from chalicelib.domain import vocabulary as v
from chalicelib.handlers.api.answers import NamedPerson


class Stored(BaseModel):
    """`job` names the work that brings open tickets under the change, where one was made."""

    id: str
    name: str
    version: int
    job: str | None = None


class RungOut(BaseModel):
    after: int
    action: str
    when: str
    targets: list[str]
    hours: str


class PolicyOut(Stored):
    calendar: str
    conditions: dict[str, list[str]]
    targets: dict[str, dict[str, Any]]
    warnings: list[int]
    ladder: list[RungOut]
    reopen_within_days: int
    retired: bool


class CalendarOut(Stored):
    zone: str
    weekly: dict[str, list[list[str]]]
    country: str | None
    region: str | None
    public_holidays: dict[str, str]
    holidays: list[str]
    openings: dict[str, list[list[str]]]


class BranchOut(Stored):
    calendar: str


class PoliciesOut(BaseModel):
    items: list[PolicyOut]
    next: str | None


class CalendarsOut(BaseModel):
    items: list[CalendarOut]
    next: str | None


class BranchesOut(BaseModel):
    items: list[BranchOut]
    next: str | None


class JobOut(BaseModel):
    """`found` lists what a question came to, at most 100 rows; the counts are of all."""

    id: str
    kind: str
    state: str
    by: NamedPerson
    about: dict[str, Any]
    created_at: datetime
    finished_at: datetime | None
    seen: int
    changed: int
    total: int
    checking: bool
    found: list[dict[str, Any]]


class JobsOut(BaseModel):
    items: list[JobOut]
    next: str | None


class AttainmentRow(BaseModel):
    target: v.Target
    policy: str
    tier: int
    priority: v.Priority
    met: int
    breached: int


class AttainmentOut(BaseModel):
    items: list[AttainmentRow]
    next: str | None
