"""A small bundle to deploy on the faked AWS, and what is there then."""

import json
import zipfile
from pathlib import Path
from typing import Any

import boto3
from moto.core import DEFAULT_ACCOUNT_ID

from infra import deploy

STAGE = "trial"
STACK = "helpdesk-trial"
STORE = f"helpdesk-trial-artifacts-{DEFAULT_ACCOUNT_ID}"
SENDER = "help@desk.example"


def client(service: str) -> Any:
    return boto3.client(service)


def table(name: str, key: str = "ticket_id") -> dict[str, Any]:
    return {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
        },
    }


class Release:
    """A bundle on disk, without the transform and the functions that the faked AWS cannot take."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.resources = {"Tickets": table("trial-tickets")}
        for name in ("deployment.zip", "layer-deployment.zip"):
            with zipfile.ZipFile(directory / name, "w") as archive:
                archive.writestr("app.py", name)

    def deploy(self, *options: str) -> int:
        template = {
            "Parameters": {
                "Stage": {"Type": "String", "Default": STAGE},
                "MailFrom": {"Type": "String", "Default": "help@example.com"},
            },
            "Resources": self.resources,
        }
        (self.directory / "template.json").write_text(json.dumps(template))
        return deploy.main([str(self.directory), "--stage", STAGE, *options])


def stacks() -> dict[str, str]:
    found = client("cloudformation").describe_stacks()["Stacks"]
    return {stack["StackName"]: stack["StackStatus"] for stack in found}


def parameters() -> dict[str, str]:
    (stack,) = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}


def change_sets() -> list[Any]:
    found = client("cloudformation").list_change_sets(StackName=STACK)["Summaries"]
    return [each for each in found if each["ExecutionStatus"] != "EXECUTE_COMPLETE"]


def tables() -> set[str]:
    names = client("dynamodb").list_tables()["TableNames"]
    return {name for name in names if name.startswith("trial-")}
