"""The editor of an alert rule: its fields, how a rule fills them, and what they say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from chalicelib.domain.alert_rules import AlertRule
from chalicelib.domain.errors import FieldError
from chalicelib.web.matcher_lines import said
from chalicelib.web.refusals import FORM, placed
from chalicelib.web.settings_forms import DraftForm, Id, Lines, Words, lines_of, listed, whole

LABELS = {
    "id": "Id",
    "name": "Name",
    "matchers": "Matchers",
    "service": "Service",
    "branch": "Branch",
    "tier": "Tier",
    "impact": "Impact",
    "urgency": "Urgency",
    "tags_from": "Tags from labels",
    "runbook": "Runbook",
}
TEXTS = ("service", "branch", "impact", "urgency", "runbook")


class AlertRuleForm(DraftForm):
    do: Literal["save"] = "save"
    matchers: Lines = ""
    service: Words = ""
    branch: Id = ""
    tier: Words = ""
    impact: Words = ""
    urgency: Words = ""
    tags_from: Words = ""
    runbook: Words = ""


def filled(rule: AlertRule | None) -> dict[str, str]:
    """What stands in the editor."""
    shown = rule or AlertRule("", "")
    return {
        "id": shown.id,
        "name": shown.name,
        "matchers": "\n".join(shown.matchers),
        **{name: getattr(shown, name) or "" for name in TEXTS},
        "tier": str(shown.tier or ""),
        "tags_from": ", ".join(shown.tags_from),
    }


def data_of(form: Any) -> dict[str, Any]:
    """What the fields say, for the domain to judge."""
    return {
        "id": form.id,
        "name": form.name,
        "matchers": lines_of(form.matchers),
        **{name: getattr(form, name) or None for name in TEXTS},
        "tier": whole(form.tier) if form.tier else None,
        "tags_from": listed(form.tags_from),
    }


def fields_of(errors: Iterable[FieldError], form: Any) -> dict[str, str]:
    """Each refusal at its field; of a matcher with the line that it is about."""

    def place(parts: list[str]) -> str:
        return parts[0] if parts and parts[0] in LABELS else FORM

    return placed(errors, place, lambda error: said(error, form.matchers))
