"""The settings: which section answers under which address, on one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalice import Response

from chalicelib.domain.errors import NotFound
from chalicelib.domain.permissions import Access, check_may_enter
from chalicelib.handlers.pages import (
    settings_alert_rules,
    settings_audit,
    settings_branches,
    settings_calendars,
    settings_integrations,
    settings_jobs,
    settings_on_call,
    settings_people,
    settings_policies,
    settings_rules,
    settings_shifts,
    settings_teams,
    settings_windows,
)
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.settings_frame import enter, show
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import jobs, settings, staff

All = Callable[[Visit], Response]
One = Callable[[Visit, str], Response]


@dataclass(frozen=True)
class Section:
    """The page of all, the page of one, and what a form on either of them asks for."""

    all: All
    one: One | None = None
    change_all: All | None = None
    change_one: One | None = None
    access: Access = Access.LEAD


SECTIONS = {
    "people": Section(
        settings_people.listing,
        settings_people.editor,
        change_one=settings_people.submit,
    ),
    "teams": Section(
        settings_teams.listing,
        settings_teams.editor,
        change_one=settings_teams.submit,
    ),
    "shifts": Section(settings_shifts.listing),
    "on-call": Section(
        settings_on_call.listing,
        settings_on_call.editor,
        change_one=settings_on_call.submit,
    ),
    "routing-rules": Section(
        settings_rules.listing,
        settings_rules.editor,
        settings_rules.reorder,
        settings_rules.submit,
    ),
    "sla-policies": Section(
        settings_policies.listing,
        settings_policies.editor,
        settings_policies.reorder,
        settings_policies.submit,
    ),
    "calendars": Section(
        settings_calendars.listing,
        settings_calendars.editor,
        change_one=settings_calendars.submit,
    ),
    "branches": Section(
        settings_branches.listing,
        settings_branches.editor,
        change_one=settings_branches.submit,
    ),
    "integrations": Section(
        settings_integrations.listing,
        settings_integrations.editor,
        change_one=settings_integrations.submit,
    ),
    "alert-rules": Section(
        settings_alert_rules.listing,
        settings_alert_rules.editor,
        settings_alert_rules.reorder,
        settings_alert_rules.submit,
    ),
    "maintenance": Section(
        settings_windows.listing,
        settings_windows.editor,
        change_one=settings_windows.submit,
    ),
    "audit": Section(settings_audit.listing, settings_audit.file, access=Access.ADMIN),
    "jobs": Section(
        settings_jobs.listing,
        settings_jobs.progress,
        change_one=settings_jobs.submit,
    ),
}


@page("/settings", access=Access.LEAD)
def settings_index(visit: Visit) -> Response:
    enter(visit)
    return show(visit, "index.html", "", counts=counts())


def counts() -> dict[str, int]:
    """What there is of each."""
    people = staff.rows().values()
    return {
        "people": len(people),
        "teams": len(settings.teams()),
        "shifts": len({one.shift for one in people if one.shift}),
        "rotations": len(settings.rotations()),
        "rules": len(settings.rules()),
        "policies": sum(not one.retired for one in settings.policies()),
        "calendars": len(settings.calendars()),
        "branches": len(settings.branches()),
        "integrations": len(settings.integrations()),
        "alert_rules": len(settings.alert_rules()),
        "windows": len(settings.windows()),
        "running": sum(one.finished_at is None for one in jobs.latest()),
    }


@page("/settings/{section}", "GET", "POST", access=Access.LEAD)
def settings_section(visit: Visit, section: str) -> Response:
    enter(visit)
    found = section_named(section, visit)
    if visit.incoming.request.method == "GET":
        return found.all(visit)
    return wanted(found.change_all)(visit)


@page("/settings/{section}/{name}", "GET", "POST", access=Access.LEAD)
def settings_item(visit: Visit, section: str, name: str) -> Response:
    enter(visit)
    found = section_named(section, visit)
    if visit.incoming.request.method == "GET":
        return wanted(found.one)(visit, name)
    return wanted(found.change_one)(visit, name)


def section_named(name: str, visit: Visit) -> Section:
    """Raises NotFound, NotPermitted."""
    if name not in SECTIONS:
        raise NotFound("There is no such page.")
    check_may_enter(visit.agent, SECTIONS[name].access)
    return SECTIONS[name]


def wanted(asked: Callable[..., Response] | None) -> Callable[..., Response]:
    if asked is None:
        raise NotFound("There is no such page.")
    return asked
