"""Standard Webhooks: signatures, rotated secrets, what is too old, and what is no alert."""

import base64
import hmac
import json
from datetime import UTC, datetime

import pytest

from chalicelib.adapters.monitoring.source import Delivery, Refused
from chalicelib.adapters.monitoring.standard_webhooks import SOURCE
from chalicelib.domain.alerts import Signal

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SENT = str(int(NOW.timestamp()))
KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
BODY = b'{"type":"a.failed","timestamp":"2026-11-23T09:00:00Z","data":{"id":"7"}}'


def signature(key: bytes = KEY, body: bytes = BODY, stamp: str = SENT, name: str = "msg_1") -> str:
    told = hmac.digest(key, f"{name}.{stamp}.".encode() + body, "sha256")
    return "v1," + base64.b64encode(told).decode()


def check(told: str, secrets: tuple[str, ...] = (SECRET,), **headers: str) -> None:
    named = {
        "webhook-id": "msg_1",
        "webhook-timestamp": SENT,
        "webhook-signature": told,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    SOURCE.authenticate(Delivery(BODY, named), secrets, NOW)


def is_refused(told: str, secrets: tuple[str, ...] = (SECRET,), **headers: str) -> None:
    with pytest.raises(Refused):
        check(told, secrets, **headers)


def test_a_good_signature_is_believed():
    check(signature())


def test_one_good_signature_of_several_is_enough():
    check(f"v1a,{'A' * 86}== {signature(b'x' * 24)} {signature()}")


def test_a_secret_that_was_rotated_is_good_for_a_while():
    check(signature(), ("whsec_" + base64.b64encode(b"y" * 24).decode(), SECRET))


@pytest.mark.parametrize("secret", ["Zm9vL_-bZm9vYmFyZm9vYmFyZm9v", "plain words, 24 of them!"])
def test_our_own_secret_may_be_taken_as_it_is(secret):
    check(signature(secret.encode()), (secret,))


def test_our_own_secret_may_be_taken_for_base64():
    secret = base64.urlsafe_b64encode(bytes(range(232, 256))).decode()
    check(signature(bytes(range(232, 256))), (secret,))


@pytest.mark.parametrize("stamp", [-301, 301])
def test_what_is_more_than_five_minutes_away_is_refused(stamp):
    sent = str(int(SENT) + stamp)
    is_refused(signature(stamp=sent), webhook_timestamp=sent)


@pytest.mark.parametrize("stamp", [-299, 299])
def test_what_is_less_than_five_minutes_away_is_believed(stamp):
    sent = str(int(SENT) + stamp)
    check(signature(stamp=sent), webhook_timestamp=sent)


@pytest.mark.parametrize(
    "told",
    [
        "", "v1,", "v1", signature()[3:], signature().replace("v1,", "v2,"),
        signature().replace("v1,", "v1a,"), signature(b"x" * 24), signature(body=BODY + b" "),
        signature(name="msg_2"), "v1,\u00e9", signature(b""),
    ],
)  # fmt: skip
def test_any_other_signature_is_refused(told):
    is_refused(told)


def test_an_altered_id_or_timestamp_is_refused():
    is_refused(signature(), webhook_id="msg_2")
    is_refused(signature(), webhook_timestamp=str(int(SENT) + 1))
    is_refused(signature(), webhook_timestamp="now")


def test_a_secret_without_bytes_lets_nobody_in():
    is_refused(signature(b""), ("whsec_",))


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_what_is_not_signed_is_refused(missing):
    headers = {"webhook-id": "msg_1", "webhook-timestamp": SENT, "webhook-signature": signature()}
    del headers[missing]
    with pytest.raises(Refused, match=missing):
        SOURCE.authenticate(Delivery(BODY, headers), (SECRET,), NOW)


@pytest.mark.parametrize(
    ("kind", "signal"),
    [("order.created", Signal.NOTICE), ("alert.created", Signal.FIRING),
     ("monitor.healthy", Signal.RESOLVED)],
)  # fmt: skip
def test_what_is_no_alert_opens_nothing(kind, signal):
    body = json.dumps({"type": kind, "data": {"id": "7"}}).encode()
    assert SOURCE.parse(Delivery(body)).alerts[0].signal is signal
