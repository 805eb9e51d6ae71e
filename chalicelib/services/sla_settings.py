"""Policies, calendars and branches as admins change them: checked, stored as versions, applied.

Every change that may move a deadline starts a job that brings the open tickets under it, saved
together with the change.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters import public_holidays
from chalicelib.domain import calendars, policy_checks
from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.errors import Conflict, FieldError, Invalid
from chalicelib.domain.naming import names_wrong
from chalicelib.domain.people import Actor
from chalicelib.domain.policies import STANDARD, Policy
from chalicelib.models.job import Job
from chalicelib.services import changing, journal, settings, staff, what_if
from chalicelib.services.audit import Act
from chalicelib.services.once import Once, mark_for
from chalicelib.services.settings import BRANCH, CALENDAR, ORDER, POLICY

Data = dict[str, Any]
BRANCH_FIELDS = ("id", "name", "calendar", "version")
HOLIDAY_YEARS = (-1, 6)  # from last year to five years ahead


def policy(policy_id: str) -> Policy:
    """As it is now. Raises NotFound."""
    known = {one.id: one for one in settings.policies()}
    return changing.found(known.get(policy_id), "policy")


def calendar(calendar_id: str) -> Calendar:
    """As it is now. Raises NotFound."""
    known = {one.id: one for one in settings.calendars()}
    return changing.found(known.get(calendar_id), "calendar")


def branch(branch_id: str) -> Data:
    """As it is now. Raises NotFound."""
    return changing.found(settings.all_of(BRANCH).get(branch_id), "branch")


@journal.retried
def put_policy(
    data: Data, actor: Actor, now: datetime, seen: int | None = None,
    *, new: bool = False, once: Once | None = None,
) -> tuple[Policy, Job]:  # fmt: skip
    """Store a policy's next version. Raises Invalid field by field, Stale, Conflict."""
    changing.begin(actor, once)
    changing.refuse(policy_checks.check(data, [one.id for one in settings.calendars()]))
    known = {one.id: one for one in settings.policies()}.get(data["id"])
    changing.check_seen(known.version if known else None, seen, new)
    stored = Policy.from_data({**data, "version": (known.version if known else 0) + 1})
    job = changing.recomputing(f"policy {stored.name}", actor, now)
    changing.store(Act(actor, now), POLICY, stored.to_data(), job, mark_for(once, stored, job))
    return stored, job


def retire_policy(policy_id: str, actor: Actor, now: datetime) -> tuple[Policy, Job]:
    """Take a policy out of use; the tickets of the past keep it. Raises NotFound, Invalid."""
    return put_policy(replace(policy(policy_id), retired=True).to_data(), actor, now)


@journal.retried
def delete_policy(policy_id: str, actor: Actor, now: datetime) -> None:
    """Remove a policy that no ticket was ever measured by. Raises NotFound, Conflict."""
    changing.begin(actor)
    found = policy(policy_id)
    if settings.is_used(found.id):
        raise Conflict("Tickets are measured by this policy: it can be retired, not deleted.")
    changing.delete(
        Act(actor, now), POLICY, found.id, changing.recomputing(f"policy {found.name}", actor, now)
    )


@journal.retried
def order_policies(ids: Sequence[str], actor: Actor, now: datetime) -> Job:
    """Say in which order policies are asked; the standard one stays last. Raises Invalid."""
    changing.begin(actor)
    known = [one.id for one in settings.policies() if one.id != STANDARD.id]
    wanted = [one for one in ids if one != STANDARD.id]
    job = changing.recomputing("the order of the policies", actor, now)
    changing.order(Act(actor, now), ORDER, known, wanted, "policy", job)
    return job


@journal.retried
def put_calendar(
    data: Data, actor: Actor, now: datetime, seen: int | None = None,
    *, new: bool = False, once: Once | None = None,
) -> tuple[Calendar, Job]:  # fmt: skip
    """Store a calendar's next version, with its public holidays looked up.

    Raises Invalid field by field, Stale, Conflict.
    """
    changing.begin(actor, once)
    given = with_holidays(data, now)
    changing.refuse(calendars.check(given, now.date()))
    known = settings.all_of(CALENDAR).get(data["id"])
    version = known["version"] if known else None
    changing.check_seen(version, seen, new)
    stored = Calendar.from_data({**given, "version": (version or 0) + 1})
    job = changing.recomputing(f"calendar {stored.name}", actor, now)
    changing.store(Act(actor, now), CALENDAR, stored.to_data(), job, mark_for(once, stored, job))
    return stored, job


def holidays_of(data: Data, now: datetime) -> dict[str, str]:
    """By date, the public holidays of a calendar's country, to be fixed with its version.

    Raises Invalid for a country or a region that there is not.
    """
    country, region = data.get("country"), data.get("region")
    if not isinstance(country, str) or not country:
        return {}
    years = range(now.year + HOLIDAY_YEARS[0], now.year + HOLIDAY_YEARS[1])
    try:
        found = public_holidays.on(country, region, years)
    except ValueError as error:
        raise Invalid(FieldError("/region" if region else "/country", str(error))) from error
    return {day.isoformat(): name for day, name in found.items()}


@journal.retried
def delete_calendar(calendar_id: str, actor: Actor, now: datetime) -> None:
    """Remove a calendar that no policy, branch or shift names. Raises NotFound, Conflict."""
    changing.begin(actor)
    if calendar_id == ALWAYS.id:
        raise Conflict("24x7 is built in and cannot be deleted.")
    found = calendar(calendar_id)
    users = [one.name for one in settings.policies() if one.calendar == found.id]
    users += [one["name"] for one in settings.branches() if one["calendar"] == found.id]
    users += [one.name for one in staff.rows().values() if one.shift == found.id]
    if users:
        raise Conflict(f"This calendar is used by {', '.join(users)}; choose another there first.")
    changing.delete(
        Act(actor, now),
        CALENDAR,
        found.id,
        changing.recomputing(f"calendar {found.name}", actor, now),
    )


@journal.retried
def put_branch(
    data: Data, actor: Actor, now: datetime, seen: int | None = None,
    *, new: bool = False, once: Once | None = None,
) -> tuple[Data, Job]:  # fmt: skip
    """Store a branch `{id, name, calendar}`. Raises Invalid field by field, Stale, Conflict."""
    changing.begin(actor, once)
    changing.refuse(list(names_wrong(data, BRANCH_FIELDS)))
    if data["calendar"] not in [one.id for one in settings.calendars()]:
        raise Invalid(FieldError("/calendar", "There is no such calendar."))
    namesake = settings.branch(data["name"])
    if namesake and namesake["id"] != data["id"]:
        raise Invalid(FieldError("/name", f"There is a branch of that name: {namesake['id']}."))
    known = settings.all_of(BRANCH).get(data["id"])
    changing.check_seen(known["version"] if known else None, seen, new)
    stored = {**data, "version": (known["version"] if known else 0) + 1}
    job = changing.recomputing(f"branch {stored['name']}", actor, now)
    changing.store(Act(actor, now), BRANCH, stored, job, mark_for(once, stored, job))
    return stored, job


@journal.retried
def delete_branch(branch_id: str, actor: Actor, now: datetime) -> Job:
    """Remove a branch; tickets that name it are measured as if it were none. Raises NotFound."""
    changing.begin(actor)
    found = branch(branch_id)
    job = changing.recomputing(f"branch {found['name']}", actor, now)
    changing.delete(Act(actor, now), BRANCH, found["id"], job)
    return job


def countries() -> dict[str, str]:
    """Whose public holidays are known: codes with names, in the order of the names."""
    return public_holidays.country_names()


def regions(country: str | None) -> dict[str, str]:
    """The regions of a country that are told apart: codes with names, often none."""
    return public_holidays.region_names(country) if country else {}


def with_holidays(data: Data, now: datetime) -> Data:
    """A calendar's data, or a draft's, with its public holidays looked up. Raises Invalid."""
    return {**data, "public_holidays": holidays_of(data, now)}


def what_if_about(
    policy: Data | None, calendar: Data | None, days: int, now: datetime
) -> dict[str, Any]:
    """What a what-if is about: drafts that could be stored, with holidays. Raises Invalid."""
    drafted = _drafted(calendar, now)
    what_if.check(policy, drafted, days)
    return {"policy": policy, "calendar": drafted, "days": days}


def _drafted(data: Data | None, now: datetime) -> Data | None:
    try:
        return with_holidays(data, now) if data else None
    except Invalid as error:
        raise error.below("/calendar") from error
