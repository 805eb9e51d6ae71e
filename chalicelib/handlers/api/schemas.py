"""What the API takes: strict shapes, from which the OpenAPI document is made as well."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from chalicelib.domain import vocabulary as v
from chalicelib.domain.attachments import MOST_PER_MESSAGE
from chalicelib.domain.instants import plausible, plausible_day
from chalicelib.domain.people import EMAIL
from chalicelib.web.display import NO_LINE, NO_TEXT

LINE_BREAKS = re.compile(r"[\t\n\r]")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Strict(BaseModel):
    """Unknown fields are errors, and nothing is silently converted."""

    model_config = ConfigDict(
        extra="forbid", strict=True, str_strip_whitespace=True, allow_inf_nan=False
    )


def _no_controls(text: str) -> str:
    if NO_TEXT.search(text):
        raise ValueError("must not contain control characters")
    return text


def _one_line(text: str) -> str:
    if LINE_BREAKS.search(text):
        raise ValueError("must be one line")
    if NO_LINE.search(text):
        raise ValueError("must not contain characters that turn other text around")
    return text


def split(value: Any) -> Any:
    """Several values of one filter, separated by commas."""
    return [part for part in value.split(",") if part] if isinstance(value, str) else value


def _written_as_a_day(value: Any) -> Any:
    """Pydantic takes a number for the seconds since 1970."""
    if isinstance(value, str) and not DAY.fullmatch(value):
        raise ValueError("must be a day, such as 2026-11-30")
    return value


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("must be a zone of the IANA database, such as Europe/Lisbon") from None
    return name


Line = Annotated[str, AfterValidator(_no_controls), AfterValidator(_one_line)]
Text = Annotated[str, AfterValidator(_no_controls)]
Subject = Annotated[Line, Field(min_length=1, max_length=200, examples=["The printer jams"])]
Body = Annotated[Text, Field(min_length=1, max_length=10_000)]
Word = Annotated[Line, Field(min_length=1, max_length=60)]
Email = Annotated[Line, Field(max_length=254, pattern=EMAIL, examples=["ada@example.com"])]
Day = Annotated[date, BeforeValidator(_written_as_a_day), AfterValidator(plausible_day)]
Instant = Annotated[datetime, AfterValidator(plausible)]
Tier = Annotated[int, Field(ge=v.FIRST_TIER, le=v.LAST_TIER)]
Locale = Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$")]
# What POST /uploads answered, for files that have arrived since.
Uploads = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=3_000)]],
    Field(max_length=MOST_PER_MESSAGE),
]
Limit = Annotated[int, Field(ge=1, le=100)]


class NewRequester(Strict):
    email: Email
    name: Annotated[Line, Field(max_length=100)] | None = None
    locale: Locale | None = None
    time_zone: Annotated[Line, Field(max_length=64), AfterValidator(_known_zone)] | None = None


class NewTicket(Strict):
    subject: Subject
    description: Body
    requester: NewRequester
    type: v.TicketType = v.TicketType.INCIDENT
    impact: v.Level = v.Level.MEDIUM
    urgency: v.Level = v.Level.MEDIUM
    channel: v.Channel = v.Channel.API
    category: Word | None = None
    branch: Word | None = None
    tags: Annotated[list[Word], Field(max_length=20)] = []
    attachments: Uploads = []


class TicketChange(Strict):
    """Only the fields that are sent are changed."""

    subject: Subject = Field(default_factory=str)  # no default of its own in the document
    type: v.TicketType = v.TicketType.INCIDENT
    impact: v.Level = v.Level.MEDIUM
    urgency: v.Level = v.Level.MEDIUM
    category: Word | None = None
    branch: Word | None = None
    tags: Annotated[list[Word], Field(max_length=20)] = []


class NewReply(Strict):
    body: Body
    status: v.Status | None = None
    attachments: Uploads = []


class NewNote(Strict):
    body: Body
    attachments: Uploads = []


class Assignment(Strict):
    assignee: Annotated[Line, Field(min_length=1, max_length=64, examples=["me"])]


class Hold(Strict):
    reason: v.HoldReason
    until: Instant | None = None


class Resolution(Strict):
    summary: Body
    code: Word | None = None


class Cancellation(Strict):
    reason: Body


class Escalation(Strict):
    reason: Body
    tried: Annotated[Text, Field(max_length=10_000)] = ""
    to_tier: Tier | None = None
    tell: Literal["lead", "manager"] | None = None

    @model_validator(mode="after")
    def _moves_or_tells(self) -> "Escalation":
        if self.tell and (self.to_tier is not None or self.tried):
            raise ValueError("telling somebody moves no ticket: leave out `to_tier` and `tried`")
        return self


class DeEscalation(Strict):
    reason: Body
    to_tier: Tier | None = None


class DueDate(Strict):
    due_at: Instant
    reason: Annotated[Text, Field(min_length=1, max_length=2_000)]


class TicketQuery(Strict):
    """Filters; several values of one filter are separated by commas."""

    status: Annotated[list[v.Status], BeforeValidator(split)] = []
    tier: Annotated[list[Tier], BeforeValidator(split)] = []
    team: Annotated[list[Word], BeforeValidator(split)] = []
    priority: Annotated[list[v.Priority], BeforeValidator(split)] = []
    channel: Annotated[list[v.Channel], BeforeValidator(split)] = []
    branch: Annotated[list[Word], BeforeValidator(split)] = []
    escalated_to: Annotated[list[Literal["lead", "manager"]], BeforeValidator(split)] = []
    assignee: Word | None = None
    requester: Annotated[Line, Field(max_length=254)] | None = None
    unstaffed: bool = False
    limit: Limit = 25
    cursor: Annotated[str, Field(max_length=500)] | None = None


class PageQuery(Strict):
    limit: Limit = 100
    cursor: Annotated[str, Field(max_length=500)] | None = None
