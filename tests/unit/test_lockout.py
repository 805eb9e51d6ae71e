"""How long one waits after failed sign-ins, and what a session remembers of a browser."""

from datetime import timedelta

import pytest

from chalicelib.domain.browsers import short_name
from chalicelib.domain.lockout import (
    ATTACKED_FROM,
    FREE_OF_A_BLOCK,
    LONGEST_WAIT,
    wait_after,
    wait_of_block,
)


def seconds(*waits: timedelta) -> list[int]:
    return [int(one.total_seconds()) for one in waits]


def test_the_first_failures_cost_nothing_and_each_further_one_twice_as_much():
    waits = [wait_after(failures, failures) for failures in range(1, 13)]
    assert seconds(*waits) == [0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900]


def test_nobody_waits_longer_than_the_cap_however_often_it_was_tried():
    assert wait_after(10**9, 10**9) == wait_of_block(10**9) == LONGEST_WAIT


def test_under_attack_a_fresh_block_has_a_try_at_once_and_then_waits():
    assert seconds(wait_after(1, ATTACKED_FROM), wait_after(2, ATTACKED_FROM)) == [15, 30]


def test_a_block_may_fail_often_before_it_waits():
    assert seconds(wait_of_block(FREE_OF_A_BLOCK - 1), wait_of_block(FREE_OF_A_BLOCK)) == [0, 15]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
         "Firefox on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 "
         "Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
         "Edge on Linux"),
        ("<script>alert(1)</script>", "A browser"),
        (None, "A browser"),
    ],
)  # fmt: skip
def test_a_browser_has_a_short_name_and_nothing_of_its_header(header, name):
    assert short_name(header) == name
