"""How well promises are kept, what other rules would have changed, and the work behind it."""

from typing import Any

from chalice import Response

from chalicelib.domain.permissions import Access
from chalicelib.handlers.api import setting_answers as answers
from chalicelib.handlers.api.collection import with_id
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.preconditions import do_once
from chalicelib.handlers.api.setting_schemas import MonthQuery, WhatIf
from chalicelib.handlers.entry import json_response
from chalicelib.services import attainment, jobs, sla_settings
from chalicelib.services.once import raise_what_was_done

TAGS: dict[str, Any] = {"tags": ("reports",)}


@endpoint("GET", "/attainment", Access.LEAD, query=MonthQuery, answers=answers.AttainmentOut,
          **TAGS)  # fmt: skip
def read_attainment(call: Call) -> Response:
    """Count the promises kept and broken in a month, by target, policy, tier and priority."""
    return json_response({"items": attainment.of_month(call.query.month), "next": None})


@endpoint("POST", "/sla-what-ifs", Access.LEAD, body=WhatIf, answers=answers.JobOut, status=201,
          keyed=True, **TAGS)  # fmt: skip
def ask_what_if(call: Call) -> Response:
    """Ask what a draft would have changed; nothing is. The answer grows in the job."""

    def phrase(job: Any) -> dict[str, Any]:
        where = f"{call.incoming.base_url}/api/v1/jobs/{job.job_id}"
        return {"body": jobs.view(job), "headers": {"Location": where}}

    def do(key: Any) -> tuple[Any]:
        if key:
            raise_what_was_done(key)
        return (jobs.start("sla_what_if", _asked(call), call.actor, call.now, once=key),)

    return do_once(call, "/sla-what-ifs", phrase, do)


def _asked(call: Call) -> dict[str, Any]:
    asked: WhatIf = call.body
    policy, calendar = (with_id(one) if one else None for one in (asked.policy, asked.calendar))
    return sla_settings.what_if_about(policy, calendar, asked.days, call.now)


@endpoint("GET", "/jobs", Access.LEAD, answers=answers.JobsOut, **TAGS)
def list_jobs(call: Call) -> Response:
    """List the latest work in the background, newest first; what it found is with each."""
    shown = [{**jobs.view(one), "about": {}, "found": []} for one in jobs.latest()]
    return json_response({"items": shown, "next": None})


@endpoint("GET", "/jobs/{job_id}", Access.LEAD, answers=answers.JobOut, **TAGS)
def read_job(call: Call, job_id: str) -> Response:
    """Read how far a job is, and what it found."""
    return json_response(jobs.view(jobs.find(job_id)))
