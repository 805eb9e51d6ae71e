"""Makes a DynamoDB table with its indexes, stream and expiry, and adds an index it lacks."""

from collections.abc import Callable
from typing import Any

PLAIN_SETTINGS = {"TableName", "AttributeDefinitions", "KeySchema", "BillingMode"}


def make_table(aws: Callable[[str], Any], properties: dict[str, Any]) -> dict[str, str]:
    dynamodb = aws("dynamodb")
    name = properties["TableName"]
    try:
        table = dynamodb.describe_table(TableName=name)["Table"]
        _add_missing_indexes(dynamodb, table, properties)
    except dynamodb.exceptions.ResourceNotFoundException:
        table = dynamodb.create_table(**_creation(properties))["TableDescription"]
        _set_expiry(dynamodb, name, properties)
    return {"Ref": name, "Arn": table["TableArn"], "StreamArn": table.get("LatestStreamArn", "")}


def _creation(properties: dict[str, Any]) -> dict[str, Any]:
    wanted = {key: value for key, value in properties.items() if key in PLAIN_SETTINGS}
    if indexes := properties.get("GlobalSecondaryIndexes"):
        wanted["GlobalSecondaryIndexes"] = [_plain_index(index) for index in indexes]
    if stream := properties.get("StreamSpecification"):
        view = stream["StreamViewType"]
        wanted["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": view}
    return wanted


def _plain_index(index: dict[str, Any]) -> dict[str, Any]:
    return {key: index[key] for key in ("IndexName", "KeySchema", "Projection")}


def _set_expiry(dynamodb: Any, name: str, properties: dict[str, Any]) -> None:
    if expiry := properties.get("TimeToLiveSpecification"):
        wanted = {"AttributeName": expiry["AttributeName"], "Enabled": True}
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)


def _add_missing_indexes(dynamodb: Any, table: dict[str, Any], properties: dict[str, Any]) -> None:
    present = {index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])}
    for index in properties.get("GlobalSecondaryIndexes", []):
        if index["IndexName"] not in present:
            dynamodb.update_table(
                TableName=properties["TableName"],
                AttributeDefinitions=properties["AttributeDefinitions"],
                GlobalSecondaryIndexUpdates=[{"Create": _plain_index(index)}],
            )
