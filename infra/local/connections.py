"""One HTTP connection: reads requests within limits and answers each as a whole."""

import logging
import socketserver
import time
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, NoReturn, TextIO

from chalice.local import ChaliceRequestHandler

from infra.local import bodies
from infra.local.exchange import Answer, Asked, Refusals, Refused, Respond

log = logging.getLogger(__name__)

LARGEST_BODY = 10 * 1024 * 1024
LARGEST_DISCARDED = 10 * LARGEST_BODY
CHUNK = 1 << 16
SILENCE_SECONDS = 60
PATIENCE_SECONDS = 1


class Connection(ChaliceRequestHandler):  # type: ignore[misc]
    """Chalice's handler of connections, with limits and with nothing left unanswered."""

    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = SILENCE_SECONDS
    server_version = "Tierline"
    sys_version = ""

    def __init__(
        self,
        *connection: Any,
        respond: Respond,
        refusals: Refusals,
        access_log: TextIO,
    ) -> None:
        self._respond, self._refusals, self._access_log = respond, refusals, access_log
        socketserver.StreamRequestHandler.__init__(self, *connection)

    def _generic_handle(self) -> None:
        began = time.monotonic()
        answer = self._answer()
        self._send(answer)
        self._note(answer, time.monotonic() - began)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _generic_handle  # noqa: N815
    do_PATCH = do_OPTIONS = _generic_handle  # noqa: N815

    def _answer(self) -> Answer:
        try:
            return self._respond(self._read_request())
        except Refused as refused:
            return self._refusals.answer(refused.status)
        except Exception:
            log.exception("%s failed", self.command)
            return self._refusals.answer(HTTPStatus.INTERNAL_SERVER_ERROR)

    def _read_request(self) -> Asked:
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Asked(self.command, self.path, headers, self._read_body(), self.client_address[0])

    def _read_body(self) -> bytes:
        try:
            if self._is_chunked():
                return bodies.read_chunks(self.rfile, LARGEST_BODY)
            return bodies.read(self.rfile, self._length())
        except bodies.TooMuch:
            self._discard(LARGEST_DISCARDED)
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except (bodies.Broken, OSError):
            self._refuse(HTTPStatus.BAD_REQUEST)

    def _is_chunked(self) -> bool:
        said = self.headers.get_all("transfer-encoding", [])
        if said and ([one.strip().lower() for one in said] != ["chunked"] or self._has_length()):
            self._refuse(HTTPStatus.BAD_REQUEST)
        return bool(said)

    def _has_length(self) -> bool:
        return "content-length" in self.headers

    def _length(self) -> int:
        said = set(self.headers.get_all("content-length", ["0"]))
        one = said.pop()
        if said or not (one.isascii() and one.isdigit()):
            self._refuse(HTTPStatus.BAD_REQUEST)
        length = int(one[:12])
        if length > LARGEST_BODY:
            self._discard(min(length, LARGEST_DISCARDED))
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return length

    def _discard(self, length: int) -> None:
        """Reads on for a while: many clients read the answer only when they have sent all."""
        self.connection.settimeout(PATIENCE_SECONDS)
        with suppress(OSError):
            while length > 0 and (read := self.rfile.read1(CHUNK)):
                length -= len(read)

    def _refuse(self, status: HTTPStatus) -> NoReturn:
        """Gives up on the connection too: what follows on it may be the rest of a body."""
        self.close_connection = True
        raise Refused(status)

    def _send(self, answer: Answer) -> None:
        try:
            lines = list(answer.header_lines())
        except ValueError:
            log.error("%s answered with headers that cannot be sent", answer.route)
            answer = self._refusals.answer(HTTPStatus.INTERNAL_SERVER_ERROR)
            lines = list(answer.header_lines())
        self.send_response(answer.status)
        for name, value in lines:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _note(self, answer: Answer, seconds: float) -> None:
        """Routes, not paths: a path may hold a key, and a query a signed link."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        spent = f"{seconds * 1000:.0f}ms"
        self._access_log.write(f"{at} {self.command} {answer.route} {answer.status} {spent}\n")

    def send_error(self, code: int, *_words: Any) -> None:
        """What the parser of requests refuses; a method it does not know is no route of ours."""
        self.close_connection = True
        unknown = code == HTTPStatus.NOT_IMPLEMENTED
        answer = self._refusals.answer(HTTPStatus.NOT_FOUND if unknown else HTTPStatus.BAD_REQUEST)
        self._send(answer)

    def log_message(self, *_words: Any) -> None:
        """The access log is written above, and not to the terminal."""
