"""Waiting for a condition, and never for a time."""

import time
from collections.abc import Callable
from typing import Any

LOOKS_AGAIN_AFTER = 0.05


def eventually(holds: Callable[[], Any], within: float = 20.0) -> Any:
    """What `holds` answers as soon as that is true; fails when it never is."""
    deadline = time.monotonic() + within
    while not (found := holds()):
        assert time.monotonic() < deadline, f"not within {within} s: the answer stayed {found!r}"
        time.sleep(LOOKS_AGAIN_AFTER)
    return found
