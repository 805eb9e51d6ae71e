"""What can go wrong, in words for people. Handlers map these to HTTP in one table."""

from dataclasses import dataclass

from chalicelib.domain.rates import Standing


class DeskError(Exception):
    """Any refusal that a caller can understand and act on."""


class NotFound(DeskError):
    """There is no such thing, or the caller may not know that there is."""


class NotPermitted(DeskError):
    """The caller can see the thing but may not do this to it."""


class NotAuthenticated(DeskError):
    """The caller has not proven who they are."""


class Stale(DeskError):
    """What is to be changed was changed since the caller last read it."""

    def __init__(self, current_version: int, what: str = "The ticket") -> None:
        super().__init__(f"{what} is now at version {current_version}.")
        self.current_version = current_version


class Conflict(DeskError):
    """The ticket's state does not allow this."""


class Busy(DeskError):
    """Too many writers at once; the same call may be made again."""


class TooMany(DeskError):
    """Too often in too short a time; the same may be asked again after so many seconds."""

    def __init__(self, words: str, retry_after: int, standing: Standing | None = None) -> None:
        super().__init__(words)
        self.retry_after = retry_after
        self.standing = standing


class KeyReused(DeskError):
    """An idempotency key came back with a different request."""


@dataclass(frozen=True)
class FieldError:
    """One wrong field: a JSON pointer (RFC 6901) and what to do about it."""

    pointer: str
    detail: str


class Invalid(DeskError):
    """The request's content is wrong, field by field."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("; ".join(error.detail for error in errors))
        self.errors = errors

    def below(self, at: str) -> "Invalid":
        """The same of what is found at a pointer in something larger."""
        return Invalid(*(FieldError(f"{at}{one.pointer}", one.detail) for one in self.errors))
