"""The one source of time."""

from datetime import UTC, datetime

import time_machine

from chalicelib.adapters import clock
from tests.cast import MONDAY_9


def test_the_systems_time_is_aware_and_utc():
    clock.use(None)
    with time_machine.travel(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
        assert clock.now().utcoffset() is not None


def test_the_source_can_be_replaced_and_put_back():
    clock.use(lambda: MONDAY_9)
    assert clock.now() == MONDAY_9
    clock.use(None)
    assert clock.now() != MONDAY_9
