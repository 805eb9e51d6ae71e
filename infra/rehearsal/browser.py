"""What a person's or a tool's HTTP client does, in the few lines that a journey needs."""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 60  # seconds: a first answer is a cold start


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; an error or a redirect is an answer like any other."""

    status: int
    headers: Message
    text: str

    @property
    def etag(self) -> str:
        return str(self.headers["ETag"])

    def json(self) -> Any:
        return json.loads(self.text)


def ask(
    method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Send one request. Raises OSError when nobody listens there."""
    to = urlsplit(url)
    target = f"{to.path}?{to.query}" if to.query else to.path
    with closing(HTTPConnection(to.netloc, timeout=PATIENCE)) as connection:
        connection.request(method, target, body, headers or {})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode())
