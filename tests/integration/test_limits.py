"""Limits in the store: how they run out, how they fill again, and what that costs."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import TooMany
from chalicelib.domain.rates import Rate
from chalicelib.models.quota import Bucket
from chalicelib.services import limits
from tests.cast import ANA, MONDAY_9, after
from tests.factories import employ_everyone
from tests.integration.api import Api
from tests.integration.counting import counted, writes

pytestmark = pytest.mark.usefixtures("cloud")

THREE = Rate("three", 3, timedelta(minutes=3))


def taken(times: int, at=MONDAY_9, subject="somebody", rate=THREE) -> int:
    """How many of so many tries are let through."""
    through = 0
    for _ in range(times):
        try:
            limits.take(rate, subject, at)
            through += 1
        except TooMany:
            continue
    return through


def test_a_bucket_gives_what_is_in_it_and_no_more():
    assert [limits.take(THREE, "x", MONDAY_9).left for _ in range(3)] == [2, 1, 0]
    with pytest.raises(TooMany) as refused:
        limits.take(THREE, "x", MONDAY_9)
    assert refused.value.retry_after == 60


def test_it_fills_token_by_token_and_never_above_its_rim():
    assert taken(5) == 3
    assert taken(5, after(seconds=59)) == 0
    assert taken(5, after(seconds=60)) == 1
    assert taken(5, after(seconds=180)) == 2
    assert taken(5, after(days=2)) == 3


def test_who_waits_as_long_as_told_gets_through():
    taken(3)
    with pytest.raises(TooMany) as refused:
        limits.take(THREE, "somebody", after(seconds=10))
    assert taken(1, after(seconds=10 + refused.value.retry_after)) == 1


def test_everybody_and_every_limit_has_a_bucket_of_its_own():
    assert taken(5) == taken(5, subject="another") == 3
    assert taken(5, rate=Rate("other", 3, timedelta(minutes=3))) == 3


def test_a_refused_try_takes_nothing():
    taken(50)
    assert taken(1, after(seconds=60)) == 1


def test_a_check_is_one_write_where_the_bucket_was_full_and_two_at_most(monkeypatch):
    with counted(monkeypatch) as calls:
        taken(1)
    assert writes(calls) == {"UpdateItem": 1}
    with counted(monkeypatch) as calls:
        taken(1)
    assert writes(calls) == {"UpdateItem": 2}


def test_no_address_can_be_read_in_the_store():
    limits.take(THREE, "203.0.113.0/24", MONDAY_9)
    (row,) = (one for one in Bucket.scan() if one.marker_id.startswith("limit#"))
    assert "203" not in row.marker_id
    assert row.expires_at > MONDAY_9.timestamp()


def test_usual_use_of_the_api_never_asks_the_store(monkeypatch):
    with counted(monkeypatch) as calls:
        for _ in range(limits.FREE_CALLS):
            limits.count_call("hash", MONDAY_9)
    assert not calls


def test_heavy_use_asks_it_once_for_many_calls(monkeypatch):
    with counted(monkeypatch) as calls:
        for _ in range(limits.FREE_CALLS + 2 * limits.LEASED_CALLS):
            limits.count_call("hash", MONDAY_9)
    assert calls["UpdateItem"] <= 3


def test_two_processes_share_what_one_token_may_do(monkeypatch):
    monkeypatch.setattr(type(limits.config), "api_calls_per_minute", 120, raising=False)
    got = 0
    for _ in range(3):  # each is a process that has just begun
        limits.forget()
        with pytest.raises(TooMany):
            for _ in range(1000):
                limits.count_call("hash", MONDAY_9)
                got += 1
    assert got == 3 * limits.FREE_CALLS + 120


def test_a_token_that_calls_too_often_is_told_when_to_come_back(monkeypatch):
    employ_everyone()
    ana = Api(ANA)
    monkeypatch.setattr(limits, "FREE_CALLS", 2)
    monkeypatch.setattr(type(limits.config), "api_calls_per_minute", 60, raising=False)
    answers = [ana.get("/people/me") for _ in range(70)]
    assert [one.status for one in answers[:62]] == [200] * 62
    refused = answers[-1]
    assert refused.status == 429
    assert refused.headers["Retry-After"] == "60"
    assert refused.headers["RateLimit-Policy"] == '"api";q=60;w=60'
    assert refused.headers["RateLimit"] == '"api";r=0;t=60'
    assert refused.json["status"] == 429
