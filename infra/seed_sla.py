"""What the demo desk promises: calendars, branches and policies, and the counts of its past."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from chalicelib.domain import calendars, policy_checks
from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.policies import Policy
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import attainment, settings, sla_settings
from infra import seed_staffing
from infra.seed_settings import checked, keep

SOURCE = Path(__file__).with_name("seed_sla.json")

Data = dict[str, Any]


def promise(now: datetime) -> None:
    """Store them as their first versions; nothing is open yet that would have to be recomputed."""
    source = json.loads(SOURCE.read_text("utf-8"))
    for one in [*source["calendars"], *seed_staffing.calendars()]:
        keep(settings.CALENDAR, _calendar(one, now).to_data())
    for one in source["branches"]:
        keep(settings.BRANCH, {**one, "version": 1})
    known = [ALWAYS.id, *(one["id"] for one in source["calendars"])]
    for one in source["policies"]:
        checked(policy_checks.check(one, known))
        keep(settings.POLICY, Policy.from_data(one).to_data())
    order = [one["id"] for one in source["policies"]]
    settings.put(settings.ORDER, settings.LIST, {"ids": order})


def count(ticket_id: str, now: datetime) -> None:
    """Count the verdicts of a life that was told: the relay is told of news only."""
    for entry in TimelineEntry.of(ticket_id, None, None):
        told = {"ticket_id": ticket_id, "entry_id": entry.entry_id}
        attainment.count_verdicts(told, now)


def _calendar(one: Data, now: datetime) -> Calendar:
    whole = sla_settings.with_holidays(one, now)
    checked(calendars.check(whole, now.date()))
    return Calendar.from_data(whole)
