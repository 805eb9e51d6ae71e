"""Sends files as a browser would, to the faked S3 or a real emulator."""

import json
import re
from typing import Any

import boto3
import urllib3

from chalicelib.config import config
from chalicelib.domain.attachments import STORED_AS
from chalicelib.models.attachment import Attachment
from chalicelib.services.uploads import incoming
from tests import aws
from tests.integration.api import Api

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def bucket() -> Any:
    return boto3.client("s3", region_name=aws.REGION)


def send(form: dict[str, Any], content: bytes, name: str = "x") -> urllib3.BaseHTTPResponse:
    """POST a signed form with its file, as browsers do."""
    fields = [*form["fields"].items(), ("file", (name, content, "text/html"))]
    body, content_type = urllib3.encode_multipart_formdata(fields)
    headers = {"Content-Type": content_type}
    return urllib3.request("POST", form["url"], body=body, headers=headers, redirect=False)


def put(key: str, content: bytes, content_type: str = STORED_AS, **more: Any) -> None:
    """What S3 has after a form was sent; moto does not judge forms, the emulator does."""
    where = {"Bucket": config.attachments_bucket, "Key": key}
    bucket().put_object(**where, Body=content, ContentType=content_type, **more)


def uploaded(api: Api, content: bytes = b"hello", name: str = "note.txt") -> str:
    """A file that has arrived; answers what a message names it by."""
    asked = api.post("/uploads", {"name": name, "size": len(content)})
    assert asked.status == 201, asked.body
    put(asked.json["fields"]["key"], content)
    return str(asked.json["upload"])


def settled() -> None:
    """Tell the files queue what happened, and work it off."""
    from chalicelib.handlers.workers.files import check_files
    from tests.integration.lambdas import relay, work

    relay()
    for message in aws.queued("files"):
        assert work(check_files, [message]) == {"batchItemFailures": []}


def row(attachment: dict[str, Any]) -> Attachment:
    return Attachment.get(attachment["id"])


def held(attachment_id: str) -> list[str]:
    """The keys of all versions that the bucket holds of a file."""
    found = bucket().list_object_versions(Bucket=config.attachments_bucket)
    return [one["Key"] for one in found.get("Versions", []) if one["Key"].endswith(attachment_id)]


def told(text: str) -> dict[str, Any]:
    """The JSON of an answer to a page's script."""
    answer: dict[str, Any] = json.loads(text)
    return answer


def s3_form(page: str) -> dict[str, Any]:
    """The form of the page without scripts, as `{url, fields}`."""
    part = re.search(r'action="([^"]+)" enctype="multipart/form-data">(.*?)</form>', page, re.S)
    assert part
    fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', part[2])
    plain = {name: value.replace("&amp;", "&") for name, value in fields}
    return {"url": part[1], "fields": plain}


def incoming_key(upload: str) -> str:
    """Where the file of an upload lies."""
    import base64

    payload = upload.partition(".")[0]
    signed = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return incoming(signed["v"][0])
