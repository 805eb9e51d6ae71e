"""What several integration tests begin with."""

import pytest

from tests.integration.alertmanager import connect


@pytest.fixture
def alertmanager(cloud: None) -> None:
    """An empty desk that one Alertmanager reports to."""
    connect()
