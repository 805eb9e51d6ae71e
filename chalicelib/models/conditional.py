"""One write under a condition, where losing is no mistake: somebody else has settled it."""

from collections.abc import Callable
from typing import ParamSpec

from pynamodb.exceptions import DeleteError, PutError, UpdateError

CONDITION_FAILED = "ConditionalCheckFailedException"

P = ParamSpec("P")


def holds(write: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
    """Write, and answer whether the condition held; any other failure is raised."""
    try:
        write(*args, **kwargs)
    except (UpdateError, DeleteError, PutError) as error:
        if error.cause_response_code != CONDITION_FAILED:
            raise
        return False
    return True
