"""What the API answers of integrations, their deliveries, alert rules and maintenance windows."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from chalicelib.domain import vocabulary as v
from chalicelib.domain.integrations import OnResolve
from chalicelib.handlers.api.setting_answers import Stored


class HealthOfOut(BaseModel):
    """`silent` has sent nothing for too long; of `failing`, the last could not be taken."""

    state: Literal["ok", "silent", "failing", "never"]
    last_at: datetime | None
    last_outcome: str | None


class IntegrationOut(Stored):
    """`address` and `secret` are for admins, and a secret that was pasted is for nobody."""

    source: str
    enabled: bool
    options: dict[str, Any]
    on_resolve: OnResolve
    quiet_for: int
    reopen_within: int
    flap_changes: int
    flap_within: int
    stale_after: int | None
    silent_after: int | None
    storm_by: list[str]
    storm_size: int
    storm_within: int
    incidents_per_minute: int
    address: str | None
    secret: str | None
    has_pasted_secret: bool
    old_key_works: bool
    health: HealthOfOut


class IntegrationsOut(BaseModel):
    items: list[IntegrationOut]
    next: str | None


class AlertRuleOut(Stored):
    matchers: list[str]
    service: str | None
    branch: str | None
    tier: int | None
    impact: v.Level | None
    urgency: v.Level | None
    tags_from: list[str]
    runbook: str | None


class AlertRulesOut(BaseModel):
    items: list[AlertRuleOut]
    next: str | None


class WindowOut(Stored):
    """`now` says whether it is open; `next_at` when it opens next, within a week or the first."""

    starts_at: str
    minutes: int
    time_zone: str
    weekdays: list[int]
    until: str | None
    matchers: list[str]
    now: bool
    next_at: datetime | None


class WindowsOut(BaseModel):
    items: list[WindowOut]
    next: str | None


class SourceOut(BaseModel):
    """`set_up` says step by step where to put an integration's `{url}` and `{secret}`."""

    id: str
    title: str
    proof: str
    set_up: list[str]


class SourcesOut(BaseModel):
    items: list[SourceOut]
    next: str | None


class DeliveryOut(BaseModel):
    """What a tool sent, and what became of it: `decisions` counts its alerts by that."""

    id: str
    integration: str
    source: str
    received_at: datetime
    outcome: str
    detail: str | None
    decisions: dict[str, int]
    tickets: list[str]
    size: int
    headers: dict[str, str]
    query: dict[str, str]
    path: str
    replay_of: str | None
    needs_care: bool


class DeliveryDetailOut(DeliveryOut):
    """The body as text; secrets in it are hidden, and a very long one is cut."""

    body: str


class DeliveriesOut(BaseModel):
    items: list[DeliveryOut]
    next: str | None


class SentOut(BaseModel):
    """Under which id it is among the deliveries, as soon as it is worked on."""

    delivery_id: str
