"""The AWS account that the shell is signed in to, and what it says when it refuses."""

from collections.abc import Callable
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
)

SIGN_IN = "No AWS credentials were found: sign in, or set AWS_PROFILE, and try again."
NO_REGION = "No AWS region is chosen: set AWS_DEFAULT_REGION, for example to eu-west-1."


Clients = Callable[[str], Any]


def account() -> Clients:
    """A maker of clients, one for each service."""
    session: Any = boto3.Session()
    return cache(session.client)


def sentence(error: BotoCoreError | ClientError) -> str:
    """Why it did not work, in one sentence and without a traceback."""
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return SIGN_IN
    if isinstance(error, NoRegionError):
        return NO_REGION
    if isinstance(error, ClientError):
        return f"AWS refused {error.operation_name}: {error.response['Error'].get('Message', '')}"
    return f"AWS could not be asked: {error}"
