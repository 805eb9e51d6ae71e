"""What the API takes of people, teams, routing rules and on-call; the domain checks the meaning."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from chalicelib.domain import vocabulary as v
from chalicelib.handlers.api.schemas import Instant, Locale, Strict, Text, Tier, Word, split
from chalicelib.handlers.api.setting_schemas import Id, Name

Ref = Annotated[str, Field(max_length=64)]
Skills = Annotated[dict[str, int], Field(examples=[{"network": 3}])]
Sees = Annotated[dict[str, list[str]], Field(examples=[{"organisations": ["example.com"]}])]
Codes = Annotated[list[str], Field(examples=[["pt", "en"]])]
Zone = Annotated[str, Field(max_length=64, examples=["Europe/Lisbon"])]


class OwnProfile(Strict):
    """What everybody says of themselves; what is left out has its default."""

    name: Name
    languages: Codes = Field(default_factory=list)
    time_zone: Zone = "UTC"
    locale: Locale = "en"


class PersonIn(OwnProfile):
    """Somebody who works here; `shift` names a calendar, and `skills` have levels of 1 to 5."""

    email: Annotated[str, Field(max_length=254, examples=["ada@example.com"])] | None = None
    role: Annotated[str, Field(examples=["agent"])]
    tiers: list[int] = Field(default_factory=list)
    team: Ref | None = None
    skills: Skills = Field(default_factory=dict)
    branch: Ref | None = None
    shift: Ref | None = None
    capacity: int = 8
    sees: Sees = Field(default_factory=dict)


class PeopleQuery(Strict):
    """Filters; several values of one filter are separated by commas."""

    tier: Annotated[list[Tier], BeforeValidator(split)] = Field(default_factory=list)
    team: Annotated[list[Word], BeforeValidator(split)] = Field(default_factory=list)
    branch: Annotated[list[Word], BeforeValidator(split)] = Field(default_factory=list)


class NewAvailability(Strict):
    """A `substitute` stands in for somebody out of office; a `note` is for whoever takes over."""

    status: v.Availability
    until: Instant | None = None
    substitute: Ref | None = None
    note: Annotated[Text, Field(max_length=2_000)] = ""


class TeamIn(Strict):
    """`hand_over` says which priorities move on when their agent goes, and for what reason."""

    id: Id | None = None
    name: Name
    strategy: Annotated[str, Field(examples=["load_balanced"])] = "load_balanced"
    hand_over: dict[str, list[str]] = Field(
        default_factory=dict, examples=[{"shift_end": ["P1", "P2"], "away": ["P1"]}]
    )
    short_break: int = 30
    dedicated: bool = False
    outside: bool = False


class RuleIn(Strict):
    """Sends the tickets that its conditions are for to a tier, and to a team or people of skill."""

    id: Id | None = None
    name: Name
    conditions: dict[str, list[str]] = Field(default_factory=dict)
    tier: int = v.FIRST_TIER
    team: Ref | None = None
    skills: Skills = Field(default_factory=dict)
    priority: str | None = None


class DryRun(Strict):
    """A draft of a rule: in the place of the one with its id, or else `before` another one."""

    rule: RuleIn
    before: Ref | None = None
    tickets: Annotated[int, Field(ge=1, le=500)] = 100


class OverrideIn(Strict):
    """Somebody else is called, from `starts` until, but not at, `ends`."""

    person: str
    starts: Annotated[str, Field(examples=["2026-12-24T09:00:00Z"])]
    ends: Annotated[str, Field(examples=["2026-12-27T09:00:00Z"])]


class RotationIn(Strict):
    """`people` take turns of `turn_days` from the date `starts` on, changing at `hand_off`."""

    id: Id | None = None
    name: Name
    tier: int
    zone: Zone
    people: list[str]
    starts: Annotated[str, Field(examples=["2026-11-23"])]
    hand_off: str = "09:00"
    turn_days: int = 7
    overrides: list[OverrideIn] = Field(default_factory=list)
    pages_for: list[str] = Field(default=["P1", "P2"])
    acknowledge_within: int = 600
    channels: list[str] = Field(default=["mail"])


class ScheduleQuery(Strict):
    days: Annotated[int, Field(ge=1, le=366)] = 28


class Transfer(Strict):
    """Where to: one of a person's id (or `me`), a team's id, or a tier."""

    person: Ref | None = None
    team: Ref | None = None
    tier: int | None = None
    note: Annotated[Text, Field(max_length=2_000)] = ""


class Transfers(Transfer):
    """The same with up to 50 tickets, each by itself."""

    tickets: list[str]
