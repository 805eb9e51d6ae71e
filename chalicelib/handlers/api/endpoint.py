"""One decorator for every API view: authenticates, reads strictly, and tells OpenAPI of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from chalice import Response
from chalice.app import Blueprint
from pydantic import BaseModel

from chalicelib.domain.api_tokens import scope_for
from chalicelib.domain.errors import FieldError
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import Access, check_may_enter
from chalicelib.handlers.api.schemas import Strict
from chalicelib.handlers.entry import api_view
from chalicelib.handlers.incoming import Incoming
from chalicelib.handlers.problems import Refusal
from chalicelib.services import limits, origin, tokens
from chalicelib.services.signing import digest

PREFIX = "/api/v1"
ANY_TYPE = ["*/*"]  # Chalice would answer 415 in its own words

api = Blueprint("chalicelib.handlers.api")


@dataclass(frozen=True)
class Call:
    """An authenticated request, its body and query already checked."""

    incoming: Incoming
    actor: Actor
    body: Any = None
    query: Any = None
    scopes: frozenset[str] = frozenset()
    until: Any = None  # the token that it comes with is good so long

    @property
    def now(self) -> Any:
        return self.incoming.now


@dataclass(frozen=True)
class Endpoint:
    """What OpenAPI needs to know of a view."""

    name: str
    method: str
    path: str
    access: Access
    summary: str
    answers: type[BaseModel] | None
    body: type[Strict] | None = None
    query: type[Strict] | None = None
    status: int = 200
    needs_version: bool = False
    keyed: bool = False
    tags: tuple[str, ...] = field(default=("tickets",))


ENDPOINTS: list[Endpoint] = []

View = Callable[..., Response]


def endpoint(
    method: str, path: str, access: Access, *, answers: type[BaseModel] | None, **details: Any
) -> Callable[[View], View]:
    """Serve a view below PREFIX. It is called with a Call, and the path's parts by name."""

    def register(view: View) -> View:
        summary = (view.__doc__ or view.__name__).strip().splitlines()[0]
        spec = Endpoint(view.__name__, method, path, access, summary, answers, **details)
        ENDPOINTS.append(spec)

        def handle(incoming: Incoming, **parts: str) -> Response:
            origin.note(incoming.address)
            return view(_call(incoming, spec), **parts)

        handle.__name__ = view.__name__
        route = api.route(
            PREFIX + path, methods=[method], content_types=ANY_TYPE, name=view.__name__
        )
        route(api_view(api)(handle))
        return view

    return register


def bearer(incoming: Incoming) -> str | None:
    scheme, _, token = (incoming.header("authorization") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _call(incoming: Incoming, spec: Endpoint) -> Call:
    came = tokens.bearer(bearer(incoming), incoming.now)
    limits.count_call(digest(bearer(incoming) or ""), incoming.now)
    came.check_may(scope_for(spec.method, spec.path))
    check_may_enter(came.actor, spec.access)
    body = _body(incoming, spec.body) if spec.body else None
    query = _query(incoming, spec.query)
    return Call(incoming, came.actor, body, query, came.scopes, came.until)


def _body(incoming: Incoming, model: type[Strict]) -> Strict:
    content_type = (incoming.header("content-type") or "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        detail = "Send JSON, with `Content-Type: application/json`."
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)
    return model.model_validate_json(incoming.body())


def _query(incoming: Incoming, model: type[Strict] | None) -> Strict | None:
    if model is None:
        _refuse_unknown(incoming)
        return None
    joined = {name: ",".join(values) for name, values in incoming.query.items()}
    return model.model_validate(joined, strict=False)


def _refuse_unknown(incoming: Incoming) -> None:
    unknown = [
        FieldError(f"/{name}", "There is no such parameter here.") for name in incoming.query
    ]
    if unknown:
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "Unknown parameters.", unknown)
