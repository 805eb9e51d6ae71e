"""What the faults begin with: a desk that one Prometheus reports to, calm or stormy."""

import pytest

from tests.integration.monitoring import connect


@pytest.fixture
def prometheus(cloud):
    return connect(storm_size=0)


@pytest.fixture
def stormy(cloud):
    return connect(storm_size=3, storm_within=300)
