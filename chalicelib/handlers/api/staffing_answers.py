"""What the API answers of people, teams, routing rules, on-call and transfers."""

from datetime import datetime

from pydantic import BaseModel

from chalicelib.domain import vocabulary as v
from chalicelib.handlers.api.answers import NamedPerson
from chalicelib.handlers.api.setting_answers import Stored


class PersonOut(NamedPerson):
    """`tier` is the first of `tiers`; `load` and `capacity` are in weights of tickets."""

    email: str | None
    role: v.Role
    tier: int | None
    tiers: list[int]
    team: str | None
    skills: dict[str, int]
    languages: list[str]
    branch: str | None
    shift: str | None
    time_zone: str
    locale: str
    capacity: int
    sees: dict[str, list[str]]
    load: int
    availability: v.Availability
    away_until: datetime | None
    substitute: str | None
    note: str | None
    seen_at: datetime | None
    on_shift: bool | None
    version: int


class PeopleOut(BaseModel):
    items: list[PersonOut]
    next: str | None


class TeamOut(Stored):
    strategy: str
    hand_over: dict[str, list[v.Priority]]
    short_break: int
    dedicated: bool
    outside: bool


class TeamsOut(BaseModel):
    items: list[TeamOut]
    next: str | None


class RuleOut(Stored):
    conditions: dict[str, list[str]]
    tier: int
    team: str | None
    skills: dict[str, int]
    priority: v.Priority | None


class RulesOut(BaseModel):
    items: list[RuleOut]
    next: str | None


class RoutedOut(BaseModel):
    rule: str
    tier: int
    team: str | None
    skills: dict[str, int]
    priority: v.Priority | None


class DryRunRow(BaseModel):
    """Where the rules send a ticket `now`, and where they `then` would."""

    ticket: str
    subject: str
    created_at: datetime
    now: RoutedOut
    then: RoutedOut
    changed: bool


class DryRunOut(BaseModel):
    items: list[DryRunRow]
    next: str | None
    seen: int
    changed: int


class OnCallOverrideOut(BaseModel):
    person: str
    starts: str
    ends: str


class RotationOut(Stored):
    tier: int
    zone: str
    people: list[str]
    starts: str
    hand_off: str
    turn_days: int
    overrides: list[OnCallOverrideOut]
    pages_for: list[v.Priority]
    acknowledge_within: int
    channels: list[str]


class RotationsOut(BaseModel):
    items: list[RotationOut]
    next: str | None


class SpellOut(BaseModel):
    """A stretch of time in which one person is called; nobody, before the first turn."""

    starts_at: datetime
    ends_at: datetime
    person: NamedPerson | None
    by_override: bool


class ScheduleOut(BaseModel):
    items: list[SpellOut]
    next: str | None


class OnCallOut(BaseModel):
    id: str
    name: str
    tier: int
    now: SpellOut
    then: SpellOut | None


class OnCallNowOut(BaseModel):
    items: list[OnCallOut]
    next: str | None


class OutcomeOut(BaseModel):
    """What came of one ticket: `problem` says why it stayed where it was."""

    id: str
    ok: bool
    problem: str | None


class OutcomesOut(BaseModel):
    items: list[OutcomeOut]
    next: str | None
