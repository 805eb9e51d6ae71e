"""What every HTTP request brings, whoever sends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import cast
from urllib.parse import parse_qsl, urlsplit

from chalice.app import Request

from chalicelib.config import config
from chalicelib.handlers.problems import Refusal
from chalicelib.services import clock

BODY_AT_MOST = 256 * 1024
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
        """Where we are, for addresses in answers."""
        if config.public_url:
            return config.public_url
        scheme = self.header("x-forwarded-proto") or "http"
        return f"{scheme}://{self.header('host') or 'localhost'}{self.root}"

    @property
    def is_secure(self) -> bool:
        return self.base_url.startswith("https:")

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
        try:
            jar = SimpleCookie(self.header("cookie") or "")
        except CookieError:
            return {}
        return {name: morsel.value for name, morsel in jar.items()}

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

    def comes_from_ourselves(self) -> bool:
        """Whether a browser says that one of our own pages sent this (or nothing at all)."""
        site = self.header("sec-fetch-site")
        if site:
            return site in {"same-origin", "none"}
        origin = self.header("origin")
        return origin is None or urlsplit(origin).netloc == urlsplit(self.base_url).netloc
