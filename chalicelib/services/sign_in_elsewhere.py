"""Signing in at another identity provider (OpenID Connect), and coming back as somebody known."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters import oidc
from chalicelib.config import config
from chalicelib.domain.errors import NotAuthenticated, NotFound
from chalicelib.domain.people import subject_key
from chalicelib.models.person import Person
from chalicelib.services import sessions
from chalicelib.services.sessions import From
from chalicelib.services.sign_in import Done
from chalicelib.services.signing import Forged, sign, unsign

PURPOSE = "oidc"
WITHIN = timedelta(minutes=10)
FAILED = "Signing in there did not work. Please try again."
UNKNOWN = (
    "You signed in there, but nobody here is known by that account. Ask an admin to link it: "
    "{issuer} calls you {subject}."
)


@dataclass(frozen=True)
class Departure:
    """Where the browser goes, and what its cookie holds until it is back."""

    address: str
    held: str


def name() -> str | None:
    """What the provider is called; None where there is none."""
    return (config.oidc_name or "single sign-on") if config.oidc_issuer else None


def depart(redirect_uri: str, wanted: str, now: datetime) -> Departure:
    """Raises NotFound where there is no provider, NotAuthenticated when it cannot be reached."""
    if not config.oidc_issuer:
        raise NotFound("There is no other way to sign in here.")
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    try:
        address = oidc.address(redirect_uri, state, nonce, verifier)
    except oidc.NotProved as error:
        raise NotAuthenticated(FAILED) from error
    held = {"state": state, "nonce": nonce, "verifier": verifier, "next": wanted}
    return Departure(address, sign(PURPOSE, held, now, WITHIN))


def arrive(
    held: str | None, state: str, code: str, redirect_uri: str, came_from: From, now: datetime
) -> tuple[Done, str]:
    """Who is back, with a new session, and where they wanted to go. Raises NotAuthenticated."""
    left = _opened(held, now)
    given = state.encode("utf-8", "replace")
    if not code or not hmac.compare_digest(left["state"].encode(), given):
        raise NotAuthenticated(FAILED)
    try:
        claims = oidc.claims_for(code, redirect_uri, left["nonce"], left["verifier"])
    except oidc.NotProved as error:
        raise NotAuthenticated(FAILED) from error
    person = Person.with_subject(subject_key(claims["iss"], claims["sub"]))
    if person is None or person.left_at:
        raise NotAuthenticated(UNKNOWN.format(issuer=claims["iss"], subject=claims["sub"]))
    return Done(person, sessions.start(person, now, came_from)), left["next"]


def _opened(held: str | None, now: datetime) -> dict[str, Any]:
    try:
        found: dict[str, Any] = unsign(PURPOSE, held or "", now)
    except Forged as error:
        raise NotAuthenticated(FAILED) from error
    return found
