"""Errors as people and programs read them over HTTP: RFC 9457 problem details."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError

from chalicelib.domain import errors
from chalicelib.domain.errors import DeskError, FieldError
from chalicelib.services.faults import is_passing

STATUS_OF: dict[type[DeskError], HTTPStatus] = {
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.NotPermitted: HTTPStatus.FORBIDDEN,
    errors.NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Stale: HTTPStatus.PRECONDITION_FAILED,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
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
        return Problem(STATUS_OF[type(error)], str(error), getattr(error, "errors", ()))
    if is_passing(error):
        return AGAIN
    return None


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
