"""If-Match and Idempotency-Key: writing on what was read, and only once."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.handlers.api.endpoint import Call
from chalicelib.handlers.entry import json_response
from chalicelib.handlers.problems import Refusal
from chalicelib.services import views
from chalicelib.services.once import AlreadyDone, Once
from chalicelib.services.signing import digest

ETAG = re.compile(r'"(\d{1,9})"')
KEY = re.compile(r"[\x21-\x7e]{1,255}")
NO_SUCH_VERSION = -1

Phrase = Callable[..., dict[str, Any]]
"""Makes body and headers of an answer."""


def seen_version(call: Call, required: bool = True) -> int | None:
    """The version the caller last read. Raises Refusal (428) when it is needed and missing."""
    sent = call.incoming.header("if-match")
    if sent is None and required:
        detail = "Send `If-Match` with the ETag of the ticket as you last read it."
        raise Refusal(HTTPStatus.PRECONDITION_REQUIRED, detail)
    if sent is None or sent.strip() == "*":
        return None
    found = ETAG.fullmatch(sent.strip())
    return int(found[1]) if found else NO_SUCH_VERSION


def etag(version: Any) -> str:
    return f'"{int(version)}"'


def do_once(
    call: Call, path: str, phrase: Phrase, do: Callable[[Once | None], Any],
    status: HTTPStatus = HTTPStatus.CREATED,
) -> Response:  # fmt: skip
    """Carry out a keyed POST, or answer it again: `do` gets the key, `phrase` what it answers."""
    try:
        done = do(_once(call, path, phrase))
    except AlreadyDone as before:
        return _answered(before.answer, status, replayed=True)
    return _answered(phrase(*done), status)


def ticket_answer(call: Call, ticket: Any, description: str) -> dict[str, Any]:
    """Body and headers of an answer that is a ticket."""
    view = views.ticket_view(ticket, call.now, call.incoming.base_url, description)
    view = views.for_reader(view, call.actor)
    return {"body": view, "headers": {"ETag": etag(view["version"]), "Location": view["url"]}}


def _once(call: Call, path: str, phrase: Phrase) -> Once | None:
    """What makes a keyed POST take effect once; None without a key. Raises Refusal."""
    key = call.incoming.header("idempotency-key")
    if key is None:
        return None
    if not KEY.fullmatch(key):
        detail = "An Idempotency-Key is 1 to 255 printable ASCII characters."
        raise Refusal(HTTPStatus.BAD_REQUEST, detail)
    body = call.incoming.body().decode("utf-8", "surrogateescape")
    mark = f"key#{call.actor.id}#{digest(key)}"
    return Once(mark, call.now, digest(path, body.encode("utf-8", "replace").decode()), phrase)


def _answered(answer: dict[str, Any], status: HTTPStatus, replayed: bool = False) -> Response:
    """The stored or fresh answer: `{body, headers}`."""
    headers = dict(answer["headers"])
    if replayed:
        headers["Idempotency-Replayed"] = "true"
    return json_response(answer["body"], int(status), headers)
