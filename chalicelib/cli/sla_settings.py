"""Policies, calendars and branches: listed, stored as versions, retired and deleted."""

from collections.abc import Callable

import typer

from chalicelib.cli import output
from chalicelib.cli.output import File, Json
from chalicelib.domain.people import SYSTEM
from chalicelib.services import clock, settings
from chalicelib.services import sla_settings as service

RECOMPUTED = "Open tickets are being brought under it: `jobs show {job}`."


def list_policies(as_json: Json = False) -> None:
    """The SLA policies, in the order in which they are asked."""
    rows = [policy.to_data() for policy in settings.policies()]
    columns = ("id", "name", "version", "calendar", "conditions", "retired")
    output.rows("Policies", rows, columns, as_json)


def list_calendars(as_json: Json = False) -> None:
    """The calendars of business hours, as they are now."""
    rows = [calendar.to_data() for calendar in settings.calendars()]
    output.rows("Calendars", rows, ("id", "name", "version", "zone", "country"), as_json)


def list_branches(as_json: Json = False) -> None:
    """The branches, each with its calendar."""
    output.rows("Branches", settings.branches(), ("id", "name", "version", "calendar"), as_json)


def put_policy(file: File) -> None:
    """Store a policy from a JSON file, as its next version."""
    policy, job = service.put_policy(output.read(file), SYSTEM, clock.now())
    _stored(policy.id, policy.version, job.job_id)


def retire_policy(policy_id: str) -> None:
    """Take a policy out of use; the tickets of the past keep it."""
    policy, job = service.retire_policy(policy_id, SYSTEM, clock.now())
    _stored(policy.id, policy.version, job.job_id)


def delete_policy(policy_id: str) -> None:
    """Delete a policy that no ticket was ever measured by."""
    service.delete_policy(policy_id, SYSTEM, clock.now())
    output.done(f"{policy_id} is gone.")


def order_policies(policy_ids: list[str]) -> None:
    """Say in which order the policies are asked; the standard one stays last."""
    job = service.order_policies(policy_ids, SYSTEM, clock.now())
    output.done(f"The order is stored. {RECOMPUTED.format(job=job.job_id)}")


def put_calendar(file: File) -> None:
    """Store a calendar from a JSON file, as its next version."""
    calendar, job = service.put_calendar(output.read(file), SYSTEM, clock.now())
    _stored(calendar.id, calendar.version, job.job_id)


def delete_calendar(calendar_id: str) -> None:
    """Delete a calendar that no policy and no branch uses."""
    service.delete_calendar(calendar_id, SYSTEM, clock.now())
    output.done(f"{calendar_id} is gone.")


def put_branch(branch_id: str, name: str, calendar: str = "24x7") -> None:
    """Store a branch with its calendar."""
    data = {"id": branch_id, "name": name, "calendar": calendar}
    branch, job = service.put_branch(data, SYSTEM, clock.now())
    _stored(branch["id"], branch["version"], job.job_id)


def delete_branch(branch_id: str) -> None:
    """Delete a branch; its tickets are measured as if they named none."""
    service.delete_branch(branch_id, SYSTEM, clock.now())
    output.done(f"{branch_id} is gone.")


COMMANDS: dict[str, Callable[..., None]] = {
    "policies": list_policies,
    "calendars": list_calendars,
    "branches": list_branches,
    "put-policy": put_policy,
    "retire-policy": retire_policy,
    "delete-policy": delete_policy,
    "order-policies": order_policies,
    "put-calendar": put_calendar,
    "delete-calendar": delete_calendar,
    "put-branch": put_branch,
    "delete-branch": delete_branch,
}


def add_to(commands: typer.Typer) -> None:
    for name, command in COMMANDS.items():
        commands.command(name)(command)


def _stored(name: str, version: int, job_id: str) -> None:
    output.done(f"{name} is at version {version}. {RECOMPUTED.format(job=job_id)}")
