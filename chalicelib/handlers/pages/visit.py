"""One request for a page: who makes it, and the ways to answer it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from chalice import Response

from chalicelib.config import config
from chalicelib.domain.errors import NotAuthenticated, NotPermitted
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import can_work
from chalicelib.handlers.headers import OF_PAGES, with_files
from chalicelib.handlers.incoming import Incoming
from chalicelib.handlers.pages import cookies
from chalicelib.services import guests, people, views
from chalicelib.services.sessions import From
from chalicelib.web.rendering import render

HEADERS = OF_PAGES
TOLD_ONCE = frozenset({"done", "moved", "to"})


@dataclass(frozen=True)
class Visit:
    """Somebody looking at a page; `person` is who signed in, `csrf` what their forms carry."""

    incoming: Incoming
    person: Any = None
    csrf: str | None = None
    guest_pass: str | None = None
    session_id: str | None = None

    @property
    def now(self) -> Any:
        return self.incoming.now

    @property
    def actor(self) -> Actor:
        """Who signed in. Raises NotAuthenticated."""
        if self.person is None:
            raise NotAuthenticated("Please sign in first.")
        return people.actor_of(self.person)

    @property
    def agent(self) -> Actor:
        """Who signed in, if they work here. Raises NotAuthenticated, NotPermitted."""
        if not can_work(self.actor):
            raise NotPermitted("This page is for the desk's staff.")
        return self.actor

    @property
    def came_from(self) -> From:
        """What a session remembers of the browser that began it."""
        return From(self.incoming.address, self.incoming.header("user-agent"))

    @property
    def seen(self) -> dict[str, Any]:
        """Who signed in, for templates."""
        return {**views.person_view(self.person), "outside": self.actor.is_limited}

    @property
    def address(self) -> str:
        """This page's, for coming back to it; without what was only told once."""
        kept = [(name, text) for name, found in self.incoming.query.items()
                for text in found if name not in TOLD_ONCE]  # fmt: skip
        asked = f"?{urlencode(kept)}" if kept else ""
        return f"{self.incoming.path}{asked}" if self.incoming.request.method == "GET" else ""

    def reader_of(self, ticket_id: str) -> Actor:
        """Who may follow this request: the guest of its link, or who signed in."""
        by_pass = guests.guest(ticket_id, self.guest_pass, self.now)
        return by_pass or self._owner_of(ticket_id) or self.actor

    def _owner_of(self, ticket_id: str) -> Actor | None:
        """The guest to whom all of their requests are open, where the request's own pass is not."""
        own = cookies.read(self.incoming, cookies.OWN)
        return guests.guest(ticket_id, own, self.now) if own and own != self.guest_pass else None

    def asked(self, name: str) -> str | None:
        """The first value of a query parameter."""
        return next(iter(self.incoming.query.get(name, [])), None)

    def show(self, template: str, status: int = HTTPStatus.OK, **context: Any) -> Response:
        shared = {
            "root": self.incoming.root,
            "person": self.seen if self.person else None,
            "csrf": self.csrf,
            "now": self.now,
            "came_from": self.address,
        }
        body = render(template, **{**shared, **context})
        sends_files = "uploads" in context
        headers = with_files(HEADERS, config.files_host) if sends_files else HEADERS
        return Response(body=body, status_code=int(status), headers=dict(headers))

    def go_to(self, path: str, *cookies: str) -> Response:
        """303 to one of our own pages, so that reloading it sends nothing again."""
        headers: dict[str, Any] = {**HEADERS, "Location": f"{self.incoming.root}{path}"}
        if cookies:
            headers["Set-Cookie"] = list(cookies)
        return Response(body="", status_code=int(HTTPStatus.SEE_OTHER), headers=headers)
