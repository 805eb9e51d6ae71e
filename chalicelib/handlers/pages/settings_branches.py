"""The branches, each with the calendar of its hours: a table and a small form."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.errors import FieldError
from chalicelib.handlers.pages import settings_frame as frame
from chalicelib.handlers.pages.settings_frame import NEW, done, show, told
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import settings, sla_settings
from chalicelib.web import forms
from chalicelib.web.refusals import FORM, differences, placed
from chalicelib.web.settings_forms import BranchForm

HERE, HOME = "branches", "/settings/branches"
LABELS = {"id": "Id", "name": "Name", "calendar": "Calendar"}


def listing(visit: Visit) -> Response:
    return edit(visit, None, forms.EMPTY, told=told(visit))


def editor(visit: Visit, name: str) -> Response:
    if name == NEW:
        return visit.go_to(HOME)
    stored = sla_settings.branch(name)
    form = {**forms.EMPTY, "typed": {field: stored[field] for field in LABELS}}
    return edit(visit, stored, form, told=told(visit, stored["version"]))


def edit(
    visit: Visit, stored: dict[str, Any] | None, form: dict[str, Any],
    status: HTTPStatus = HTTPStatus.OK, **more: Any,
) -> Response:  # fmt: skip
    """All branches, and beside them the form of one or of a new one."""
    found = settings.calendars()
    context = {
        "branch": stored,
        "branches": settings.branches(),
        "calendars": found,
        "names": {one.id: one.name for one in found},
        "version": stored["version"] if stored else None,
        "stale": None,
        "differs": differences(form["typed"], stored or {}, LABELS),
        "labels": LABELS,
    }
    return show(visit, "branches.html", HERE, status, form=form, **{**context, **more})


def submit(visit: Visit, name: str) -> Response:
    stored = None if name == NEW else sla_settings.branch(name)
    if stored and visit.incoming.form.get("do") == "delete":
        job = sla_settings.delete_branch(stored["id"], visit.agent, visit.now)
        return visit.go_to(done(HOME, "deleted", job.job_id))

    def act(asked: BranchForm) -> Response:
        return save(visit, stored, asked)

    return frame.submit(
        visit, BranchForm, partial(edit, visit, stored), act, lambda errors, _: fields_of(errors)
    )


def save(visit: Visit, stored: dict[str, Any] | None, asked: BranchForm) -> Response:
    data = {"id": stored["id"] if stored else asked.id, "name": asked.name,
            "calendar": asked.calendar}  # fmt: skip
    branch, job = sla_settings.put_branch(
        data, visit.agent, visit.now, asked.version, new=stored is None
    )
    return visit.go_to(done(f"{HOME}/{branch['id']}", "saved", job.job_id))


def fields_of(errors: Iterable[FieldError]) -> dict[str, str]:
    def place(parts: list[str]) -> str:
        return parts[0] if parts and parts[0] in LABELS else FORM

    return placed(errors, place, lambda error: error.detail)
