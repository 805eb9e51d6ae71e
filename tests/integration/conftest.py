"""What several integration tests begin with."""

import pytest

from tests.integration.alertmanager import connect
from tests.integration.browser import Browser


@pytest.fixture
def alertmanager(cloud: None) -> None:
    """An empty desk that one Alertmanager reports to."""
    connect()


@pytest.fixture
def guest(cloud: None) -> Browser:
    """Somebody at the portal, on a Monday at nine."""
    return Browser()
