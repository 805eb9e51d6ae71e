"""File locks that end with the process that holds them, however it ends."""

import fcntl
import os
from pathlib import Path


def take(path: Path) -> int | None:
    """An open descriptor that holds the lock, or None while another process holds it.

    A child that inherits the descriptor holds the lock too, until both have closed it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_taken(path: Path) -> bool:
    """Whether some process holds the lock now."""
    descriptor = take(path)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False
