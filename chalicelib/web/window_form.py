"""The editor of a maintenance window: its fields, how a window fills them, and what they say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import create_model

from chalicelib.domain.errors import FieldError
from chalicelib.domain.maintenance import WEEKDAYS, Window
from chalicelib.web.calendar_marks import WEEKDAY_NAMES
from chalicelib.web.matcher_lines import said
from chalicelib.web.refusals import FORM, placed
from chalicelib.web.settings_forms import TICKED, DraftForm, Lines, Tick, Words, lines_of, whole
from chalicelib.web.times import zone_of

USUAL_MINUTES, UTC = 120, "UTC"


def on(day: int) -> str:
    """The box of a weekday; Monday is 0."""
    return f"on_{day}"


LABELS = {
    "id": "Id",
    "name": "Name",
    "starts_at": "Begins",
    "zone": "Time zone",
    "minutes": "Minutes",
    **{on(day): WEEKDAY_NAMES[day] for day in WEEKDAYS},
    "until": "Last day",
    "matchers": "Matchers",
}


class WindowHead(DraftForm):
    do: Literal["save"] = "save"
    starts_at: Words = ""
    zone: Words = ""
    minutes: Words = ""
    until: Words = ""
    matchers: Lines = ""


BOXES: dict[str, Any] = {on(day): (Tick, None) for day in WEEKDAYS}
WindowForm = create_model("WindowForm", __base__=WindowHead, **BOXES)


def filled(window: Window | None, zone: str | None, now: datetime) -> dict[str, str]:
    """What stands in the editor; a new window begins at the next full hour of its writer's zone."""
    shown = window or Window("", "", _next_hour(zone, now), USUAL_MINUTES, time_zone=zone or UTC)
    return {
        "id": shown.id,
        "name": shown.name,
        "starts_at": shown.starts_at,
        "zone": shown.time_zone,
        "minutes": str(shown.minutes),
        **{on(day): TICKED for day in shown.weekdays},
        "until": shown.until or "",
        "matchers": "\n".join(shown.matchers),
    }


def data_of(form: Any) -> dict[str, Any]:
    """What the fields say, for the domain to judge."""
    return {
        "id": form.id,
        "name": form.name,
        "starts_at": form.starts_at.replace(" ", "T"),
        "time_zone": form.zone,
        "minutes": whole(form.minutes),
        "weekdays": [day for day in WEEKDAYS if getattr(form, on(day))],
        "until": form.until or None,
        "matchers": lines_of(form.matchers),
    }


def fields_of(errors: Iterable[FieldError], form: Any) -> dict[str, str]:
    """Each refusal at its field; of a matcher with the line that it is about."""

    def place(parts: list[str]) -> str:
        name = {"time_zone": "zone"}.get(parts[0], parts[0]) if parts else FORM
        return name if name in LABELS else FORM

    return placed(errors, place, lambda error: said(error, form.matchers))


def _next_hour(zone: str | None, now: datetime) -> str:
    local = now.astimezone(zone_of({"time_zone": zone}) or ZoneInfo(UTC)) + timedelta(hours=1)
    return local.strftime("%Y-%m-%dT%H:00")
