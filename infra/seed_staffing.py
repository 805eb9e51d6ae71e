"""Who works where on the demo desk: teams, three sites round the clock, rules and on-call."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.domain import on_call_checks, routing, teams
from chalicelib.domain.calendar_checks import WEEKDAYS
from chalicelib.domain.on_call import Rotation
from chalicelib.domain.routing import Rule
from chalicelib.domain.teams import Team
from chalicelib.services import settings
from infra.seed_settings import checked, keep

SOURCE = Path(__file__).with_name("seed_staffing.json")
STARTED = timedelta(days=28)

Data = dict[str, Any]


def read() -> Data:
    found: Data = json.loads(SOURCE.read_text("utf-8"))
    return found


def calendars() -> list[Data]:
    """The shifts of the three sites, whose hours together cover the day."""
    return [
        {**{name: one[name] for name in ("id", "name", "zone")},
         "weekly": {day: [one["days"]] for day in WEEKDAYS}}
        for one in read()["calendars"]
    ]  # fmt: skip


def teams_and_rules() -> None:
    """Store them as their first versions; before the tickets, which the rules send somewhere."""
    source = read()
    for one in source["teams"]:
        checked(teams.check(one))
        keep(settings.TEAM, Team.from_data(one).to_data())
    for one in source["rules"]:
        checked(routing.check(one, [team["id"] for team in source["teams"]]))
        keep(settings.RULE, Rule.from_data(one).to_data())
    order = [one["id"] for one in source["rules"]]
    settings.put(settings.RULE_ORDER, settings.LIST, {"ids": order})


def rotations(ids: dict[str, str], now: datetime) -> None:
    """Who is on call, by the keys of the people; the first turn was four weeks ago."""
    for one in read()["rotations"]:
        starts = (now - STARTED).date().isoformat()
        data = {**one, "people": [ids[key] for key in one["people"]], "starts": starts}
        checked(on_call_checks.check(data, set(ids.values()), {"mail"}))
        keep(settings.ROTATION, Rotation.from_data(data).to_data())
