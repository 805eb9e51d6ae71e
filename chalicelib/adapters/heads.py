"""S3, locked: what the audit's chain ended with, where nobody can write it anew."""

import json
from collections.abc import Iterator
from typing import Any

from chalicelib.adapters.aws import client
from chalicelib.config import config

PREFIX = "heads/"


def note(name: str, head: dict[str, Any]) -> None:
    """Keep what is said under a name; a second one of that name is kept beside the first."""
    if config.audit_bucket:
        key, body = f"{PREFIX}{name}.json", json.dumps(head).encode()
        client("s3").put_object(Bucket=config.audit_bucket, Key=key, Body=body)


def noted() -> Iterator[dict[str, Any]]:
    """All that was kept, every version of it; needs rights that no function has."""
    if not config.audit_bucket:
        return
    pages = client("s3").get_paginator("list_object_versions")
    for page in pages.paginate(Bucket=config.audit_bucket, Prefix=PREFIX):
        for one in page.get("Versions", []):
            where = {"Bucket": config.audit_bucket, "Key": one["Key"]}
            found = client("s3").get_object(**where, VersionId=one["VersionId"])
            yield json.loads(found["Body"].read())
