"""What several integration tests begin with."""

import pytest

from tests.integration.browser import Browser


@pytest.fixture
def guest(cloud: None) -> Browser:
    """Somebody at the portal, on a Monday at nine."""
    return Browser()
