"""Makes a DynamoDB table with its indexes, stream and expiry; adds an index or stream it lacks."""

from collections.abc import Callable
from typing import Any

PLAIN_SETTINGS = {"TableName", "AttributeDefinitions", "KeySchema", "BillingMode"}


def make_table(aws: Callable[[str], Any], properties: dict[str, Any]) -> dict[str, str]:
    dynamodb = aws("dynamodb")
    name = properties["TableName"]
    try:
        table = dynamodb.describe_table(TableName=name)["Table"]
        _add_missing_indexes(dynamodb, table, properties)
        table = _with_stream(dynamodb, table, properties)
    except dynamodb.exceptions.ResourceNotFoundException:
        table = dynamodb.create_table(**_creation(properties))["TableDescription"]
        _set_expiry(dynamodb, name, properties)
    return {"Ref": name, "Arn": table["TableArn"], "StreamArn": table.get("LatestStreamArn", "")}


def _creation(properties: dict[str, Any]) -> dict[str, Any]:
    wanted = {key: value for key, value in properties.items() if key in PLAIN_SETTINGS}
    if indexes := properties.get("GlobalSecondaryIndexes"):
        wanted["GlobalSecondaryIndexes"] = [_plain_index(index) for index in indexes]
    return wanted | _stream(properties)


def _stream(properties: dict[str, Any]) -> dict[str, Any]:
    described = properties.get("StreamSpecification")
    return {"StreamSpecification": {"StreamEnabled": True, **described}} if described else {}


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


def _with_stream(
    dynamodb: Any, table: dict[str, Any], properties: dict[str, Any]
) -> dict[str, Any]:
    wanted = _stream(properties)
    if not wanted or table.get("StreamSpecification", {}).get("StreamEnabled"):
        return table
    answer = dynamodb.update_table(TableName=properties["TableName"], **wanted)
    changed: dict[str, Any] = answer["TableDescription"]
    return changed
