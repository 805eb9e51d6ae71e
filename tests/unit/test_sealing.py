"""Secrets that tools made: stored sealed, and read again with the desk's own key only."""

import pytest

from chalicelib.services import signing
from chalicelib.services.signing import Forged, derived, seal, unseal


@pytest.fixture(autouse=True)
def _own_key(monkeypatch):
    monkeypatch.setattr(signing, "signing_key", lambda: b"k" * 32)


def test_what_was_sealed_can_be_read_again():
    assert "s3cret" not in seal("s3cret")
    assert unseal(seal("s3cret")) == "s3cret"


def test_another_key_reads_nothing(monkeypatch):
    sealed = seal("s3cret")
    monkeypatch.setattr(signing, "signing_key", lambda: b"x" * 32)
    with pytest.raises(Forged):
        unseal(sealed)


@pytest.mark.parametrize("text", ["", "nonsense", "gAAAAA"])
def test_nonsense_is_refused(text):
    with pytest.raises(Forged):
        unseal(text)


def test_what_is_derived_is_the_same_each_time_and_differs_by_purpose():
    assert derived("a", "x", "1") == derived("a", "x", "1")
    assert len({derived("a", "x", "1"), derived("b", "x", "1"), derived("a", "x", "2")}) == 3
    assert len(derived("a", "x")) == 32
