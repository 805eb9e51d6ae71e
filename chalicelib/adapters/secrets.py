"""Secrets Manager: the key that links and cursors are signed with."""

from functools import cache

from chalicelib.adapters.aws import client
from chalicelib.config import config


@cache
def signing_key() -> bytes:
    """Read once in a process; it is never in the environment."""
    answer = client("secretsmanager").get_secret_value(SecretId=config.signing_secret_id)
    return str(answer["SecretString"]).encode()
