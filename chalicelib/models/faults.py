"""Which failures of AWS pass by themselves, so that the same call may be made again."""

from collections.abc import Iterator

from botocore.exceptions import (
    ClientError,
    ConnectionError,
    EndpointConnectionError,
    HTTPClientError,
)

from chalicelib.models.saving import NotSaved

PASSING_CODES = frozenset({
    "InternalServerError", "InternalFailure", "ProvisionedThroughputExceededException",
    "RequestLimitExceeded", "ServiceUnavailable", "SlowDown", "ThrottlingException",
    "TooManyRequestsException", "TransactionInProgressException",
})  # fmt: skip
UNREACHED = (ConnectionError, EndpointConnectionError, HTTPClientError)


def is_passing(error: BaseException) -> bool:
    """Throttled, out of reach for a moment, broken inside AWS, or another write came first."""
    return any(_passes(cause) for cause in _causes(error))


def _passes(error: BaseException) -> bool:
    if isinstance(error, ClientError):
        return error.response["Error"].get("Code") in PASSING_CODES
    return isinstance(error, (*UNREACHED, NotSaved))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = getattr(error, "cause", None) or error.__cause__
