"""Where the present request comes from, for the audit: nothing is decided by it."""

from contextvars import ContextVar

_address: ContextVar[str | None] = ContextVar("address", default=None)


def note(address: str | None) -> None:
    """Said at the door of every request, so that none inherits it from the one before."""
    _address.set(address)


def address() -> str | None:
    return _address.get()
