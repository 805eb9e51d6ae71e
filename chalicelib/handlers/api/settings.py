"""SLA policies, calendars and branches: what a desk promises, and by which hours."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from chalice import Response

from chalicelib.domain.errors import FieldError, Invalid
from chalicelib.domain.permissions import check_can_configure, check_can_work
from chalicelib.handlers.api import setting_answers as answers
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.preconditions import created, etag, once, replay, seen_version
from chalicelib.handlers.api.setting_schemas import BranchIn, CalendarIn, PolicyIn, PolicyOrder
from chalicelib.handlers.entry import json_response, no_content
from chalicelib.services import settings, sla_settings
from chalicelib.services.once import AlreadyDone

TAGS: dict[str, Any] = {"tags": ("settings",)}

Put = Callable[..., tuple[Any, Any]]


@endpoint("GET", "/sla-policies", answers=answers.PoliciesOut, **TAGS)
def list_policies(call: Call) -> Response:
    """List the SLA policies in the order in which they are asked; the first match wins."""
    return _listed(call, settings.policies())


@endpoint("POST", "/sla-policies", body=PolicyIn, answers=answers.PolicyOut, status=201, keyed=True,
          **TAGS)  # fmt: skip
def add_policy(call: Call) -> Response:
    """Add a policy, before the standard one."""
    return _added(call, "/sla-policies", sla_settings.put_policy, _data(call.body))


@endpoint("GET", "/sla-policies/{policy_id}", answers=answers.PolicyOut, **TAGS)
def read_policy(call: Call, policy_id: str) -> Response:
    """Read a policy as it is now."""
    check_can_work(call.actor)
    return _one(sla_settings.policy(policy_id))


@endpoint("PUT", "/sla-policies/{policy_id}", body=PolicyIn, answers=answers.PolicyOut, **TAGS)
def put_policy(call: Call, policy_id: str) -> Response:
    """Store the next version of a policy; open tickets are brought under it."""
    return _replaced(call, policy_id, sla_settings.policy, sla_settings.put_policy)


@endpoint("DELETE", "/sla-policies/{policy_id}", answers=None, status=204, **TAGS)
def delete_policy(call: Call, policy_id: str) -> Response:
    """Delete a policy that was never used; one in use is retired instead."""
    sla_settings.delete_policy(policy_id, call.actor, call.now)
    return no_content()


@endpoint("PUT", "/sla-policy-order", body=PolicyOrder, answers=answers.PoliciesOut, **TAGS)
def order_policies(call: Call) -> Response:
    """Say in which order the policies are asked; the standard one stays last."""
    sla_settings.order_policies(call.body.ids, call.actor, call.now)
    return _listed(call, settings.policies())


@endpoint("GET", "/calendars", answers=answers.CalendarsOut, **TAGS)
def list_calendars(call: Call) -> Response:
    """List the calendars of business hours."""
    return _listed(call, settings.calendars())


@endpoint("POST", "/calendars", body=CalendarIn, answers=answers.CalendarOut, status=201,
          keyed=True, **TAGS)  # fmt: skip
def add_calendar(call: Call) -> Response:
    """Add a calendar."""
    return _added(call, "/calendars", sla_settings.put_calendar, _data(call.body))


@endpoint("GET", "/calendars/{calendar_id}", answers=answers.CalendarOut, **TAGS)
def read_calendar(call: Call, calendar_id: str) -> Response:
    """Read a calendar as it is now."""
    check_can_work(call.actor)
    return _one(sla_settings.calendar(calendar_id))


@endpoint("PUT", "/calendars/{calendar_id}", body=CalendarIn, answers=answers.CalendarOut, **TAGS)
def put_calendar(call: Call, calendar_id: str) -> Response:
    """Store the next version of a calendar; what has run stays as it was measured."""
    return _replaced(call, calendar_id, sla_settings.calendar, sla_settings.put_calendar)


@endpoint("DELETE", "/calendars/{calendar_id}", answers=None, status=204, **TAGS)
def delete_calendar(call: Call, calendar_id: str) -> Response:
    """Delete a calendar that no policy and no branch uses."""
    sla_settings.delete_calendar(calendar_id, call.actor, call.now)
    return no_content()


@endpoint("GET", "/branches", answers=answers.BranchesOut, **TAGS)
def list_branches(call: Call) -> Response:
    """List the branches."""
    return _listed(call, settings.branches())


@endpoint("POST", "/branches", body=BranchIn, answers=answers.BranchOut, status=201, keyed=True,
          **TAGS)  # fmt: skip
def add_branch(call: Call) -> Response:
    """Add a branch."""
    return _added(call, "/branches", sla_settings.put_branch, _data(call.body))


@endpoint("GET", "/branches/{branch_id}", answers=answers.BranchOut, **TAGS)
def read_branch(call: Call, branch_id: str) -> Response:
    """Read a branch."""
    check_can_work(call.actor)
    return _one(sla_settings.branch(branch_id))


@endpoint("PUT", "/branches/{branch_id}", body=BranchIn, answers=answers.BranchOut, **TAGS)
def put_branch(call: Call, branch_id: str) -> Response:
    """Change a branch."""
    return _replaced(call, branch_id, sla_settings.branch, sla_settings.put_branch)


@endpoint("DELETE", "/branches/{branch_id}", answers=None, status=204, **TAGS)
def delete_branch(call: Call, branch_id: str) -> Response:
    """Delete a branch; its tickets are measured as if they named none."""
    sla_settings.delete_branch(branch_id, call.actor, call.now)
    return no_content()


def draft_data(body: Any) -> dict[str, Any] | None:
    """What was sent, with an id of its own where none was; None for no draft."""
    data = _data(body) if body else None
    return {"id": _id_from(data["name"]), **data} if data else None


def _data(body: Any) -> dict[str, Any]:
    """Only what was sent: what is left out has the domain's own default."""
    hours = {"calendar": body.calendar} if hasattr(body, "calendar") else {}
    sent = body.model_dump(exclude_unset=True).items()
    return {**hours, **{name: value for name, value in sent if value is not None}}


def _listed(call: Call, found: list[Any]) -> Response:
    check_can_work(call.actor)
    return json_response({"items": [_view(one) for one in found], "next": None})


def _one(found: Any) -> Response:
    view = _view(found)
    return json_response(view, headers={"ETag": etag(view["version"])})


def _added(call: Call, path: str, put: Put, data: dict[str, Any]) -> Response:
    named = {"id": _id_from(data["name"]), **data}

    def phrase(stored: Any, job: Any) -> dict[str, Any]:
        where = f"{call.incoming.base_url}/api/v1{path}/{named['id']}"
        view = {**_view(stored), "job": job.job_id}
        return {"body": view, "headers": {"ETag": etag(view["version"]), "Location": where}}

    try:
        done = put(named, call.actor, call.now, new=True, once=once(call, path, phrase))
    except AlreadyDone as before:
        return replay(before)
    return created(phrase(*done))


def _replaced(call: Call, name: str, find: Callable[[str], Any], put: Put) -> Response:
    data = _data(call.body)
    check_can_configure(call.actor)
    find(name)
    if data.get("id", name) != name:
        raise Invalid(FieldError("/id", "An id never changes; leave it out."))
    seen = seen_version(call, required=False)
    stored, job = put({**data, "id": name}, call.actor, call.now, seen)
    view = {**_view(stored), "job": job.job_id}
    return json_response(view, headers={"ETag": etag(view["version"])})


def _view(found: Any) -> dict[str, Any]:
    return {"job": None, **(found if isinstance(found, dict) else found.to_data())}


def _id_from(name: str) -> str:
    """`Gold, Lyon` becomes `gold-lyon`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "unnamed"
