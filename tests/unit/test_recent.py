"""A signed timestamp: recent, or refused with words, whatever stands there."""

import pytest

from chalicelib.adapters.monitoring.authentication import check_recent
from chalicelib.adapters.monitoring.source import Refused
from tests.cast import MONDAY_9

NOW = int(MONDAY_9.timestamp())


@pytest.mark.parametrize("told", [NOW, NOW - 299, NOW + 299])
def test_five_minutes_are_allowed_either_way(told):
    check_recent(str(told), MONDAY_9)


@pytest.mark.parametrize("told", [NOW - 301, NOW + 301, "", "soon", "1e9", "-1", "9" * 400, "٣"])
def test_anything_else_is_refused(told):
    with pytest.raises(Refused):
        check_recent(str(told), MONDAY_9)
