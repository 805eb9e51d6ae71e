"""Calls the real Chalice app in-process, as API Gateway would."""

import json
from dataclasses import dataclass
from typing import Any

from chalice.test import Client

from chalicelib.domain.people import Actor
from tests.factories import token_for


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, Any]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def etag(self) -> str:
        return str(self.headers["ETag"])


class Api:
    """Speaks for one person, or for nobody."""

    def __init__(self, actor: Actor | None = None, token: str | None = None) -> None:
        from app import app

        self._client = Client(app)
        self._token = token or (token_for(actor) if actor else None)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        sent = {"Content-Type": "application/json"} if body is not None else {}
        if self._token:
            sent["Authorization"] = f"Bearer {self._token}"
        sent |= {name.replace("_", "-"): text for name, text in headers.items()}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
        got = self._client.http.request(method, path, headers=sent, body=raw)
        return Answer(got.status_code, got.headers, got.body)

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", f"/api/v1{path}", None, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("POST", f"/api/v1{path}", body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("PUT", f"/api/v1{path}", body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("PATCH", f"/api/v1{path}", body, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.call("DELETE", f"/api/v1{path}", None, **headers)


def a_request(**fields: Any) -> dict[str, Any]:
    asked = {"email": "rosa@shop.example", "name": "Rosa Lind"}
    facts = {"subject": "The till is frozen", "description": "Since nine.", "requester": asked}
    return {**facts, **fields}
