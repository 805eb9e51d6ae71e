"""What several integration tests begin with."""

import pytest

from chalicelib.domain.integrations import Integration
from tests.integration.browser import Browser
from tests.integration.monitoring import connect


@pytest.fixture
def guest(cloud: None) -> Browser:
    """Somebody at the portal, on a Monday at nine."""
    return Browser()


@pytest.fixture
def prometheus(cloud: None) -> Integration:
    """A Prometheus that reports to us, on a calm day."""
    return connect(storm_size=0)


@pytest.fixture
def stormy(cloud: None) -> Integration:
    """A Prometheus of which four problems of one service are a storm."""
    return connect(storm_size=3, storm_within=300)
