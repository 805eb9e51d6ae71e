"""The store of a stage's bundles: a private bucket, each file under a key made of its content."""

import hashlib
import json
from copy import deepcopy
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.aws import Clients
from infra.packaging import Bundle

CODE_LOCATIONS = ("CodeUri", "ContentUri")
DEFAULT_REGION = "us-east-1"  # the one that a bucket's location must not name
CLOSED = dict.fromkeys(
    ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
)
ENCRYPTED = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}

Template = dict[str, Any]


@dataclass(frozen=True)
class Published:
    """A template that names uploaded code, and the address where it lies itself."""

    template: Template
    address: str


def publish(aws: Clients, stage: str, bundle: Bundle, template: Template) -> Published:
    """Upload what the stage's store has not yet: the bundle's archives, then `template`."""
    store = _open(aws, stage)
    places = {archive.name: _keep(store, archive) for archive in bundle.archives}
    located = _with_code_at(places, template)
    text = json.dumps(located, sort_keys=True).encode()
    key = f"template-{hashlib.sha256(text).hexdigest()}.json"
    store.s3.put_object(Bucket=store.bucket, Key=key, Body=text)
    return Published(located, f"{store.s3.meta.endpoint_url}/{store.bucket}/{key}")


@dataclass(frozen=True)
class _Store:
    s3: Any
    bucket: str


def _open(aws: Clients, stage: str) -> _Store:
    account = aws("sts").get_caller_identity()["Account"]
    store = _Store(aws("s3"), f"helpdesk-{stage}-artifacts-{account}")
    if not _exists(store, account):
        _create(store)
    return store


def _exists(store: _Store, account: str) -> bool:
    """Raises ClientError for a bucket of that name in another account: code may not go there."""
    try:
        store.s3.head_bucket(Bucket=store.bucket, ExpectedBucketOwner=account)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != HTTPStatus.NOT_FOUND:
            raise
        return False
    return True


def _create(store: _Store) -> None:
    s3, bucket, region = store.s3, store.bucket, store.s3.meta.region_name
    place = {} if region == DEFAULT_REGION else {"LocationConstraint": region}
    location = {"CreateBucketConfiguration": place} if place else {}
    s3.create_bucket(Bucket=bucket, ObjectOwnership="BucketOwnerEnforced", **location)
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=CLOSED)
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=ENCRYPTED)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def _keep(store: _Store, archive: Path) -> str:
    """The archive's address in the store; what lies there already is not sent again."""
    key = f"{archive.stem}-{_content_hash(archive)}.zip"
    if not store.s3.list_objects_v2(Bucket=store.bucket, Prefix=key, MaxKeys=1)["KeyCount"]:
        store.s3.upload_file(str(archive), store.bucket, key)
    return f"s3://{store.bucket}/{key}"


def _content_hash(archive: Path) -> str:
    with archive.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _with_code_at(places: dict[str, str], template: Template) -> Template:
    located = deepcopy(template)
    for resource in located["Resources"].values():
        properties = resource.get("Properties", {})
        for key in CODE_LOCATIONS:
            if key in properties:
                properties[key] = places[properties[key].removeprefix("./")]
    return located
