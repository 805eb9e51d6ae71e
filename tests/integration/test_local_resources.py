"""The description in infra/resources.yaml becomes the same resources wherever it is created."""

import json
from typing import Any

import boto3
import pytest

from infra.local import resources, template
from infra.local.tables import make_table

STAGE = "spare"
DESCRIBED = template.read(resources.DESCRIPTION)["Resources"].values()


def described(kind: str) -> list[dict[str, Any]]:
    return [one["Properties"] for one in DESCRIBED if one.get("Type") == kind]


def named(properties: dict[str, Any], key: str) -> str:
    name: str = properties[key]["Fn::Sub"].replace("${Stage}", STAGE)
    return name


TABLES = described("AWS::DynamoDB::Table")
QUEUES = described("AWS::SQS::Queue")


@pytest.fixture(scope="module")
def environment(_cloud: None) -> dict[str, str]:
    return resources.create(STAGE, public_url="http://127.0.0.1:8000")


def client(service: str) -> Any:
    return boto3.client(service, region_name=resources.REGION)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: named(table, "TableName"))
def test_a_table_has_the_keys_indexes_stream_and_expiry_described(
    environment: dict[str, str], table: dict[str, Any]
) -> None:
    name = named(table, "TableName")
    made = client("dynamodb").describe_table(TableName=name)["Table"]
    expiry = client("dynamodb").describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert made["KeySchema"] == table["KeySchema"]
    assert indexes_of(made) == indexes_of(table)
    assert view_of(made) == view_of(table)
    wanted = table.get("TimeToLiveSpecification", {}).get("AttributeName")
    assert expiry.get("AttributeName") == wanted


def indexes_of(table: dict[str, Any]) -> list[tuple[str, list[Any], str, list[str]]]:
    return sorted(
        (
            index["IndexName"],
            index["KeySchema"],
            index["Projection"]["ProjectionType"],
            sorted(index["Projection"].get("NonKeyAttributes", [])),
        )
        for index in table.get("GlobalSecondaryIndexes", [])
    )


def view_of(table: dict[str, Any]) -> str | None:
    view: str | None = table.get("StreamSpecification", {}).get("StreamViewType")
    return view


@pytest.mark.parametrize("queue", QUEUES, ids=lambda queue: named(queue, "QueueName"))
def test_a_queue_has_the_dead_letters_and_the_visibility_described(
    environment: dict[str, str], queue: dict[str, Any]
) -> None:
    made = attributes_of(named(queue, "QueueName"))
    assert made["VisibilityTimeout"] == str(queue.get("VisibilityTimeout", 30))
    assert ("RedrivePolicy" in made) == ("RedrivePolicy" in queue)
    if "RedrivePolicy" in queue:
        redrive = json.loads(made["RedrivePolicy"])
        assert redrive["deadLetterTargetArn"] == made["QueueArn"] + "-dead"
        assert int(redrive["maxReceiveCount"]) == queue["RedrivePolicy"]["maxReceiveCount"]


def attributes_of(queue_name: str) -> dict[str, str]:
    url = client("sqs").get_queue_url(QueueName=queue_name)["QueueUrl"]
    answer = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    attributes: dict[str, str] = answer["Attributes"]
    return attributes


def test_the_environment_names_what_was_made(environment: dict[str, str]) -> None:
    assert environment["RESOURCE_PREFIX"] == "helpdesk-spare"
    assert environment["PUBLIC_URL"] == "http://127.0.0.1:8000"
    buckets = {bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]}
    assert {environment["ATTACHMENTS_BUCKET"], environment["DELIVERIES_BUCKET"]} <= buckets
    secret = client("secretsmanager").get_secret_value(SecretId=environment["SIGNING_SECRET_ID"])
    assert len(secret["SecretString"]) >= 32


def test_people_sign_in_to_the_user_pool_with_a_password(environment: dict[str, str]) -> None:
    cognito, pool = client("cognito-idp"), environment["USER_POOL_ID"]
    cognito.admin_create_user(UserPoolId=pool, Username="alice@example.com")
    cognito.admin_set_user_password(
        UserPoolId=pool, Username="alice@example.com", Password="Long enough 1!", Permanent=True
    )
    answer = cognito.initiate_auth(
        ClientId=environment["USER_POOL_CLIENT_ID"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "alice@example.com", "PASSWORD": "Long enough 1!"},
    )
    assert "AccessToken" in answer["AuthenticationResult"]


def test_creating_again_changes_nothing(environment: dict[str, str]) -> None:
    assert resources.create(STAGE, public_url="http://127.0.0.1:8000") == environment


def test_creating_again_adds_an_index_that_was_missing(environment: dict[str, str]) -> None:
    dynamodb = client("dynamodb")
    update = {"Delete": {"IndexName": "due"}}
    dynamodb.update_table(TableName="helpdesk-spare-tickets", GlobalSecondaryIndexUpdates=[update])
    resources.create(STAGE)
    made = dynamodb.describe_table(TableName="helpdesk-spare-tickets")["Table"]
    assert "due" in {index["IndexName"] for index in made["GlobalSecondaryIndexes"]}


def test_a_table_made_before_it_had_a_stream_gets_one(_cloud: None) -> None:
    described = {
        "TableName": "helpdesk-older-people",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "person_id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "person_id", "KeyType": "HASH"}],
    }
    assert make_table(client, described)["StreamArn"] == ""
    described |= {"StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"}}
    arn = make_table(client, described)["StreamArn"]
    assert arn
    assert make_table(client, described)["StreamArn"] == arn


def test_the_staff_index_holds_what_it_names_and_nobody_who_does_not_work_here(
    environment: dict[str, str],
) -> None:
    dynamodb, name = client("dynamodb"), "helpdesk-spare-people"
    ana = {"person_id": {"S": "P-1"}, "desk": {"S": "staff"}, "name": {"S": "Ana"}}
    rosa = {"person_id": {"S": "C-1"}, "name": {"S": "Rosa"}, "email": {"S": "rosa@lb.example"}}
    for item in (ana | {"email": {"S": "ana@desk.example"}}, rosa):
        dynamodb.put_item(TableName=name, Item=item)
    found = dynamodb.query(
        TableName=name,
        IndexName="staff",
        KeyConditionExpression="desk = :desk",
        ExpressionAttributeValues={":desk": {"S": "staff"}},
    )
    assert found["Items"] == [ana]
