"""Errors as people and programs read them over HTTP: RFC 9457 problem details."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError

from chalicelib.domain import errors
from chalicelib.domain.errors import DeskError, FieldError
from chalicelib.domain.rates import Standing
from chalicelib.services.faults import is_passing

STATUS_OF: dict[type[DeskError], HTTPStatus] = {
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.NotPermitted: HTTPStatus.FORBIDDEN,
    errors.NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Stale: HTTPStatus.PRECONDITION_FAILED,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    errors.KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
}
HEADERS_OF: dict[HTTPStatus, dict[str, str]] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": 'Bearer realm="tierline"'},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "1"},
}


@dataclass(frozen=True)
class Refusal(Exception):
    """A request that HTTP itself does not let through."""

    status: HTTPStatus
    detail: str
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True)
class Problem:
    status: HTTPStatus
    detail: str
    errors: Sequence[FieldError] = ()
    retry_after: int | None = None
    standing: Standing | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What its status has to say beside its words."""
        wait = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return {**HEADERS_OF.get(self.status, {}), **wait, **rate_headers(self.standing)}

    def to_data(self, instance: str, request_id: str) -> dict[str, Any]:
        """The body of `application/problem+json`."""
        wrong = [{"pointer": error.pointer, "detail": error.detail} for error in self.errors]
        return {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": int(self.status),
            "detail": self.detail,
            "instance": instance,
            "request_id": request_id,
            **({"errors": wrong} if wrong else {}),
        }


def problem_of(error: Exception) -> Problem | None:
    """What to answer to an error; None for one that nobody foresaw."""
    if isinstance(error, Refusal):
        return Problem(error.status, error.detail, error.errors)
    if isinstance(error, ValidationError):
        return Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "Some fields are wrong.", field_errors(error)
        )
    if isinstance(error, DeskError):
        wrong, wait = getattr(error, "errors", ()), getattr(error, "retry_after", None)
        standing = getattr(error, "standing", None)
        return Problem(STATUS_OF[type(error)], str(error), wrong, wait, standing)
    if is_passing(error):
        return AGAIN
    return None


def headers_of(error: DeskError) -> dict[str, str]:
    """What an error has to say beside its words, where a page of its own shows those."""
    problem = problem_of(error)
    return problem.headers if problem else {}


def rate_headers(standing: Standing | None) -> dict[str, str]:
    """Where somebody stands in a limit (draft-ietf-httpapi-ratelimit-headers-10)."""
    if standing is None:
        return {}
    rate, seconds = standing.rate, int(standing.rate.per.total_seconds())
    return {
        "RateLimit-Policy": f'"{rate.name}";q={rate.burst};w={seconds}',
        "RateLimit": f'"{rate.name}";r={standing.left};t={standing.wait}',
    }


AGAIN = Problem(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "We could not reach our store for a moment. Please send the same again; with the same "
    "Idempotency-Key it takes effect once.",
)
UNFORESEEN = Problem(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something broke on our side. It was done wholly or not at all; the request id finds it in "
    "our logs.",
)


def field_errors(error: ValidationError) -> list[FieldError]:
    """Pydantic's findings as JSON pointers."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [FieldError(_pointer(one["loc"]), one["msg"]) for one in found]


def _pointer(location: tuple[int | str, ...]) -> str:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in location)
    return "".join(f"/{part}" for part in parts)
