"""What the API takes of policies, calendars and branches; the domain checks what they mean."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.domain.naming import ID
from chalicelib.handlers.api.schemas import Line, Strict

Id = Annotated[str, Field(pattern=f"^{ID.pattern}$", examples=["gold"])]
Name = Annotated[Line, Field(min_length=1, max_length=100)]
Interval = Annotated[list[str], Field(min_length=2, max_length=2, examples=[["09:00", "12:30"]])]
Days = dict[str, list[Interval]]
DayList = Annotated[list[str], Field(max_length=1000)]


class RungIn(Strict):
    """A step of the ladder: `after` seconds of what `when` says, do `action`."""

    after: int
    action: str
    when: str = "breached"
    targets: list[str] = Field(default_factory=list)
    hours: str = "working"


class PolicyIn(Strict):
    """Targets in seconds by priority; a target that is left out is not measured."""

    id: Id | None = None
    name: Name
    calendar: Annotated[str, Field(max_length=60)] = "24x7"
    conditions: dict[str, list[str]] = Field(default_factory=dict)
    targets: dict[str, dict[str, Any]]
    warnings: list[int] = Field(default_factory=list)
    ladder: list[RungIn] = Field(default_factory=list)
    reopen_within_days: int = 7
    retired: bool = False


class Order(Strict):
    """The ids of all there are, in the order in which they are asked."""

    ids: Annotated[list[Id], Field(max_length=500)]


class CalendarIn(Strict):
    """Hours by weekday; `country` and `region` bring the public holidays."""

    id: Id | None = None
    name: Name
    zone: Annotated[str, Field(max_length=64, examples=["Europe/Lisbon"])]
    weekly: Days
    country: Annotated[str, Field(max_length=2, examples=["PT"])] | None = None
    region: Annotated[str, Field(max_length=60)] | None = None
    holidays: DayList = Field(default_factory=list)
    openings: Days = Field(default_factory=dict)


class BranchIn(Strict):
    id: Id | None = None
    name: Name
    calendar: Annotated[str, Field(max_length=60)] = "24x7"


class WhatIf(Strict):
    """A draft of a policy, of a calendar, or both; each as it would be stored."""

    policy: PolicyIn | None = None
    calendar: CalendarIn | None = None
    days: Annotated[int, Field(ge=1, le=366)] = 90


class MonthQuery(Strict):
    month: Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-11"])]
