"""AWS faked at the wire, one desk for the whole run, emptied before each test."""

import os
from collections.abc import Iterator

os.environ.update(
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",
    AWS_REGION="us-east-1",
    AWS_DEFAULT_REGION="us-east-1",
    STAGE="test",
    RESOURCE_PREFIX="helpdesk-test",
    PUBLIC_URL="https://desk.example",
    MAIL_FROM="help@desk.example",
    POWERTOOLS_TRACE_DISABLED="true",
    POWERTOOLS_SERVICE_NAME="tierline",
    POWERTOOLS_METRICS_NAMESPACE="Tierline",
)
os.environ.pop("AWS_ENDPOINT_URL", None)

import pytest
from moto import mock_aws

from tests import aws


@pytest.fixture(scope="session")
def _cloud() -> Iterator[None]:
    with mock_aws():
        aws.build()
        yield


@pytest.fixture
def cloud(_cloud: None) -> None:
    """An empty desk on a faked AWS."""
    aws.empty()
