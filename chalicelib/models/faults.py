"""Which failures of AWS pass by themselves, so that the same call may be made again."""

from collections.abc import Iterator

from botocore.exceptions import (
    ClientError,
    ConnectionError,
    EndpointConnectionError,
    HTTPClientError,
)

PASSING_CODES = frozenset({
    "InternalServerError", "InternalFailure", "ProvisionedThroughputExceededException",
    "RequestLimitExceeded", "ServiceUnavailable", "SlowDown", "ThrottlingException",
    "TransactionInProgressException",
})  # fmt: skip
UNREACHED = (ConnectionError, EndpointConnectionError, HTTPClientError)


def is_passing(error: BaseException) -> bool:
    """Throttled, out of reach for a moment, or broken inside AWS."""
    return any(_passes(cause) for cause in _causes(error))


def _passes(error: BaseException) -> bool:
    if isinstance(error, ClientError):
        return error.response["Error"].get("Code") in PASSING_CODES
    return isinstance(error, UNREACHED)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = getattr(error, "cause", None) or error.__cause__
