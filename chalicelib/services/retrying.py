"""What is done again when another write came first."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from chalicelib.domain.errors import Busy, Conflict, DeskError, Invalid, Stale
from chalicelib.models.saving import NotSaved
from chalicelib.services.once import Once, raise_what_was_done

TRIES = 12
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.32  # seconds; all of them stay well below a request's 10 s

P = ParamSpec("P")
R = TypeVar("R")


def retried(change: Callable[P, R]) -> Callable[P, R]:
    """Load, check, decide and save again when another write came first. Raises Busy at last.

    A keyed request that is refused now may have been carried out before: then that is the answer.
    """

    @wraps(change)
    def until_saved(*args: P.args, **kwargs: P.kwargs) -> R:
        for tried in range(TRIES):
            try:
                return change(*args, **kwargs)
            except NotSaved:
                _step_aside(tried)
            except (Conflict, Stale, Invalid) as refusal:
                _answer_as_before(kwargs.get("once"), refusal)
        raise Busy("Many people are changing this at once. Please try again.")

    return until_saved


def _step_aside(tried: int) -> None:
    """Waits for a random time that grows, or many writers would meet again at once."""
    time.sleep(random.uniform(0, min(FIRST_PAUSE * 2**tried, LONGEST_PAUSE)))  # noqa: S311


def _answer_as_before(once: object, refusal: DeskError) -> None:
    if isinstance(once, Once):
        raise_what_was_done(once)
    raise refusal
