"""API tokens: how they look, so that a typo or a leak is known at sight, and what scopes allow."""

import re
import zlib
from enum import StrEnum

PREFIX = "tl_"
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SECRET_LENGTH, CHECK_LENGTH = 43, 6  # 62^43 is more than 2^256, and 62^6 more than 2^32
SHAPE = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{SECRET_LENGTH}}})([0-9A-Za-z]{{{CHECK_LENGTH}}})")
SAFE_METHODS = frozenset({"GET", "HEAD"})


class Scope(StrEnum):
    """What a token may be used for, within what the role of its person allows."""

    READ = "read"
    TICKETS = "tickets:write"
    PROFILE = "profile:write"
    SETTINGS = "settings:write"
    TOKENS = "tokens:write"


EVERYTHING = tuple(Scope)
WORDS = {
    Scope.READ: "Read what you may see",
    Scope.TICKETS: "Open, answer and change requests",
    Scope.PROFILE: "Change your own profile and availability",
    Scope.SETTINGS: "Change settings and people, where your role allows it",
    Scope.TOKENS: "Make and revoke your own tokens",
}
# By how a path begins, the longer first; what is not named here changes the desk's settings.
_WRITES = (
    ("/people/me/tokens", Scope.TOKENS),
    ("/people/me/sessions", Scope.TOKENS),
    ("/people/me", Scope.PROFILE),
    ("/tickets", Scope.TICKETS),
    ("/ticket-transfers", Scope.TICKETS),
    ("/uploads", Scope.TICKETS),
    ("/files", Scope.TICKETS),
)


def token_of(randomness: bytes) -> str:
    """The text of a token: 32 random bytes, and a checksum that needs no secret to be checked."""
    secret = _in_base_62(int.from_bytes(randomness, "big"), SECRET_LENGTH)
    return f"{PREFIX}{secret}{_checksum(secret)}"


def is_token(text: str) -> bool:
    """Whether it could be one of ours; a typo, a fragment and all else could not."""
    found = SHAPE.fullmatch(text)
    return found is not None and _checksum(found[1]) == found[2]


def scope_for(method: str, path: str) -> Scope:
    """What a call needs, by its method and its path below the API's prefix."""
    if method in SAFE_METHODS:
        return Scope.READ
    found = (scope for start, scope in _WRITES if path == start or path.startswith(f"{start}/"))
    return next(found, Scope.SETTINGS)


def _checksum(secret: str) -> str:
    return _in_base_62(zlib.crc32(f"{PREFIX}{secret}".encode()), CHECK_LENGTH)


def _in_base_62(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(DIGITS))
        digits.append(DIGITS[digit])
    return "".join(reversed(digits))
