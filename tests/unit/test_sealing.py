"""Secrets that tools made: stored sealed, and read again with the desk's own key only."""

import json

import pytest

from chalicelib.domain.errors import NotAuthenticated
from chalicelib.services import sign_in, signing
from chalicelib.services.signing import PASTED, STEP, Forged, derived, seal, unseal
from tests.cast import MONDAY_9


@pytest.fixture(autouse=True)
def _own_key(monkeypatch):
    monkeypatch.setattr(signing, "signing_key", lambda: b"k" * 32)


def test_what_was_sealed_can_be_read_again():
    assert "s3cret" not in seal(PASTED, "s3cret")
    assert unseal(PASTED, seal(PASTED, "s3cret")) == "s3cret"


def test_another_key_reads_nothing(monkeypatch):
    sealed = seal(PASTED, "s3cret")
    monkeypatch.setattr(signing, "signing_key", lambda: b"x" * 32)
    with pytest.raises(Forged):
        unseal(PASTED, sealed)


def test_what_was_sealed_for_one_purpose_is_nothing_for_another():
    held = json.dumps({"kind": "set_up", "email": "ada@desk.example", "until": 2**40})
    pasted = seal(PASTED, held)
    assert unseal(PASTED, pasted) == held
    with pytest.raises(Forged):
        unseal(STEP, pasted)
    with pytest.raises(NotAuthenticated):
        sign_in.opened(pasted, MONDAY_9)


@pytest.mark.parametrize("text", ["", "nonsense", "gAAAAA"])
def test_nonsense_is_refused(text):
    with pytest.raises(Forged):
        unseal(PASTED, text)


def test_what_is_derived_is_the_same_each_time_and_differs_by_purpose():
    assert derived("a", "x", "1") == derived("a", "x", "1")
    assert len({derived("a", "x", "1"), derived("b", "x", "1"), derived("a", "x", "2")}) == 3
    assert len(derived("a", "x")) == 32
