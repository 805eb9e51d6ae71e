"""Values that leave the desk and come back: signed, for one purpose, and expiring."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters.secrets import signing_key

CURSOR, FORM, PROOF = "cursor", "form", "proof"
HOOK_KEY, HOOK_SECRET = "hook-key", "hook-secret"
UPLOAD = "upload"
PASTED, STEP, POSITION = "sealed-pasted", "sealed-step", "sealed-position"


class Forged(ValueError):
    """Not signed by us, for this purpose; or its time is over."""


def sign(purpose: str, value: Any, now: datetime, lives: timedelta) -> str:
    """URL-safe text that carries `value` until `now + lives`."""
    content = {"v": value, "e": int((now + lives).timestamp())}
    payload = json.dumps(content, separators=(",", ":")).encode()
    return f"{_encode(payload)}.{_encode(_mac(purpose, payload))}"


def unsign(purpose: str, text: str, now: datetime) -> Any:
    """The value that was signed. Raises Forged."""
    try:
        payload, mac = (_decode(part) for part in text.split("."))
        if not hmac.compare_digest(mac, _mac(purpose, payload)):
            raise Forged("bad signature")
        content = json.loads(payload)
    except ValueError as error:
        raise Forged(str(error)) from error
    if content["e"] < now.timestamp():
        raise Forged("too old")
    return content["v"]


def digest(*parts: str) -> str:
    """A hash under which a secret or a body is kept instead of itself."""
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def derived(purpose: str, *parts: str) -> str:
    """192 secret bits as URL-safe text, the same each time: nothing needs to be stored."""
    return _encode(_mac(purpose, "\x00".join(parts).encode())[:24])


def seal(purpose: str, text: str) -> str:
    """Text that nobody reads or changes but the desk: what is sealed for one purpose is nothing
    for another."""
    return str(_fernet(purpose).encrypt(text.encode()).decode())


def unseal(purpose: str, text: str) -> str:
    """Raises Forged."""
    try:
        return str(_fernet(purpose).decrypt(text.encode()).decode())
    except Exception as error:  # InvalidToken, which is not imported before it is needed
        raise Forged("sealed with another key") from error


def _fernet(purpose: str) -> Any:
    from cryptography.fernet import Fernet  # takes a while to import, and few need it

    return Fernet(base64.urlsafe_b64encode(_mac(purpose, b"fernet")))


def short_digest(text: str) -> str:
    """A hash that names something within a key, whatever the text is like: 160 bits."""
    return digest(text.encode("utf-8", "replace").decode())[:40]


def _mac(purpose: str, payload: bytes) -> bytes:
    return hmac.digest(signing_key(), purpose.encode() + b"\x00" + payload, "sha256")


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
