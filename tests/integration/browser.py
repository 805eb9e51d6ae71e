"""A browser without eyes: keeps cookies, fills the forms that a page really has, follows 303."""

from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from chalice.test import Client

from chalicelib.domain.people import Actor
from chalicelib.models.person import Person
from chalicelib.services import sessions
from tests.cast import MONDAY_9

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Page:
    status: int
    headers: dict[str, Any]
    text: str

    @property
    def forms(self) -> dict[str, dict[str, str]]:
        """The hidden fields of each form, by the path it is sent to."""
        found = _Forms()
        found.feed(self.text)
        return found.forms


@dataclass
class Browser:
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, actor: Actor, now: datetime = MONDAY_9) -> "Browser":
        """As if the user pool had let them in."""
        secret = sessions.start(Person.get(actor.id), now)
        self.cookies["__Host-sid"] = secret
        return self

    def get(self, path: str, **headers: str) -> Page:
        return self._send("GET", path, b"", headers)

    def post(self, path: str, body: dict[str, str] | bytes, **headers: str) -> Page:
        raw = body if isinstance(body, bytes) else urlencode(body).encode()
        return self._send("POST", path, raw, {"content_type": FORM, **headers})

    def submit(self, page: Page, path: str, **typed: str) -> Page:
        """Send the form of a page that goes to `path`, with its hidden fields."""
        return self.post(path, {**page.forms[path], **typed})

    def follow(self, answer: Page) -> Page:
        assert answer.status == 303, answer.text
        return self.get(answer.headers["Location"].partition("#")[0])

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Page:
        from app import app

        sent = {"host": "desk.example", "sec-fetch-site": "same-origin"}
        sent |= {name.replace("_", "-"): text for name, text in headers.items()}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        got = Client(app).http.request(method, path, headers=sent, body=body)
        self._keep(got.headers.get("Set-Cookie", []))
        return Page(got.status_code, got.headers, got.body.decode())

    def _keep(self, cookies: list[str]) -> None:
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._open: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            path = (found["action"] or "").partition("#")[0]
            self._open = self.forms.setdefault(path, {})
        if tag == "input" and found.get("type") == "hidden":
            self._open[str(found["name"])] = found.get("value") or ""
