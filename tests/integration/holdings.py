"""All that the desk holds, wherever it lies: rows, messages, and files in every version."""

import json
from collections.abc import Iterator

from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends

from tests import aws


def holding(*words: str) -> list[str]:
    """Where any of these is found, whether in small letters or not."""
    wanted = [one.casefold() for one in words]
    return sorted({place for place, text in everything() if any(
        one in text.casefold() for one in wanted)})  # fmt: skip


def everything() -> Iterator[tuple[str, str]]:
    """Places and what they hold."""
    yield from rows()
    yield from messages()
    yield from objects()


def rows() -> Iterator[tuple[str, str]]:
    for name, table in dynamodb_backends[DEFAULT_ACCOUNT_ID][aws.REGION].tables.items():
        for row in table.all_items():
            kept = row.to_json()["Attributes"]
            yield name.removeprefix(f"{aws.PREFIX}-"), json.dumps(kept, ensure_ascii=False)


def messages() -> Iterator[tuple[str, str]]:
    for name, queue in sqs_backends[DEFAULT_ACCOUNT_ID][aws.REGION].queues.items():
        for message in queue._messages:
            yield f"queue {name}", message.body


def objects() -> Iterator[tuple[str, str]]:
    for bucket in s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.values():
        for key in bucket.keys.values():
            for version in bucket.keys.getlist(key.name):
                if hasattr(version, "value"):
                    told = version.value.decode("utf-8", "replace") + str(version.metadata)
                    yield f"object {key.name.partition('/')[0]}", told


def empty_buckets() -> None:
    """Other tests leave files behind."""
    for bucket in s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.values():
        bucket.keys.clear()
