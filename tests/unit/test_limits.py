"""Limits: who is counted together, and what a bucket says of itself."""

from datetime import timedelta

import pytest

from chalicelib.domain.links import is_key
from chalicelib.domain.rates import Rate
from chalicelib.handlers.problems import rate_headers
from chalicelib.services import limits

TEN_AN_HOUR = Rate("ten", 10, timedelta(hours=1))


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("203.0.113.250", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2ff::1", "2001:db8:1:200::/56"),
        ("2001:db8:1:2aa:5::9", "2001:db8:1:200::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", "unknown"),
        (None, "unknown"),
        ("10.0.0.1, 10.0.0.2", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_neighbours_are_counted_together(address, block):
    assert limits.block_of(address) == block


def test_a_full_bucket_has_all_but_the_one_just_taken():
    standing = TEN_AN_HOUR.standing(full_at_ms=360_000, now_ms=0)
    assert (standing.left, standing.wait) == (9, 0)


def test_an_empty_bucket_says_when_the_next_token_comes():
    standing = TEN_AN_HOUR.standing(full_at_ms=3_600_000, now_ms=0)
    assert (standing.left, standing.wait) == (0, 360)


def test_the_headers_are_those_of_the_draft():
    assert rate_headers(TEN_AN_HOUR.emptied()) == {
        "RateLimit-Policy": '"ten";q=10;w=3600',
        "RateLimit": '"ten";r=0;t=360',
    }


@pytest.mark.parametrize("words", [1, 59, 99, 100, 3600])
def test_a_refusal_says_how_long_to_wait(words):
    error = limits.refusal(Rate("one", 1, timedelta(seconds=words)))
    assert error.retry_after == words
    assert "wait" in str(error)


NO_KEYS = (None, "", " ", "short", " " * 43, "a" * 42, "a" * 44, "é" * 43, "a" * 42 + "\n",
           "\x00" * 43, "a" * 21 + "." + "a" * 21)  # fmt: skip


@pytest.mark.parametrize("text", NO_KEYS)
def test_what_cannot_be_a_key_is_never_looked_up(text):
    assert not is_key(text)
