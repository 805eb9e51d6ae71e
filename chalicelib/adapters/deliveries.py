"""S3: webhook bodies that are too large for a queue message."""

from chalicelib.adapters.aws import client
from chalicelib.config import config


def store(key: str, body: bytes) -> None:
    client("s3").put_object(Bucket=config.deliveries_bucket, Key=key, Body=body)


def fetch(key: str) -> bytes:
    answer = client("s3").get_object(Bucket=config.deliveries_bucket, Key=key)
    return bytes(answer["Body"].read())
