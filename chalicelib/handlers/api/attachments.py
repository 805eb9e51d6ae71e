"""Files: a form to upload one with, and the way to one that a ticket carries."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from chalice import Response
from pydantic import BaseModel, Field

from chalicelib.domain.attachments import MOST_BYTES
from chalicelib.domain.instants import to_text
from chalicelib.domain.permissions import Access
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.schemas import Strict
from chalicelib.handlers.entry import SAFE_HEADERS, json_response
from chalicelib.services import attachments, limits, uploads


class NewUpload(Strict):
    name: Annotated[str, Field(min_length=1, max_length=1_000, examples=["till.png"])]
    size: Annotated[int, Field(ge=1, le=MOST_BYTES)]


class UploadOut(BaseModel):
    """POST `fields` and then the file, as `file`, to `url` as multipart/form-data.

    After that, `upload` goes into the `attachments` of a ticket, reply, note or call. Nobody else
    can use it, and it is of use once, within a day.
    """

    upload: str
    name: str
    url: str
    fields: dict[str, str]
    expires_at: datetime


@endpoint("POST", "/uploads", Access.PERSON, body=NewUpload, answers=UploadOut, status=201)
def ask_to_upload(call: Call) -> Response:
    """Ask for a form to upload one file with; it lives for five minutes."""
    limits.take(limits.UPLOAD_PERSON, call.actor.id, call.now)
    asked = uploads.ask(call.actor.id, call.body.name, call.body.size, call.now)
    return json_response({**vars(asked), "expires_at": to_text(asked.expires_at)}, 201)


@endpoint("GET", "/tickets/{ticket_id}/attachments/{attachment_id}", Access.PERSON, answers=None,
          status=303)  # fmt: skip
def open_attachment(call: Call, ticket_id: str, attachment_id: str) -> Response:
    """Fetch a file: 303 to an address that is good for a minute; 409 until it is known clean."""
    where = attachments.address_of(ticket_id, attachment_id, call.actor)
    headers: dict[str, str | list[str]] = {**SAFE_HEADERS, "Location": where}
    return Response(body="", status_code=int(HTTPStatus.SEE_OTHER), headers=headers)
