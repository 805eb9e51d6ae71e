"""The faked AWS: built once from infra/resources.yaml, emptied fast between tests."""

import json
import os
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.ses.models import ses_backends
from moto.sqs.models import sqs_backends

REGION = "us-east-1"
PREFIX = "helpdesk-test"


def build() -> None:
    """Create every table, queue, bucket, secret and the user pool."""
    from chalicelib.config import config
    from infra.local import resources

    given = resources.create(
        "test", mail_from=os.environ["MAIL_FROM"], public_url=os.environ["PUBLIC_URL"]
    )
    os.environ.update(given)
    config.reload()  # type: ignore[attr-defined]


def empty() -> None:
    from chalicelib.adapters import clock
    from chalicelib.services import limits, settings, staff
    from tests.cast import MONDAY_9

    for table in dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables.values():
        table.items.clear()
        if table.stream_shard:
            table.stream_shard.items.clear()
    for queue in sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues.values():
        queue._messages.clear()
    sent_mail_store().clear()
    limits.forget()
    settings.forget()
    staff.forget()
    clock.use(lambda: MONDAY_9)


def queued(name: str) -> list[dict[str, Any]]:
    """What lies in a queue now, as data; it is taken out."""
    queue = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues[f"{PREFIX}-{name}"]
    found = [json.loads(message.body) for message in queue._messages]
    queue._messages.clear()
    return found


def stream_of(name: str) -> list[dict[str, Any]]:
    """What a table's stream carries now, as its reader gets it; it is taken out."""
    shard = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[f"{PREFIX}-{name}"].stream_shard
    assert shard
    found = [record.to_json() for record in shard.items]
    shard.items.clear()
    return found


def sent_mail_store() -> list[Any]:
    return ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
