"""Kills a piece of work at any of its calls to AWS, and puts the world back as it was."""

from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from functools import partial
from typing import Any

import botocore.client
import pytest
from botocore.exceptions import ReadTimeoutError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from tests import aws

Work = Callable[[], object]
READS = ("Get", "BatchGet", "Query", "List", "Head", "Receive")


class Killed(BaseException):
    """The process is gone; nothing of it may catch this."""


def killed(ask: Callable[[], object]) -> object:
    raise Killed


def unanswered(ask: Callable[[], object]) -> object:
    ask()
    raise ReadTimeoutError(endpoint_url="https://aws.example")


def cut_off(piece: Work, call: int, how: Callable[..., object], *, writes: bool = False) -> bool:
    """Whether it came to its end before it made so many calls, or so many that write."""
    original, made = botocore.client.BaseClient._make_api_call, []

    def dying(client, operation, asked):
        ask = partial(original, client, operation, asked)
        if writes and operation.startswith(READS):
            return ask()
        made.append(operation)
        return how(ask) if len(made) == call else ask()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.client.BaseClient, "_make_api_call", dying)
        with suppress(Killed, Exception):
            piece()
    return len(made) < call


def copy_of_all() -> tuple[dict[str, Any], ...]:
    """What tables, their streams and the queues hold."""
    tables, queues = stores()
    return (
        {name: deepcopy(one.items) for name, one in tables.items()},
        {name: list(one.stream_shard.items) for name, one in tables.items() if one.stream_shard},
        {name: list(one._messages) for name, one in queues.items()},
    )


def put_back(kept: tuple[dict[str, Any], ...]) -> None:
    (items, streamed, queued), (tables, queues) = kept, stores()
    for name, one in tables.items():
        one.items = deepcopy(items[name])
        if name in streamed:
            one.stream_shard.items = list(streamed[name])
    for name, one in queues.items():
        one._messages[:] = queued[name]


def stores() -> tuple[dict[str, Any], dict[str, Any]]:
    dynamodb, sqs = (
        one[DEFAULT_ACCOUNT_ID][aws.REGION] for one in (dynamodb_backends, sqs_backends)
    )
    return dynamodb.tables, sqs.queues
