"""What the pages of calendars show: the list with who uses each, and one as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from chalicelib.domain import calendars
from chalicelib.domain.calendar_checks import WEEKDAYS
from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.policies import Policy
from chalicelib.web.calendar_form import typed_of
from chalicelib.web.calendar_marks import WEEKDAY_NAMES, special_days, week, weekly_hours
from chalicelib.web.refusals import differences
from chalicelib.web.times import counted

OFFICE = "09:00-17:00"
LABELS = {
    "id": "Id",
    "name": "Name",
    "zone": "Time zone",
    **dict(zip(WEEKDAYS, WEEKDAY_NAMES, strict=True)),
    "country": "Country",
    "region": "Region",
    "holidays": "More holidays",
    "openings": "One-off openings",
    "days": "Days to look back",
}
SHOWN_AT_ONCE = 8


def rows(
    found: Iterable[Calendar], policies: Iterable[Policy], branches: Sequence[Mapping[str, Any]],
    shifts: Mapping[str, int],
) -> list[dict[str, Any]]:  # fmt: skip
    """The list, with who uses each; `shifts` counts the people who work by one."""
    by_policy = [(one.calendar, one.name) for one in policies]
    by_branch = [(one["calendar"], one["name"]) for one in branches]
    by_people = [(id_, f"the shift of {counted(many, 'agent')}") for id_, many in shifts.items()]
    used = [*by_policy, *by_branch, *by_people]
    return [row(calendar, [name for id_, name in used if id_ == calendar.id]) for calendar in found]


def row(calendar: Calendar, users: list[str]) -> dict[str, Any]:
    return {
        "id": calendar.id,
        "name": calendar.name,
        "version": calendar.version,
        "zone": calendar.zone,
        "is_built_in": calendar.id == ALWAYS.id,
        "week": week(calendar),
        "hours": weekly_hours(calendar),
        "holidays": " · ".join(filter(None, (calendar.country, calendar.region))),
        "users": users,
    }


def filled(calendar: Calendar | None) -> dict[str, str]:
    """What stands in the editor at first; a new calendar begins with five office days."""
    if calendar:
        return typed_of(calendar)
    return dict.fromkeys(WEEKDAYS[:5], OFFICE)


def offered(calendar: Calendar | None, now: datetime) -> dict[str, Any]:
    special = special_days(calendar, now) if calendar else []
    return {
        "zones": zones(),
        "weekdays": list(zip(WEEKDAYS, WEEKDAY_NAMES, strict=True)),
        "week": week(calendar) if calendar else [],
        "weekly_hours": weekly_hours(calendar) if calendar else 0,
        "special": {"soon": special[:SHOWN_AT_ONCE], "later": special[SHOWN_AT_ONCE:]},
        "labels": LABELS,
    }


def differs(typed: Mapping[str, str], stored: Calendar | None) -> list[dict[str, str]]:
    """Where a form says something else than what is stored."""
    return differences(typed, filled(stored), LABELS)


@lru_cache(maxsize=1)
def zones() -> list[str]:
    """The zones that people mean, without the short old names."""
    return sorted(name for name in available_timezones() if "/" in name and "Etc/" not in name)


def is_wrong(data: Mapping[str, Any]) -> bool:
    return bool(calendars.check(dict(data)))
