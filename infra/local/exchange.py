"""Requests and answers of the local server as whole values, and the gateway's own refusals."""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

NO_ROUTE = "-"
WITHOUT_BODY = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
OURS = {"content-length", "connection", "transfer-encoding"}
# Which response of the gateway stands for a status; every other one is a default.
KINDS = {
    HTTPStatus.NOT_FOUND: "MISSING_AUTHENTICATION_TOKEN",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "REQUEST_TOO_LARGE",
}


@dataclass
class Answer:
    """A whole HTTP response; a header's value may be a list of several."""

    status: int
    body: bytes = b""
    headers: dict[str, Any] = field(default_factory=dict)
    route: str = NO_ROUTE

    def header_lines(self) -> Iterator[tuple[str, str]]:
        """Each line to send; raises ValueError for one that would break the response."""
        named = {name: value for name, value in self.headers.items() if name.lower() not in OURS}
        if "content-type" not in {name.lower() for name in named}:
            named["Content-Type"] = "application/json"
        if self.status not in WITHOUT_BODY:
            named["Content-Length"] = len(self.body)
        for name, value in named.items():
            for one in value if isinstance(value, list) else [value]:
                yield name, _line(str(one))


@dataclass(frozen=True)
class Asked:
    """A whole HTTP request; the names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    client: str = "127.0.0.1"


class Refused(Exception):
    """A request that does not get as far as the app."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


Respond = Callable[[Asked], Answer]


class Refusals:
    """The gateway's own answers, in the words of the description's GatewayResponses."""

    def __init__(self, responses: dict[str, Any]) -> None:
        self._responses = responses

    def answer(self, status: HTTPStatus) -> Answer:
        default = "DEFAULT_4XX" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "DEFAULT_5XX"
        response = self._responses[KINDS.get(status, default)]
        request_id = str(uuid.uuid4())
        template = response["ResponseTemplates"]["application/json"]
        body = template.replace("$context.requestId", request_id)
        headers = response["ResponseParameters"]["Headers"]
        plain = {name: value[1:-1] for name, value in headers.items()}
        return Answer(json.loads(body)["status"], body.encode(), plain)


def _line(text: str) -> str:
    text.encode("latin-1")
    if any(sign in text for sign in "\r\n\0"):
        raise ValueError("a header has a line break")
    return text


def json_answer(data: Any, status: int = HTTPStatus.OK) -> Answer:
    body = json.dumps(data, ensure_ascii=False, indent=1).encode()
    return Answer(status, body, {"Content-Type": "application/json", "Cache-Control": "no-store"})
