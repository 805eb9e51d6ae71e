"""S3: forms by which browsers upload, the files themselves, and links that open them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import boto3
from botocore.config import Config as BotoConfig
from botocore.exceptions import ClientError

from chalicelib.adapters.aws import PATIENCE
from chalicelib.config import config
from chalicelib.domain.attachments import STORED_AS

MISSING = {"NoSuchKey", "NoSuchVersion", "InvalidRange", "404"}
NAME = "x-amz-meta-name"
SCANNED_AS = "GuardDutyMalwareScanStatus"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!"
ONE_PAGE = 1000


class Missing(Exception):
    """There is no such file."""


@dataclass(frozen=True)
class Found:
    """A file as it lies there, with its first bytes; `name` only where a plain form gave one."""

    size: int
    type: str
    version: str
    first: bytes
    name: str | None


def upload_form(
    key: str, sizes: tuple[int, int], lives: timedelta, back_to: str | None = None
) -> dict[str, Any]:
    """`{url, fields}` of a form that may send one file: under this key, of such a size.

    With `back_to` a browser is sent there after it, and the file's name is kept beside it.
    """
    fields = {"Content-Type": STORED_AS}
    conditions: list[Any] = [{"Content-Type": STORED_AS}, ["content-length-range", *sizes]]
    if back_to:
        fields |= {"success_action_redirect": back_to, NAME: "${filename}"}
        conditions += [{"success_action_redirect": back_to}, ["starts-with", f"${NAME}", ""]]
    form: dict[str, Any] = _s3().generate_presigned_post(
        config.attachments_bucket, key, fields, conditions, int(lives.total_seconds())
    )
    return form


def look(key: str, first: int) -> Found:
    """Size, type and first bytes of what lies there, in one call. Raises Missing."""
    got = _get(Key=key, Range=f"bytes=0-{first - 1}")
    whole = int(str(got["ContentRange"]).rpartition("/")[2])
    name = got["Metadata"].get(NAME.removeprefix("x-amz-meta-"))
    return Found(whole, got["ContentType"], got["VersionId"], got["Body"].read(), name)


def move(key: str, version: str, to: str) -> str:
    """Copy this version, and nothing that was told of it; answers the copy's. Raises Missing."""
    source = {"Bucket": config.attachments_bucket, "Key": key, "VersionId": version}
    with _missing():
        copied = _s3().copy_object(
            Bucket=config.attachments_bucket, Key=to, CopySource=source, ContentType=STORED_AS,
            MetadataDirective="REPLACE", TaggingDirective="REPLACE",
        )  # fmt: skip
    return str(copied["VersionId"])


def link(key: str, lives: timedelta, answers: Mapping[str, str]) -> str:
    """An address that opens a file for a short time; `answers` are S3's words for headers."""
    wanted = {"Bucket": config.attachments_bucket, "Key": key, **answers}
    signed = _s3().generate_presigned_url("get_object", wanted, int(lives.total_seconds()))
    return str(signed)


def put(key: str, content: bytes, content_type: str = STORED_AS) -> None:
    """What the desk itself writes, in place of what may be there."""
    _s3().put_object(
        Bucket=config.attachments_bucket, Key=key, Body=content, ContentType=content_type
    )


def read(key: str) -> bytes:
    """The whole of it. Raises Missing."""
    return bytes(_get(Key=key)["Body"].read())


def erase(key: str) -> None:
    """Delete every version; once more is no mistake."""
    _erase(key, lambda found: found == key)


def erase_below(prefix: str) -> None:
    """Every version of all whose keys begin so."""
    _erase(prefix, lambda found: True)


def _erase(prefix: str, wanted: Callable[[str], bool]) -> None:
    asked = {"Bucket": config.attachments_bucket, "Prefix": prefix, "MaxKeys": ONE_PAGE}
    while True:
        page = _s3().list_object_versions(**asked)
        held = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        _delete([one for one in held if wanted(one["Key"])])
        if not page.get("IsTruncated"):
            return
        asked |= {
            "KeyMarker": page["NextKeyMarker"],
            "VersionIdMarker": page["NextVersionIdMarker"],
        }


def erase_version(key: str, version: str) -> None:
    _delete([{"Key": key, "VersionId": version}])


def verdict(key: str, version: str) -> str | None:
    """What the scanner says in GuardDuty's words, None while it says nothing. Raises Missing."""
    if config.file_scanner == "eicar":
        return _stub_verdict(key, version)
    with _missing():
        answer = _s3().get_object_tagging(
            Bucket=config.attachments_bucket, Key=key, VersionId=version
        )
    told = {one["Key"]: one["Value"] for one in answer["TagSet"]}
    return told.get(SCANNED_AS)


def _stub_verdict(key: str, version: str) -> str:
    """Where nothing is at stake: knows the one string that every scanner knows."""
    content = _get(Key=key, VersionId=version)["Body"].read()
    return "THREATS_FOUND" if EICAR in content else "NO_THREATS_FOUND"


def _get(**asked: str) -> dict[str, Any]:
    with _missing():
        got: dict[str, Any] = _s3().get_object(Bucket=config.attachments_bucket, **asked)
    return got


def _delete(versions: list[dict[str, Any]]) -> None:
    if not versions:
        return
    objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in versions]
    answer = _s3().delete_objects(
        Bucket=config.attachments_bucket, Delete={"Objects": objects, "Quiet": True}
    )
    if answer.get("Errors"):
        raise RuntimeError(f"{len(answer['Errors'])} versions of a file could not be deleted")


@contextmanager
def _missing() -> Iterator[None]:
    """Turns S3's words for what is not there into Missing."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING:
            raise Missing from error
        raise


@cache
def _s3() -> Any:
    """Signs for the bucket's own address in its region, so that browsers meet no redirect."""
    style = "path" if config.endpoint_url else "virtual"
    return boto3.client(
        "s3", region_name=config.region, endpoint_url=config.endpoint_url,
        config=PATIENCE.merge(BotoConfig(
            signature_version="s3v4",
            s3={"addressing_style": style, "us_east_1_regional_endpoint": "regional"},
        )),
    )  # fmt: skip
