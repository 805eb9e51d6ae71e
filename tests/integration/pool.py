"""The faked user pool: people who sign in with passwords, and the codes of their apps.

The fake signs with one key of its own, and every app has the same secret; so what is tested with
it is our side of the conversation. tests/integration/test_local_sign_in.py has the emulator's.
"""

import base64
import gzip
import hmac
import json
import struct
from datetime import datetime
from functools import partial
from importlib.resources import files
from typing import Any

import jwt
import pytest
from moto.cognitoidp.models import cognitoidp_backends
from moto.cognitoidp.utils import verify_totp
from moto.core import DEFAULT_ACCOUNT_ID

from chalicelib.adapters import identity
from chalicelib.domain.people import Actor
from chalicelib.models.person import Person
from chalicelib.services import people
from tests import aws

PASSWORD = "correct-horse-battery"


class Keys:
    """The fake's own public key, where the real pool has an address for it."""

    def get_signing_key_from_jwt(self, token: str) -> Any:
        packed = files("moto.cognitoidp").joinpath("resources/jwks-public.json.gz").read_bytes()
        return jwt.PyJWKSet.from_dict(json.loads(gzip.decompress(packed))).keys[0]


def open_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty one, where codes are checked and the fake's tokens are believed."""
    for pool in cognitoidp_backends[DEFAULT_ACCOUNT_ID][aws.REGION].user_pools.values():
        pool.users.clear()
    monkeypatch.setenv("MOTO_COGNITO_IDP_USER_POOL_ENABLE_TOTP", "true")
    monkeypatch.setattr("moto.cognitoidp.models.verify_totp", partial(verify_totp, valid_window=3))
    monkeypatch.setattr(identity, "_keys", Keys)


def enrol(actor: Actor, password: str = PASSWORD) -> Person:
    """Somebody of the cast, who can sign in."""
    return people.add(actor.name, actor.email, actor.role, password)


def code_of(key: str, at: datetime, steps: int = 0) -> str:
    """What an app with this key shows (RFC 6238)."""
    secret = base64.b32decode(key + "=" * (-len(key) % 8), casefold=True)
    counter = int(at.timestamp() // 30) + steps
    mac = hmac.digest(secret, struct.pack(">Q", counter), "sha1")
    start = mac[-1] & 0x0F
    number = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"
