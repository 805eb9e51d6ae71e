"""Policies and integrations: few, read often, so kept for a moment in each process."""

import time
from datetime import datetime
from typing import Any

from chalicelib.domain.calendars import ALWAYS, Calendar, check
from chalicelib.domain.errors import Invalid
from chalicelib.domain.policies import STANDARD, Policy, check_policy
from chalicelib.models.setting import Setting
from chalicelib.observability import count, logger

KEPT_FOR_SECONDS = 30
POLICY, CALENDAR, INTEGRATION, TIER = "sla_policy", "calendar", "integration", "tier"

_kept: dict[str, tuple[float, dict[str, dict[str, Any]]]] = {}


def policy(policy_id: str = STANDARD.id) -> Policy:
    """The policy as stored; the built-in standard one until an operator stores another."""
    data = _all(POLICY).get(policy_id)
    return Policy.from_data(data) if data else STANDARD


def calendar(calendar_id: str, version: int | None = None) -> Calendar:
    """A calendar as it was at a version, or as it is now.

    24x7 stands in for one that is not there: a clock that runs too early is better than a request
    that is refused.
    """
    if calendar_id == ALWAYS.id:
        return ALWAYS
    name = f"{calendar_id}@{version}" if version else calendar_id
    data = _all(CALENDAR).get(name) or _stored(CALENDAR, name)
    if data is None:
        logger.error("calendar is missing", calendar=calendar_id, version=version)
        count("CalendarMissing")
        return ALWAYS
    return Calendar.from_data(data)


def put_policy(data: dict[str, Any]) -> Policy:
    """Store a policy's next version. Raises Invalid, field by field."""
    wrong = check_policy(data, [one.id for one in calendars()])
    if wrong:
        raise Invalid(*wrong)
    known = _all(POLICY).get(data["id"])
    stored = {**data, "version": (known["version"] if known else 0) + 1}
    put(POLICY, data["id"], stored)
    return Policy.from_data(stored)


def policies() -> list[Policy]:
    """The stored ones; the built-in standard one until it is stored."""
    stored = [Policy.from_data(data) for data in _all(POLICY).values()]
    return stored or [STANDARD]


def put_calendar(data: dict[str, Any], now: datetime) -> Calendar:
    """Store a calendar's next version; open tickets keep the one they were opened under.

    Raises Invalid, field by field.
    """
    wrong = check(data, now.date())
    if wrong:
        raise Invalid(*wrong)
    known = _all(CALENDAR).get(data["id"])
    version = (known["version"] if known else 0) + 1
    numbered = {**data, "version": version}
    put(CALENDAR, f"{data['id']}@{version}", numbered)
    put(CALENDAR, data["id"], numbered)
    return Calendar.from_data(numbered)


def calendars() -> list[Calendar]:
    """24x7 and all stored ones, each as it is now."""
    stored = [data for name, data in _all(CALENDAR).items() if "@" not in name]
    return [ALWAYS, *(Calendar.from_data(data) for data in stored)]


def integration(key_hash: str) -> dict[str, Any] | None:
    """`{name, source, secret_hash}` of the integration whose key hashes to this."""
    return _all(INTEGRATION).get(key_hash)


def tier_names() -> dict[int, str]:
    """Each tier's name for people: `{1: "Front line", ...}`."""
    return {int(number): data["name"] for number, data in _all(TIER).items()}


def put(kind: str, setting_id: str, data: dict[str, Any]) -> None:
    """Store one setting; processes see it within KEPT_FOR_SECONDS."""
    Setting(kind, setting_id, data=data).save()
    _kept.pop(kind, None)


def forget() -> None:
    """Read everything anew at the next use."""
    _kept.clear()


def _stored(kind: str, setting_id: str) -> dict[str, Any] | None:
    """One setting as it is this moment: another process may have stored it since we looked."""
    found = Setting.find(kind, setting_id)
    return found.data if found else None


def _all(kind: str) -> dict[str, dict[str, Any]]:
    until, rows = _kept.get(kind, (0.0, {}))
    if time.monotonic() >= until:
        rows = {row.setting_id: row.data for row in Setting.all_of(kind)}
        _kept[kind] = (time.monotonic() + KEPT_FOR_SECONDS, rows)
    return rows
