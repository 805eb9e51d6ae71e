"""Creates what infra/resources.yaml describes, on the emulator or under moto; what exists stays."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from chalice.utils import to_cfn_resource_name

from infra.local import template
from infra.local.makers import MAKERS, Clients

DESCRIPTION = Path(__file__).parents[1] / "resources.yaml"
REGION = "us-east-1"
API_CALLS_PER_MINUTE = "30000"  # benchmarks and tests shall find the code's own limits


def create(
    stage: str,
    session: boto3.Session | None = None,
    *,
    mail_from: str = "",
    public_url: str = "",
) -> dict[str, str]:
    """Creates the stage's resources and answers the environment its functions read.

    Clients go where AWS_ENDPOINT_URL says. Safe to call again: missing resources, indexes and
    streams are added, everything else is left as it is.
    """
    desk = open_desk(stage, session, mail_from=mail_from, public_url=public_url)
    return desk.create()


def open_desk(
    stage: str,
    session: boto3.Session | None = None,
    *,
    mail_from: str = "",
    public_url: str = "",
    description: Path = DESCRIPTION,
) -> "Desk":
    """The stage's resources, none of them created yet."""
    aws = _clients(session or _session(os.environ.get("AWS_ENDPOINT_URL", "")))
    given = {"Stage": stage, "MailFrom": mail_from, "PublicUrl": public_url,
             "ApiCallsPerMinute": API_CALLS_PER_MINUTE}  # fmt: skip
    parameters = {name: value for name, value in given.items() if value}
    return Desk(template.read(description), parameters | _pseudo_parameters(aws), aws)


class Desk:
    """One stage's resources: each is made when first asked for, so references find it."""

    def __init__(self, document: dict[str, Any], parameters: Mapping[str, str], aws: Clients):
        self._aws = aws
        self._made: dict[str, dict[str, str]] = {}
        self._template = template.Template(document, parameters, self._attribute)

    def create(self) -> dict[str, str]:
        """Creates what is missing and answers the environment of the functions."""
        for name, resource in self._template.resources.items():
            condition = resource.get("Condition")
            wanted = not condition or self._template.holds(condition)
            if wanted and resource.get("Type") in MAKERS:
                self._attribute(name, "Ref")
        environment = self._environment()
        self._aws("ses").verify_email_identity(EmailAddress=environment["MAIL_FROM"])
        return environment

    def event_sources(self, function: str) -> list[dict[str, Any]]:
        """The properties of a function's event sources that the description adds to Chalice's."""
        resource = self._template.resources.get(to_cfn_resource_name(function), {})
        events = resource.get("Properties", {}).get("Events", {})
        return [self._template.resolve(one["Properties"]) for one in events.values()]

    def gateway_responses(self) -> dict[str, Any]:
        """What the API's gateway itself answers, by the kind of refusal."""
        responses: dict[str, Any] = self._template.resources["RestAPI"]["Properties"][
            "GatewayResponses"
        ]
        return responses

    def _environment(self) -> dict[str, str]:
        functions = self._template.document.get("Globals", {}).get("Function", {})
        variables = functions.get("Environment", {}).get("Variables", {})
        return {name: str(self._template.resolve(value)) for name, value in variables.items()}

    def _attribute(self, name: str, attribute: str) -> str:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name][attribute]

    def _make(self, name: str) -> dict[str, str]:
        resource = self._template.resources[name]
        properties = self._template.resolve(resource.get("Properties", {}))
        return MAKERS[resource["Type"]](self._aws, properties)


@cache
def _session(endpoint: str) -> boto3.Session:
    return boto3.Session(region_name=REGION)


@cache
def _clients(session: boto3.Session) -> Clients:
    return cache(session.client)


def _pseudo_parameters(aws: Clients) -> dict[str, str]:
    return {
        "AWS::AccountId": aws("sts").get_caller_identity()["Account"],
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::StackName": "tierline",
        "AWS::URLSuffix": "amazonaws.com",
    }
