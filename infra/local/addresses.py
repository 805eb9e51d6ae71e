"""The addresses below /_local: mail that was sent, the queues, and the clock. Never deployed."""

import json
import threading
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader

from infra.local.clock import LocalClock
from infra.local.exchange import Answer, Asked, Respond, json_answer
from infra.local.mailbox import Mailbox
from infra.local.pumps import Pumps

SETTLES_WITHIN = 10.0
FURTHEST_STEP = 10 * 365 * 86400
SHOWN = 200
READING = {"GET", "HEAD", "OPTIONS"}
PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
# The frame that shows a mail inherits this: no scripts, and no pictures from elsewhere.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'"


class Addresses:
    """Stands before the app: answers what is below /_local, and hands on the rest."""

    def __init__(
        self, port: int, app: Respond, mailbox: Mailbox, clock: LocalClock, pumps: Pumps
    ) -> None:
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self._app, self._mailbox, self._clock, self._pumps = app, mailbox, clock, pumps
        self._one_step_at_a_time = threading.Lock()
        self._views: dict[tuple[str, str], Callable[[Asked], Answer]] = {
            ("GET", "/_local/mail"): self._mail,
            ("GET", "/_local/queues"): self._queues,
            ("GET", "/_local/clock"): self._time,
            ("POST", "/_local/clock"): self._advance,
        }

    def respond(self, asked: Asked) -> Answer:
        path = asked.path.partition("?")[0]
        if path.startswith("/_local/"):
            answer = self._answer(asked, path)
            answer.route = path
            return answer
        try:
            return self._app(asked)
        finally:
            if asked.method not in READING:
                self._pumps.wake()

    def _answer(self, asked: Asked, path: str) -> Answer:
        if not self._is_from_here(asked):
            return _refusal(HTTPStatus.FORBIDDEN, "Pages of other sites may not ask this.")
        view = self._views.get((asked.method, path))
        if view is None:
            return _refusal(HTTPStatus.NOT_FOUND, "There is no such address.")
        return view(asked)

    def _is_from_here(self, asked: Asked) -> bool:
        """Neither another site's script, nor a name of another site that leads to this machine."""
        host, origin = asked.headers.get("host", ""), asked.headers.get("origin", "http://")
        return {host, origin.removeprefix("http://") or host} <= self._hosts

    def _mail(self, asked: Asked) -> Answer:
        wanted = _query(asked)
        items = [
            item
            for item in self._mailbox.items()
            if wanted.get("to") in (None, item["to"]) and wanted.get("id") in (None, item["id"])
        ]
        if not _prefers_html(asked):
            return json_answer({"items": items})
        shown = items[0] if items else None
        listed = items if "id" not in wanted else self._mailbox.items()
        return _page("mail.html", shown=shown, items=listed[:SHOWN], count=len(listed))

    def _queues(self, asked: Asked) -> Answer:
        tallies = self._pumps.tallies()
        if _prefers_html(asked):
            return _page("queues.html", items=tallies)
        return json_answer({"items": tallies})

    def _time(self, asked: Asked) -> Answer:
        return json_answer(self._said())

    def _advance(self, asked: Asked) -> Answer:
        seconds = _seconds(asked.body)
        if seconds is None:
            detail = f'Send {{"advance_seconds": n}} with n from 0 to {FURTHEST_STEP}.'
            return _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
        with self._one_step_at_a_time:
            self._clock.advance(seconds)
            self._pumps.fire_schedules()
            settled = self._pumps.settle(SETTLES_WITHIN)
        return json_answer({**self._said(), "settled": settled})

    def _said(self) -> dict[str, Any]:
        now = self._clock.now().isoformat(timespec="seconds").replace("+00:00", "Z")
        return {"now": now, "offset_seconds": self._clock.offset_seconds}


def _seconds(body: bytes) -> float | None:
    try:
        seconds = json.loads(body)["advance_seconds"]
    except (ValueError, KeyError, TypeError):
        return None
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    return seconds if is_number and 0 <= seconds <= FURTHEST_STEP else None


def _query(asked: Asked) -> dict[str, str]:
    return dict(parse_qsl(asked.path.partition("?")[2]))


def _prefers_html(asked: Asked) -> bool:
    before_json = asked.headers.get("accept", "").split("application/json")[0]
    return "text/html" in before_json


def _refusal(status: HTTPStatus, detail: str) -> Answer:
    said = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
    answer = json_answer(said, status)
    answer.headers["Content-Type"] = "application/problem+json"
    return answer


def _page(template: str, **values: Any) -> Answer:
    body = PAGES.get_template(template).render(**values).encode()
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return Answer(HTTPStatus.OK, body, headers)
