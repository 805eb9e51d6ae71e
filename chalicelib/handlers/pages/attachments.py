"""Files on pages: a way to send some, with and without scripts, and a way to open one."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from chalice import Response

from chalicelib.domain.attachments import MOST_PER_MESSAGE, Upload
from chalicelib.domain.errors import Conflict, FieldError, Invalid, TooMany
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import Access
from chalicelib.handlers.entry import json_response
from chalicelib.handlers.pages import cookies
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import HEADERS, Visit
from chalicelib.handlers.problems import STATUS_OF, headers_of
from chalicelib.services import attachments, limits, reading, uploads
from chalicelib.services.once import Once
from chalicelib.web import forms
from chalicelib.web.file_forms import UploadForm


@page("/attachments/{attachment_id}", access=Access.GUEST)
def open_attachment(visit: Visit, attachment_id: str) -> Response:
    """303 to where the file can be fetched for a minute."""
    ticket_id = attachments.ticket_of(attachment_id)
    reader = reader_of(visit, ticket_id) if ticket_id else visit.actor
    where = attachments.address_of(ticket_id or "", attachment_id, reader)
    headers: dict[str, Any] = {**HEADERS, "Location": where}
    return Response(body="", status_code=int(HTTPStatus.SEE_OTHER), headers=headers)


@page("/uploads", "POST", access=Access.ANYONE)
def upload_for_new_request(visit: Visit) -> Response:
    """A form of the store's for one file, for the script of the page of new requests."""
    return answer_script(visit, None)


@page("/requests/{ticket_id}/files", "GET", "POST", access=Access.GUEST)
def files_of_request(visit: Visit, ticket_id: str) -> Response:
    reader = visit.reader_of(ticket_id)
    if visit.incoming.request.method == "POST":
        attachments.check_seen(ticket_id, reader)
        return answer_script(visit, reader.id)
    return plainly(visit, ticket_id, reader, f"/requests/{ticket_id}", "/replies")


@page("/desk/tickets/{ticket_id}/files", "GET", "POST", access=Access.STAFF)
def files_of_desk_ticket(visit: Visit, ticket_id: str) -> Response:
    if visit.incoming.request.method == "POST":
        attachments.check_seen(ticket_id, visit.agent)
        return answer_script(visit, visit.agent.id)
    base = f"/desk/tickets/{ticket_id}"
    return plainly(visit, ticket_id, visit.agent, base, "/messages")


def of_new_request(key: str) -> str:
    """Whose the files of a form are that anybody may send: whoever holds that form."""
    return f"form#{key}"


def carried(texts: str, owner: str, visit: Visit, once: Once | None = None) -> tuple[Upload, ...]:
    """The files that a form names. Raises Invalid for its field `attachments`."""
    try:
        return uploads.arrived(texts.split(), owner, visit.now, once)
    except Invalid as error:
        raise Invalid(FieldError(uploads.AT, error.errors[0].detail)) from error


def shown(form: dict[str, Any], owner: str, visit: Visit) -> list[dict[str, Any]]:
    """The files that were sent with a form which is shown again; without those that are gone."""
    texts = form["typed"].get("attachments", "").split()
    if "attachments" in form["errors"]:
        texts = [text for text, _ in uploads.usable(texts, owner, visit.now)]
    return uploads.named(texts, owner, visit.now)


def reader_of(visit: Visit, ticket_id: str) -> Actor:
    """Who signed in, or the guest of a request that the address does not name."""
    guest_pass = cookies.read(visit.incoming, cookies.guest_name(ticket_id))
    return replace(visit, guest_pass=guest_pass).reader_of(ticket_id)


def answer_script(visit: Visit, owner: str | None) -> Response:
    sent = forms.read(visit.incoming.body(), UploadForm)
    if sent.value is None or (owner is None and sent.value.upload_key is None):
        detail = next(iter(sent.errors.values()), "Load the page again, then try again.")
        return json_response({"detail": detail}, HTTPStatus.UNPROCESSABLE_ENTITY)
    owner = owner or of_new_request(str(sent.value.upload_key))
    try:
        limit(visit, owner)
        asked = uploads.ask(owner, sent.value.name, sent.value.size, visit.now)
    except (Conflict, TooMany) as error:
        return json_response({"detail": str(error)}, STATUS_OF[type(error)], headers_of(error))
    return json_response({"upload": asked.upload, "url": asked.url, "fields": asked.fields})


def limit(visit: Visit, owner: str) -> None:
    """Raises TooMany. Of whom nothing is known, the address block counts."""
    if visit.person is None and owner.startswith(of_new_request("")):
        limits.take(limits.UPLOAD_BLOCK, limits.block_of(visit.incoming.address), visit.now)
        return
    person = visit.person.person_id if visit.person else owner
    limits.take(limits.UPLOAD_PERSON, person, visit.now)


def plainly(visit: Visit, ticket_id: str, reader: Actor, base: str, to: str) -> Response:
    """For browsers without scripts: one file after the other, then the message that carries them.

    S3 leads back to this page, which then names one file more.
    """
    ticket, _ = reading.read(ticket_id, reader)
    texts = uploads.usable((visit.asked("files") or "").split(), reader.id, visit.now)
    found = [vars(one) | {"upload": text} for text, one in texts]

    def back_to(upload: str) -> str:
        named = urlencode({"files": " ".join([*(text for text, _ in texts), upload])})
        return f"{visit.incoming.base_url}{base}/files?{named}"

    limit(visit, reader.id)
    asked = uploads.ask_plainly(reader.id, visit.now, back_to)
    return visit.show(
        "files.html", base=base, to=f"{base}{to}", asked=asked, uploads=found, form=forms.EMPTY,
        ticket_id=ticket_id, version=int(ticket.version), is_desk=base.startswith("/desk"),
        full=len(found) >= MOST_PER_MESSAGE,
    )  # fmt: skip
