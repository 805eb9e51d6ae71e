"""The shifts: how the coming week is covered, tier by tier and team by team, and by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalice import Response

from chalicelib.domain import calendar_checks
from chalicelib.domain.coverage import Worker
from chalicelib.domain.vocabulary import Availability
from chalicelib.handlers.pages.settings_frame import show
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import settings, staff, views
from chalicelib.web import calendar_page, forms
from chalicelib.web.coverage_marks import DAYS, picture
from chalicelib.web.rule_words import tiers

HERE = "shifts"
NO_ZONE = "There is no such zone. Write it like Europe/Lisbon."

Data = dict[str, Any]


def listing(visit: Visit) -> Response:
    own = visit.person.time_zone or "UTC"
    asked = (visit.asked("zone") or own).strip()
    is_known = not list(calendar_checks.zone_wrong(asked))
    zone = asked if is_known else own
    form = {**forms.EMPTY, "typed": {"zone": asked}}
    return show(
        visit,
        "shifts.html",
        HERE,
        form={**form, "errors": {} if is_known else {"zone": NO_ZONE}},
        zone=zone,
        own_zone=own,
        zones=calendar_page.zones(),
        tiers=of_tiers(visit, zone),
        teams=of_teams(visit, zone),
        calendars=calendars(),
        always=[views.person_view(one) for one in rows() if not one.shift],
    )


def rows() -> list[Any]:
    """Everybody, sorted by name."""
    return sorted(staff.rows().values(), key=lambda one: one.name)


def of_tiers(visit: Visit, zone: str) -> list[Data]:
    """A picture a tier; those of dedicated teams do not work on what is just the tier's."""
    free = [one for one in rows() if staff.candidate(one, visit.now).takes_any]
    named = tiers(settings.tier_names())
    return [drawn(title, [one for one in free if works_in(one, tier)], visit, zone)
            for tier, title in named]  # fmt: skip


def of_teams(visit: Visit, zone: str) -> list[Data]:
    everybody = rows()
    return [drawn(team.name, [one for one in everybody if one.team == team.id], visit, zone)
            for team in settings.teams()]  # fmt: skip


def works_in(row: Any, tier: str) -> bool:
    return int(tier) in map(int, row.tiers or ())


def drawn(title: str, people: list[Any], visit: Visit, zone: str) -> Data:
    return picture(title, [worker(one, visit) for one in people], zone, visit.now)


def worker(row: Any, visit: Visit) -> Worker:
    """Somebody by their shift; who is out of office, and has not said until when, not at all."""
    is_out = staff.availability_of(row, visit.now) is Availability.OUT_OF_OFFICE
    back_at = row.away_until or visit.now + timedelta(days=DAYS + 1)
    return Worker(staff.shift_of(row), back_at if is_out else None)


def calendars() -> list[Data]:
    """The calendars by which somebody works, with who."""
    everybody = rows()
    found = []
    for calendar in settings.calendars():
        people = [views.person_view(one) for one in everybody if one.shift == calendar.id]
        if people:
            found.append({**calendar_page.row(calendar, []), "people": people})
    return found
