"""What people may ask of the desk about themselves: all that it holds, or to be forgotten."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.permissions import Access
from chalicelib.handlers.api import setting_answers as answers
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.preconditions import do_once
from chalicelib.handlers.api.schemas import Email, Strict
from chalicelib.handlers.entry import SAFE_HEADERS
from chalicelib.services import exports, jobs, privacy

EXPORTS, ERASURES = "/people/exports", "/people/erasures"
JOB: dict[str, Any] = {"answers": answers.JobOut, "status": 202, "keyed": True,
                       "tags": ("people",)}  # fmt: skip


class NewExport(Strict):
    """Internal notes are those on the person's requests, without who wrote them."""

    email: Email
    internal_notes: bool = False


class NewErasure(Strict):
    """`confirm` is the same address again; `also_open` lets open requests be cancelled."""

    email: Email
    confirm: Email
    also_open: bool = False


@endpoint("POST", EXPORTS, Access.ADMIN, body=NewExport, **JOB)
def export_person(call: Call) -> Response:
    """Gather all that is held about somebody, in the background."""
    asked: NewExport = call.body

    def begin(key: Any) -> Any:
        return privacy.export(asked.email, asked.internal_notes, call.actor, call.now, once=key)

    return _begun(call, EXPORTS, begin)


@endpoint("GET", f"{EXPORTS}/{{export_id}}", Access.ADMIN, answers=None, status=303,
          tags=("people",))  # fmt: skip
def fetch_export(call: Call, export_id: str) -> Response:
    """Fetch what was gathered: 303 to an address that is good for a minute; 409 until it is."""
    where = exports.address_of(export_id, call.actor, call.now)
    headers: dict[str, str | list[str]] = {**SAFE_HEADERS, "Location": where}
    return Response(body="", status_code=int(HTTPStatus.SEE_OTHER), headers=headers)


@endpoint("POST", ERASURES, Access.ADMIN, body=NewErasure, **JOB)
def erase_person(call: Call) -> Response:
    """Erase somebody for good, in the background; figures and the shape of histories stay."""
    asked: NewErasure = call.body

    def begin(key: Any) -> Any:
        told = (asked.email, asked.confirm, asked.also_open)
        return privacy.erase(*told, call.actor, call.now, once=key)

    return _begun(call, ERASURES, begin)


def _begun(call: Call, path: str, begin: Callable[[Any], Any]) -> Response:
    def phrase(job: Any) -> dict[str, Any]:
        where = f"{call.incoming.base_url}/api/v1/jobs/{job.job_id}"
        return {"body": jobs.view(job), "headers": {"Location": where}}

    return do_once(call, path, phrase, lambda key: (begin(key),), HTTPStatus.ACCEPTED)
