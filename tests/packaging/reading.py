"""The packaged template, looked at by kind of resource."""

from collections.abc import Iterator
from typing import Any

Resource = dict[str, Any]


def of_type(resources: dict[str, Resource], kind: str) -> dict[str, Resource]:
    return {name: each for name, each in resources.items() if each["Type"] == kind}


def functions(resources: dict[str, Resource]) -> dict[str, Resource]:
    return of_type(resources, "AWS::Serverless::Function")


def events(resources: dict[str, Resource], *kinds: str) -> Iterator[tuple[str, Resource]]:
    """`(function, event's properties)` of every event of these kinds."""
    for name, function in functions(resources).items():
        for event in function["Properties"].get("Events", {}).values():
            if event["Type"] in kinds:
                yield name, event["Properties"]


def statements(resources: dict[str, Resource]) -> Iterator[tuple[str, Resource]]:
    """`(role, statement)` of every permission that the template writes out."""
    for name, role in of_type(resources, "AWS::IAM::Role").items():
        for policy in role["Properties"].get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement
