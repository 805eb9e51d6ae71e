"""What people may ask of the desk about themselves: admins export it, or erase them."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.errors import Busy, Conflict, Invalid
from chalicelib.domain.permissions import Access
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.settings_frame import enter, with_errors
from chalicelib.handlers.pages.settings_frame import show as show_frame
from chalicelib.handlers.pages.visit import HEADERS, Visit
from chalicelib.handlers.problems import STATUS_OF
from chalicelib.services import exports, jobs, privacy
from chalicelib.web import forms, job_marks
from chalicelib.web.privacy_forms import FIELDS, ErasureForm, ExportForm

HERE, HOME = "privacy", "/settings/privacy"


@page(HOME, access=Access.ADMIN)
def privacy_page(visit: Visit) -> Response:
    enter(visit)
    return show(visit)


@page(f"{HOME}/exports", "POST", access=Access.ADMIN)
def export_person(visit: Visit) -> Response:
    def act(asked: ExportForm) -> Any:
        return privacy.export(asked.address, bool(asked.notes), visit.agent, visit.now)

    return begun(visit, "export", ExportForm, act)


@page(f"{HOME}/erasures", "POST", access=Access.ADMIN)
def erase_person(visit: Visit) -> Response:
    def act(asked: ErasureForm) -> Any:
        also_open = bool(asked.also_open)
        return privacy.erase(asked.address, asked.confirm, also_open, visit.agent, visit.now)

    return begun(visit, "erasure", ErasureForm, act)


@page(f"{HOME}/exports/{{export_id}}", access=Access.ADMIN)
def fetch_export(visit: Visit, export_id: str) -> Response:
    """303 to where the file can be fetched for a minute."""
    where = exports.address_of(export_id, visit.agent, visit.now)
    headers: dict[str, Any] = {**HEADERS, "Location": where}
    return Response(body="", status_code=int(HTTPStatus.SEE_OTHER), headers=headers)


def begun(visit: Visit, name: str, model: Any, act: Callable[[Any], Any]) -> Response:
    """The page of the work that was begun, or this one again with why it was not."""
    sent: forms.Submission[Any] = forms.read(visit.incoming.body(), model)
    if sent.value is None:
        return show(visit, sent.shown(name), HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        return visit.go_to(f"/settings/jobs/{act(sent.value).job_id}")
    except Invalid as error:
        status, wrong = HTTPStatus.UNPROCESSABLE_ENTITY, {
            FIELDS.get(one.pointer, "form"): one.detail for one in error.errors
        }  # fmt: skip
    except (Conflict, Busy) as error:
        status, wrong = STATUS_OF[type(error)], {"form": str(error)}
    return show(visit, {**with_errors(sent, wrong), "name": name}, status)


def show(
    visit: Visit, form: dict[str, Any] | None = None, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    found = [job_marks.line(jobs.view(one)) for one in privacy.latest(visit.agent)]
    return show_frame(
        visit, "privacy.html", HERE, status, form=form or forms.EMPTY, jobs=found,
    )  # fmt: skip
