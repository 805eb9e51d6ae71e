"""What the API takes of integrations, alert rules and windows; the domain checks the meaning."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.domain.integrations import OnResolve
from chalicelib.handlers.api.schemas import Limit, Strict, Word
from chalicelib.handlers.api.setting_schemas import Id, Name
from chalicelib.handlers.api.staffing_schemas import Zone

Matchers = Annotated[list[str], Field(examples=[["service=shop", "host!=test-*"]])]
Labels = Annotated[list[str], Field(examples=[["service", "site"]])]


class IntegrationIn(Strict):
    """Spans are in seconds; 0, or null, asks for nothing. The source of one never changes.

    `pasted_secret` is what the tool made to prove itself with; left out, that stays as it is,
    and null goes back to a secret of ours.
    """

    id: Id | None = None
    name: Name
    source: Annotated[Word, Field(examples=["alertmanager"])] | None = None
    enabled: bool = True
    options: dict[str, Any] = Field(default_factory=dict)
    pasted_secret: Annotated[str, Field(max_length=500)] | None = None
    on_resolve: Annotated[str, Field(examples=list(OnResolve))] = OnResolve.RESOLVE.value
    quiet_for: int = 300
    reopen_within: int = 86_400
    flap_changes: int = 6
    flap_within: int = 1_800
    stale_after: int | None = None
    silent_after: int | None = None
    storm_by: Labels = Field(default=["service", "site", "group"])
    storm_size: int = 5
    storm_within: int = 300
    incidents_per_minute: int = 600


class MappingIn(Strict):
    """Paths to the parts of an alert; null takes the mapping away."""

    mapping: Annotated[
        dict[str, Any] | None,
        Field(examples=[{"identity": "check.id", "title": "check.name", "status": "state"}]),
    ]


class AlertRuleIn(Strict):
    """For alerts that all matchers hold for; what is left out is as the alert says."""

    id: Id | None = None
    name: Name
    matchers: Matchers = Field(default_factory=list)
    service: str | None = None
    branch: str | None = None
    tier: int | None = None
    impact: str | None = None
    urgency: str | None = None
    tags_from: Labels = Field(default_factory=list)
    runbook: Annotated[str, Field(examples=["https://wiki.example/disk-full"])] | None = None


class WindowIn(Strict):
    """Once, or on each of `weekdays` (0 is a Monday) from that day on, by the clocks of a zone."""

    id: Id | None = None
    name: Name
    starts_at: Annotated[str, Field(examples=["2026-11-28T22:00"])]
    minutes: int
    time_zone: Zone = "UTC"
    weekdays: list[int] = Field(default_factory=list)
    until: Annotated[str, Field(examples=["2027-03-31"])] | None = None
    matchers: Matchers = Field(default_factory=list)


class TroubleQuery(Strict):
    limit: Limit = 50
