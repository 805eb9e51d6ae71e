"""HTTP as a program speaks it; every call has a connection of its own."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from infra.rehearsal.browser import Answer, ask

PATIENCE = 30
API = "/api/v1"

T = TypeVar("T")


@dataclass(frozen=True)
class Caller:
    """Speaks JSON to one address, as the owner of a token or as nobody."""

    base_url: str
    token: str | None = None

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, None, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        return self.send("POST", path, json.dumps(body).encode(), **headers)

    def put(self, path: str, body: Any, **headers: str) -> Answer:
        return self.send("PUT", path, json.dumps(body).encode(), **headers)

    def send(self, method: str, path: str, body: bytes | None, **headers: str) -> Answer:
        """Header names are written with `_` for `-`."""
        sent = {"Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): text for name, text in headers.items()}
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        return ask(method, self.base_url + path, body, sent)

    def open_ticket(self, **fields: Any) -> dict[str, Any]:
        """A new ticket, as the API answers it."""
        got = self.post(f"{API}/tickets", new_ticket(**fields))
        assert got.status == 201, got.text
        ticket: dict[str, Any] = got.json()
        return ticket

    def timeline(self, ticket_id: str) -> list[dict[str, Any]]:
        got = self.get(f"{API}/tickets/{ticket_id}/timeline")
        assert got.status == 200, got.text
        entries: list[dict[str, Any]] = got.json()["items"]
        return entries

    def kinds(self, ticket_id: str) -> list[str]:
        """What happened to a ticket, in order."""
        return [entry["kind"] for entry in self.timeline(ticket_id)]


def new_ticket(**fields: Any) -> dict[str, Any]:
    return {
        "subject": "The card terminal says connection refused",
        "description": "Since this morning, at both tills.",
        "requester": {"email": "sol@market.example", "name": "Sol Varga"},
        **fields,
    }


def all_at_once(*calls: Callable[[], T]) -> list[T]:
    """The answers to calls that begin together, each in a thread of its own."""
    start = threading.Barrier(len(calls))

    def begin(call: Callable[[], T]) -> T:
        start.wait(PATIENCE)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(begin, calls))
