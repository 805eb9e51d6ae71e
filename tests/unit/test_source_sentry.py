"""Sentry: what its integration platform sends is signed, always; the legacy plugin cannot sign."""

import hmac
import json
from datetime import UTC, datetime

import pytest

from chalicelib.adapters.monitoring import Delivery, Refused
from chalicelib.adapters.monitoring.sentry import authenticate

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BODY = json.dumps({"action": "created", "data": {"issue": {"id": "4017"}}}).encode()
LEGACY = json.dumps({"id": "9", "project": "shop", "message": "It broke"}).encode()
PLATFORM = {"sentry-hook-resource": "issue"}


def signed(body: bytes = BODY, secret: str = "new", **headers: str) -> Delivery:
    signature = hmac.digest(secret.encode(), body, "sha256").hex()
    return Delivery(body, {**PLATFORM, "sentry-hook-signature": signature, **headers})


@pytest.mark.parametrize("secret", ["new", "old"])
def test_a_signature_with_a_secret_that_is_good_is_taken(secret: str):
    authenticate(signed(secret=secret), ("new", "old"), NOW)


@pytest.mark.parametrize(
    "delivery",
    [
        pytest.param(signed(secret="another"), id="another secret"),
        pytest.param(Delivery(BODY + b" ", signed().headers), id="an altered body"),
        pytest.param(Delivery(BODY, PLATFORM), id="no signature"),
        pytest.param(Delivery(BODY), id="no header of Sentry at all"),
        pytest.param(Delivery(BODY, {"authorization": "Bearer new"}), id="a bearer instead"),
        pytest.param(Delivery(LEGACY, PLATFORM), id="a legacy body on the platform's headers"),
        pytest.param(
            Delivery(BODY, {**PLATFORM, "sentry-hook-signature": ""}), id="an empty signature"
        ),
    ],
)
def test_what_is_not_signed_as_it_should_be_is_refused(delivery: Delivery):
    with pytest.raises(Refused):
        authenticate(delivery, ("new", "old"), NOW)


def test_the_legacy_plugin_is_known_by_its_address():
    authenticate(Delivery(LEGACY), ("new",), NOW)
    with pytest.raises(Refused):
        authenticate(Delivery(LEGACY, {"authorization": "Bearer another"}), ("new",), NOW)


def test_an_integration_that_asks_for_signatures_takes_no_legacy_plugin():
    with pytest.raises(Refused):
        authenticate(Delivery(LEGACY, options={"requires": "signature"}), ("new",), NOW)
