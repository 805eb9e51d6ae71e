"""Policies, calendars, integrations and the like: read often, so kept for a moment in a process.

A policy and a calendar are stored twice: as they are now, and under a kind of its own as each
version (`gold@3`), which is never changed or removed, since tickets are measured by it.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from chalicelib.domain.alert_rules import AlertRule
from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.conditions import Facts
from chalicelib.domain.instants import to_text
from chalicelib.domain.integrations import Integration
from chalicelib.domain.maintenance import Window
from chalicelib.domain.on_call import Rotation
from chalicelib.domain.policies import OF_BRANCH, STANDARD, Policy, first_match
from chalicelib.domain.routing import DEFAULT, Rule
from chalicelib.domain.teams import NO_TEAM, Team
from chalicelib.models.setting import Setting
from chalicelib.observability import count, logger

KEPT_FOR_SECONDS = 30
POLICY, ORDER, USE, CALENDAR = "sla_policy", "sla_policy_order", "sla_policy_use", "calendar"
BRANCH, INTEGRATION, TIER = "branch", "integration", "tier"
RULE, RULE_ORDER, TEAM, ROTATION = "routing_rule", "routing_rule_order", "team", "on_call"
ALERT_RULE, ALERT_RULE_ORDER, WINDOW = "alert_rule", "alert_rule_order", "maintenance_window"
LIST = "list"  # the one setting of each ORDER

Data = dict[str, Any]
T = TypeVar("T")

_kept: dict[str, tuple[float, dict[str, Data]]] = {}
_versions: dict[tuple[str, str], Any] = {}  # made of data once, since a version never changes


def policy(policy_id: str, version: int) -> Policy:
    """A policy as it was at a version. The standard one stands in for one that is not there."""
    ref = f"{policy_id}@{version}"
    if ref == STANDARD.ref:
        return STANDARD
    return _version(POLICY, ref, Policy.from_data) or _missing(POLICY, ref, STANDARD)


def policy_for(facts: Facts) -> Policy:
    """The first that is for such a ticket."""
    return first_match(policies(), facts)


def policies() -> list[Policy]:
    """As they are now, in the order in which they are asked; the standard one comes last."""
    stored = all_of(POLICY)
    found = [_current(POLICY, stored[name], Policy.from_data) for name in _in_order(stored, ORDER)]
    last = stored.get(STANDARD.id)
    return [*found, _current(POLICY, last, Policy.from_data) if last else STANDARD]


def calendar(calendar_id: str, version: int | None = None) -> Calendar:
    """A calendar as it was at a version, or as it is now.

    24x7 stands in for one that is not there: a clock that runs too early is better than a request
    that is refused.
    """
    if calendar_id == ALWAYS.id:
        return ALWAYS
    if version:
        return calendar_at(f"{calendar_id}@{version}")
    data = all_of(CALENDAR).get(calendar_id)
    found = _current(CALENDAR, data, Calendar.from_data) if data else None
    return found or _missing(CALENDAR, calendar_id, ALWAYS)


def calendar_at(ref: str) -> Calendar:
    """A calendar by the name of its version, as `lisbon@3`."""
    if ref == ALWAYS.ref:
        return ALWAYS
    return _version(CALENDAR, ref, Calendar.from_data) or _missing(CALENDAR, ref, ALWAYS)


def calendar_for(found: Policy, branch_id: str | None) -> Calendar:
    """By which hours a policy measures: its own, those of the ticket's branch, or 24x7."""
    if found.calendar != OF_BRANCH:
        return calendar(found.calendar)
    known = branch(branch_id) if branch_id else None
    return calendar(known["calendar"]) if known else ALWAYS


def calendars() -> list[Calendar]:
    """24x7 and all stored ones, each as it is now."""
    stored = all_of(CALENDAR).values()
    return [ALWAYS, *(_current(CALENDAR, data, Calendar.from_data) for data in stored)]


def branch(name: str) -> Data | None:
    """`{id, name, calendar, version}` of a branch by its id, or by its name as tickets give it."""
    known = all_of(BRANCH)
    folded = name.casefold()
    by_name = (one for one in known.values() if one["name"].casefold() == folded)
    return known.get(name) or next(by_name, None)


def branches() -> list[Data]:
    return sorted(all_of(BRANCH).values(), key=lambda one: str(one["name"]))


def rules() -> list[Rule]:
    """The routing rules in the order in which they are asked; the default comes last."""
    stored = all_of(RULE)
    found = [_current(RULE, stored[name], Rule.from_data) for name in _in_order(stored, RULE_ORDER)]
    last = stored.get(DEFAULT.id)
    return [*found, _current(RULE, last, Rule.from_data) if last else DEFAULT]


def teams() -> list[Team]:
    """Sorted by name."""
    found = (_current(TEAM, data, Team.from_data) for data in all_of(TEAM).values())
    return sorted(found, key=lambda one: one.name)


def team_of(team_id: str | None) -> Team:
    """A team by its id; what goes for those in none, where there is no such team."""
    data = all_of(TEAM).get(team_id) if team_id else None
    return _current(TEAM, data, Team.from_data) if data else NO_TEAM


def rotations() -> list[Rotation]:
    """The on-call rotations, sorted by tier and name."""
    found = (_current(ROTATION, data, Rotation.from_data) for data in all_of(ROTATION).values())
    return sorted(found, key=lambda one: (one.tier, one.name))


def is_used(policy_id: str) -> bool:
    """Whether a ticket was ever measured by it."""
    return policy_id == STANDARD.id or policy_id in all_of(USE)


def version_kind(kind: str) -> str:
    """Where the versions of a kind of setting are kept."""
    return f"{kind}_version"


def note_use(found: Policy, now: datetime) -> None:
    """Remember that a policy is in use, with its first ticket; later ones write nothing."""
    if not is_used(found.id):
        put(USE, found.id, {"since": to_text(now)})


def integrations() -> list[Integration]:
    """Sorted by name."""
    stored = all_of(INTEGRATION).values()
    found = (_current(INTEGRATION, data, Integration.from_data) for data in stored)
    return sorted(found, key=lambda one: one.name.casefold())


def integration(integration_id: str) -> Integration | None:
    data = all_of(INTEGRATION).get(integration_id)
    return _current(INTEGRATION, data, Integration.from_data) if data else None


def integration_or_plain(integration_id: str, source: str) -> Integration:
    """An integration; a plain one in its place, if it was deleted while something of it is left."""
    return integration(integration_id) or Integration(integration_id, "Monitoring", source)


def integration_of_key(key_hash: str) -> Integration | None:
    """The integration in whose address the key stands that hashes to this."""
    stored = all_of(INTEGRATION).items()
    name = next((one for one, data in stored if key_hash in data["key_hashes"]), None)
    return integration(name) if name else None


def alert_rules() -> list[AlertRule]:
    """In the order in which they are asked."""
    stored = all_of(ALERT_RULE)
    names = _in_order(stored, ALERT_RULE_ORDER)
    return [_current(ALERT_RULE, stored[name], AlertRule.from_data) for name in names]


def windows() -> list[Window]:
    """The maintenance windows, sorted by name."""
    found = (_current(WINDOW, data, Window.from_data) for data in all_of(WINDOW).values())
    return sorted(found, key=lambda one: one.name.casefold())


def tier_names() -> dict[int, str]:
    """Each tier's name for people: `{1: "Front line", ...}`."""
    return {int(number): data["name"] for number, data in all_of(TIER).items()}


def put(kind: str, setting_id: str, data: Data) -> None:
    """Store one setting; processes see it within KEPT_FOR_SECONDS."""
    Setting(kind, setting_id, data=data).save()
    forget(kind)


def forget(kind: str | None = None) -> None:
    """Read everything, or one kind, anew at the next use."""
    if kind:
        _kept.pop(kind, None)
        return
    _kept.clear()
    _versions.clear()


def all_of(kind: str) -> dict[str, Data]:
    """All settings of a kind by their ids, as they were at most KEPT_FOR_SECONDS ago."""
    until, rows = _kept.get(kind, (0.0, {}))
    if time.monotonic() >= until:
        rows = {row.setting_id: row.data for row in Setting.all_of(kind)}
        _kept[kind] = (time.monotonic() + KEPT_FOR_SECONDS, rows)
    return rows


def _in_order(stored: Mapping[str, Data], order: str) -> list[str]:
    """As the order says, then those it does not name; the ones asked last are not among them."""
    given = all_of(order).get(LIST, {}).get("ids", [])
    known = [name for name in given if name in stored]
    last = {STANDARD.id, DEFAULT.id}
    return [*known, *sorted(name for name in stored if name not in known and name not in last)]


def _current(kind: str, data: Data, make: Callable[[Mapping[str, Any]], T]) -> T:
    key = (kind, f"{data['id']}@{data['version']}")
    if key not in _versions:
        _versions[key] = make(data)
    return _versions[key]  # type: ignore[no-any-return]


def _version(kind: str, ref: str, make: Callable[[Mapping[str, Any]], T]) -> T | None:
    """One version, read once and kept."""
    known = _versions.get((kind, ref))
    if known is not None:
        return known  # type: ignore[no-any-return]
    found = Setting.find(version_kind(kind), ref)
    return _current(kind, found.data, make) if found else None


def _missing(kind: str, ref: str, instead: T) -> T:
    logger.error("setting is missing", kind=kind, ref=ref)
    count("SettingMissing")
    return instead
