"""The cookies: a session for people who signed in, and passes for who came by a mailed link."""

from __future__ import annotations

from chalicelib.handlers.incoming import Incoming

# The prefix makes browsers refuse a cookie that another host or a plain-text page set.
SECURE_PREFIX = "__Host-"
SESSION = "sid"
ELSEWHERE = "oidc"  # what comes back from another identity provider must fit to
OWN = "own"  # the pass of a guest to all of their requests


def guest_name(ticket_id: str) -> str:
    return f"guest-{ticket_id}"


def call_name(ticket_id: str) -> str:
    return f"call-{ticket_id}"


def read(incoming: Incoming, name: str) -> str | None:
    return incoming.cookies.get(full_name(incoming, name))


def written(incoming: Incoming, name: str, value: str, lives_seconds: int) -> str:
    """A Set-Cookie header; zero seconds take the cookie away."""
    secure = "; Secure" if incoming.is_secure else ""
    return (
        f"{full_name(incoming, name)}={value}; Path=/; Max-Age={lives_seconds}; "
        f"HttpOnly; SameSite=Lax{secure}"
    )


def full_name(incoming: Incoming, name: str) -> str:
    return f"{SECURE_PREFIX}{name}" if incoming.is_secure else name
