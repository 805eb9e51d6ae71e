"""What every HTTP request brings, whoever sends it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from typing import cast
from urllib.parse import parse_qsl, urlsplit

from chalice.app import Request

from chalicelib.config import config
from chalicelib.handlers.problems import Refusal
from chalicelib.services import clock

BODY_AT_MOST = 256 * 1024
PORTS = {"http": 80, "https": 443}
LOOPBACK = re.compile(r"(?:localhost|127\.0\.0\.1|\[?::1\]?)(?::\d{1,5})?")
BLANKS = " \t"  # no other sign is one to a browser
FIELDS_AT_MOST = 400  # each form's own bound is narrower


@dataclass(frozen=True)
class Incoming:
    """One request with the instant at which it came."""

    request: Request
    now: datetime

    @classmethod
    def of(cls, request: Request) -> "Incoming":
        return cls(request, clock.now())

    def header(self, name: str) -> str | None:
        return cast("str | None", self.request.headers.get(name))

    @property
    def headers(self) -> Mapping[str, str]:
        return cast("Mapping[str, str]", self.request.headers)

    @cached_property
    def path(self) -> str:
        """The path that was asked for, without the stage that API Gateway puts before it."""
        event = self.request.to_original_event()
        return str(event.get("path") or self.request.context.get("path", "/"))

    @cached_property
    def root(self) -> str:
        """What stands before every address of ours: a stage's name, or nothing."""
        if config.public_url:
            return urlsplit(config.public_url).path
        return str(self.request.context.get("path", self.path)).removesuffix(self.path)

    @cached_property
    def base_url(self) -> str:
        """Where we are, for addresses in answers; never what a header alone claims."""
        if config.public_url:
            return config.public_url
        domain = self.request.context.get("domainName")  # API Gateway's word, not the caller's
        return f"{f'https://{domain}' if domain else self._on_this_machine}{self.root}"

    @property
    def _on_this_machine(self) -> str:
        host = self.header("host") or ""
        return f"http://{host if LOOPBACK.fullmatch(host) else 'localhost'}"

    @property
    def is_secure(self) -> bool:
        return self.base_url.startswith("https:")

    @property
    def address(self) -> str | None:
        """Where it comes from, as API Gateway saw it: never what a header claims."""
        identity: Mapping[str, str] = self.request.context.get("identity") or {}
        return identity.get("sourceIp")

    @property
    def request_id(self) -> str:
        context = self.request.lambda_context
        return str(getattr(context, "aws_request_id", "-"))

    @cached_property
    def query(self) -> dict[str, list[str]]:
        found = self.request.query_params
        return {name: found.getlist(name) for name in found} if found else {}

    @cached_property
    def cookies(self) -> dict[str, str]:
        """As browsers send them, whatever else they send along; the first of a name counts.

        Not by `http.cookies`: there a gap within a value begins a cookie, so that another host
        could plant one under a name that is ours alone.
        """
        found: dict[str, str] = {}
        for pair in (self.header("cookie") or "").split(";"):
            name, _, value = pair.partition("=")
            found.setdefault(name.strip(BLANKS), value.strip(BLANKS))
        return found

    def body(self, at_most: int = BODY_AT_MOST) -> bytes:
        """The raw body. Raises Refusal when it is too large."""
        raw = self.request.raw_body
        content = (
            raw if isinstance(raw, bytes) else str(raw or "").encode("utf-8", "surrogateescape")
        )
        if len(content) > at_most:
            detail = f"Send at most {at_most // 1024} KB."
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
        return content

    @cached_property
    def form(self) -> dict[str, str]:
        """A urlencoded body; of a field given twice the last counts. Raises Refusal."""
        try:
            text = self.body().decode("utf-8")
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_AT_MOST)
        except ValueError as error:
            raise Refusal(HTTPStatus.BAD_REQUEST, "This form could not be read.") from error
        return dict(pairs)

    @property
    def is_a_browsers(self) -> bool:
        """Whether it says where it comes from, as every browser does with a form."""
        return bool(self.header("sec-fetch-site") or self.header("origin"))

    def comes_from_elsewhere(self) -> bool:
        """Whether any of a browser's words says that no page of ours sent this."""
        site, origin = self.header("sec-fetch-site"), self.header("origin")
        if site and site not in {"same-origin", "none"}:
            return True
        ours = origin_of(self.base_url)
        return bool(origin) and (ours is None or origin_of(origin or "") != ours)


def origin_of(url: str) -> tuple[str, str, int | None] | None:
    """Scheme, machine and port; None for what has none. A machine's names for itself are one."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
    host = parts.hostname or ""
    if not host:
        return None
    return parts.scheme, "localhost" if LOOPBACK.fullmatch(host) else host, port
