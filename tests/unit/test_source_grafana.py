"""Grafana's signature, with and without a timestamp, in headers of any name."""

import hmac
from datetime import UTC, datetime

import pytest

from chalicelib.adapters.monitoring.grafana import SOURCE
from chalicelib.adapters.monitoring.source import Delivery, Refused

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SENT = str(int(NOW.timestamp()))
BODY, SECRETS = b'{"alerts": []}', ("new", "old")
HEADER = "x-grafana-alerting-signature"


def signature(secret: str, told: bytes = BODY) -> str:
    return hmac.digest(secret.encode(), told, "sha256").hex()


def check(headers: dict[str, str], body: bytes = BODY, **options: str) -> None:
    SOURCE.authenticate(Delivery(body, headers, options=options), SECRETS, NOW)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_signature_by_either_secret_is_believed(secret):
    check({HEADER: signature(secret)})


@pytest.mark.parametrize("told", ["", "x", signature("other"), signature("new", BODY + b" ")])
def test_any_other_signature_is_refused(told):
    with pytest.raises(Refused):
        check({HEADER: told})


def test_without_a_signature_the_address_is_enough_unless_one_is_required():
    check({})
    with pytest.raises(Refused):
        check({}, requires="signature")


def test_headers_may_have_other_names_and_a_timestamp_is_signed_too():
    names = {"signature_header": "X-Desk", "timestamp_header": "X-Desk-Time"}
    good = signature("new", f"{SENT}:".encode() + BODY)
    check({"x-desk": good, "x-desk-time": SENT}, **names)
    old = str(int(SENT) - 301)
    for stamp, told in (
        (old, signature("new", f"{old}:".encode() + BODY)),
        (str(int(SENT) + 1), good),
    ):
        with pytest.raises(Refused):
            check({"x-desk": told, "x-desk-time": stamp}, **names)
    with pytest.raises(Refused):
        check({"x-desk": good}, **names)
