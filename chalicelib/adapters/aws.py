"""Clients for AWS services, one of each in a process."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config as BotoConfig

from chalicelib.config import config

PATIENCE = BotoConfig(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 5}
)


@cache
def client(service: str) -> Any:
    """A client with short time-outs and bounded retries, made at first use."""
    return boto3.client(
        service,  # type: ignore[call-overload]
        region_name=config.region,
        endpoint_url=config.endpoint_url,
        config=PATIENCE,
    )
