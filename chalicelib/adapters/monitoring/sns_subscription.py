"""Confirming a subscription of SNS: by its API, never by an address that a message names."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config as BotoConfig
from botocore.exceptions import ClientError

from chalicelib.adapters.monitoring import sns_signature
from chalicelib.adapters.monitoring.source import Delivery, Refused
from chalicelib.config import config

_PATIENCE = BotoConfig(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 3}
)
FINAL = {
    "AuthorizationError", "AuthorizationErrorException", "InvalidParameter",
    "InvalidParameterException", "NotFound", "NotFoundException", "SubscriptionLimitExceeded",
}  # fmt: skip


def confirm(delivery: Delivery) -> None:
    """Confirm, if the delivery asks for it and is proven. Raises Refused where SNS says no."""
    data = sns_signature.message_of(delivery)
    if data.get("Type") != sns_signature.SUBSCRIPTION:
        return
    topic = sns_signature.allowed_topic(data, delivery.options)
    try:
        _client(sns_signature.region_of(topic)).confirm_subscription(
            TopicArn=topic, Token=str(data.get("Token"))
        )
    except ClientError as error:
        said = error.response.get("Error", {})
        if said.get("Code") not in FINAL:
            raise
        raise Refused(f"SNS did not confirm the subscription: {said.get('Message')}") from error


@cache
def _client(region: str) -> Any:
    """A topic may lie in another region than the desk."""
    return boto3.client(
        "sns", region_name=region, endpoint_url=config.endpoint_url, config=_PATIENCE
    )
