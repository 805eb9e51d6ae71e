"""What tells people's forms from programs': when the form was opened, and a proof of work.

The proof is ALTCHA's (https://altcha.org): the browser looks for a number while somebody types.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.models.marker import Marker
from chalicelib.models.saving import NotSaved, save_together
from chalicelib.services.signing import FORM, PROOF, derived, digest

TOO_QUICK = timedelta(seconds=2)
FORM_LIVES = timedelta(days=1)
PROOF_LIVES = timedelta(minutes=10)
ALGORITHM = "PBKDF2/SHA-256"
COST, PREFIX = 5_000, "00"  # 256 tries of 5,000 rounds on average: about a second on a phone
STAMP, SEAL = 8, 22
LONGEST = 2_000


class SendAgain(Exception):
    """The form has to be sent once more; the message says why, for people."""


def form_key(opened_at: datetime) -> str:
    """A key under which a form can be sent once, and which says when it was opened."""
    body = f"{int(opened_at.timestamp()):08x}{secrets.token_urlsafe(18)}"
    return body + derived(FORM, body)[:SEAL]


def opened_at(key: str) -> datetime | None:
    """When a form of ours was opened; None where the key is not ours."""
    body, seal = key[:-SEAL], key[-SEAL:]
    if not secrets.compare_digest(seal.encode(), derived(FORM, body)[:SEAL].encode()):
        return None
    return datetime.fromtimestamp(int(body[:STAMP], 16), UTC)


def check_opened(key: str, proven: bool, now: datetime) -> None:
    """Nobody reads and fills in a form in a moment, unless a browser helps. Raises SendAgain."""
    opened = opened_at(key)
    if opened is None or now - opened > FORM_LIVES:
        raise SendAgain("This form was open for more than a day. Please send it once more.")
    if not proven and now - opened < TOO_QUICK:
        raise SendAgain("That was quick. Please read it through, then send it once more.")


def challenge(now: datetime) -> dict[str, Any]:
    """Work for a browser. Its time is ours, and signed with the rest."""
    from altcha import create_challenge  # only forms need it

    until = int((now + PROOF_LIVES).timestamp())
    made = create_challenge(
        ALGORITHM, COST, key_prefix=PREFIX, data={"until": until}, hmac_secret=_secret()
    )
    return dict(made.to_dict())


def check(proof: str, now: datetime) -> None:
    """Raises SendAgain where the work was not done, not for us or not lately."""
    from altcha import Payload, verify_solution

    again = SendAgain("Your browser's check has run out. Please send it once more.")
    try:
        payload = Payload.from_base64(proof if len(proof) <= LONGEST else "")
        if not verify_solution(payload, _secret()).verified:
            raise again
        until = int((payload.challenge.parameters.data or {})["until"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise again from error
    if until < now.timestamp():
        raise again


def spend(proof: str, form: str, now: datetime) -> None:
    """A proof is good for one form. Raises SendAgain where another one has used it."""
    from altcha import Payload

    work = Payload.from_base64(proof).challenge.parameters.nonce
    marker = Marker.lasting(f"proof#{digest(work)}", now, 2 * PROOF_LIVES, digest=form)
    try:
        save_together(marker)
    except NotSaved as taken:
        before = Marker.live(marker.marker_id, now)
        if before is None or before.digest != form:
            raise SendAgain("Please send it once more.") from taken


def _secret() -> str:
    return derived(PROOF, "altcha")
