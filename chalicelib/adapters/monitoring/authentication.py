"""How deliveries prove where they come from: always over the raw bytes, in constant time.

The address itself carries 192 random bits (decision 9); these are the proofs beside it.
"""

import base64
import hmac
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.adapters.monitoring.source import Authenticate, Delivery, Refused

TOLERANCE = timedelta(minutes=5)  # Standard Webhooks; older or newer ones may be replayed

BY_ADDRESS = (
    "The key in the address. An Authorization header, if there is one, must carry the secret."
)


def by_address(delivery: Delivery, secrets: tuple[str, ...], now: datetime) -> None:
    """The key in the address is enough; credentials are checked when they are sent.

    With the option `requires: credentials` they have to be.
    """
    sent = credentials(delivery)
    if sent is None and delivery.options.get("requires") == "credentials":
        raise Refused("It carries no credentials, and this integration asks for them.")
    if sent is not None:
        check_same(sent, secrets, "The credentials are not this integration's.")


def credentials(delivery: Delivery) -> str | None:
    """The secret part of an Authorization header of any scheme; of Basic, the password.

    An `X-API-Key`, and an `access_token` in the query (CloudEvents' webhooks), count as well.
    """
    told = delivery.headers.get("authorization")
    if told is None:
        return delivery.headers.get("x-api-key", delivery.query.get("access_token"))
    scheme, _, rest = told.partition(" ")
    if scheme.casefold() != "basic":
        return rest.strip()
    try:
        return base64.b64decode(rest, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def signed_hex(header: str, prefix: str = "", *, always: bool = False) -> Authenticate:
    """HMAC-SHA256 of the body in hexadecimal, in a header of that name.

    The options `signature_header` and `timestamp_header` take other names. With a timestamp, what
    is signed is `timestamp:body`, and that must be within TOLERANCE. Unless `always`, deliveries
    without a signature are as good as their address, but with the option `requires: signature`.
    """

    def authenticate(delivery: Delivery, secrets: tuple[str, ...], now: datetime) -> None:
        name = str(delivery.options.get("signature_header") or header).lower()
        signature = delivery.headers.get(name)
        if signature is None:
            if always or delivery.options.get("requires") == "signature":
                raise Refused(f"It is not signed: there is no header {name}.")
            return by_address(delivery, secrets, now)
        signed = _with_timestamp(delivery, now)
        sums = [prefix + hmac.digest(one.encode(), signed, "sha256").hex() for one in secrets]
        return check_same(signature.strip(), sums, ALTERED)

    return authenticate


ALTERED = "The signature does not fit the body: it was altered, or signed with another secret."


def check_recent(seconds: str, now: datetime) -> None:
    """Raises Refused unless an instant in seconds since 1970 is within TOLERANCE of now."""
    if not re.fullmatch(r"[0-9]{1,16}", seconds):
        raise Refused("Its timestamp is no number of seconds.")
    sent = int(seconds)
    if abs(now.timestamp() - sent) > TOLERANCE.total_seconds():
        raise Refused("Its timestamp is more than five minutes away: it may be replayed.")


def check_same(told: str, known: Iterable[str], otherwise: str) -> None:
    """Raises Refused unless it is one of those that are known; compares each in constant time."""
    fits = [_is_same(told, one) for one in known]
    if not any(fits):
        raise Refused(otherwise)


def _is_same(told: str, known: str) -> bool:
    return hmac.compare_digest(told.encode("utf-8", "replace"), known.encode("utf-8", "replace"))


def _with_timestamp(delivery: Delivery, now: datetime) -> bytes:
    name = str(delivery.options.get("timestamp_header") or "").lower()
    if not name:
        return delivery.body
    stamp = delivery.headers.get(name)
    if stamp is None:
        raise Refused(f"It has no header {name}, which this integration signs with.")
    check_recent(stamp, now)
    return stamp.encode() + b":" + delivery.body
