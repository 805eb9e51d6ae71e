"""The bundle as a CloudFormation stack on the emulator."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from infra.packaging import Bundle
from infra.rehearsal.emulator import REGION, Emulator

STACK = "helpdesk-rehearsal"
STAGE = "dev"
STORE = "tierline-bundles"
DEPLOYS_WITHIN = 120.0
CODE_LOCATIONS = ("CodeUri", "ContentUri")
TLS_ONLY_POLICIES = ("AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy")
ANY_MAIL = {"Effect": "Allow", "Action": ["ses:SendEmail", "ses:SendRawEmail"], "Resource": "*"}

Template = dict[str, Any]


class DeploymentFailed(Exception):
    """CloudFormation rolled back; the message names each resource that failed and why."""


@dataclass(frozen=True)
class Deployment:
    """A deployed stack: where its API answers and what its functions are told."""

    emulator: Emulator
    api_url: str
    environment: dict[str, str]

    def name(self, resource: str) -> str:
        return f"{self.environment['RESOURCE_PREFIX']}-{resource}"


def deploy(bundle: Bundle, emulator: Emulator) -> Deployment:
    """Upload the bundle, create the stack and wait for it. Raises DeploymentFailed."""
    template = _for_the_emulator(bundle.template())
    address = _upload(bundle, template, emulator)
    cloudformation = emulator.client("cloudformation")
    cloudformation.create_stack(
        StackName=STACK,
        TemplateURL=address,
        Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    stack = _wait_for_the_stack(cloudformation)
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    api = f"{emulator.url}/restapis/{outputs['RestAPIId']}/{STAGE}/_user_request_"
    return Deployment(emulator, api, _environment(emulator, outputs["APIHandlerName"]))


def _for_the_emulator(template: Template) -> Template:
    """What has to differ from AWS, and nothing else: each difference is in docs/rehearsal.md."""
    template["Resources"] = dict(_without_tls_only(template["Resources"]))
    _find_code_in_the_store(template["Resources"])
    _let_mail_out(template["Resources"])
    _allow_batches(template["Resources"])
    return template


def _without_tls_only(resources: Template) -> Iterator[tuple[str, Template]]:
    """The emulator speaks plain HTTP to itself, and does enforce these policies."""
    return (
        (name, each) for name, each in resources.items() if each["Type"] not in TLS_ONLY_POLICIES
    )


def _find_code_in_the_store(resources: Template) -> None:
    for resource in resources.values():
        properties = resource.get("Properties", {})
        for key in CODE_LOCATIONS:
            if key in properties:
                properties[key] = f"s3://{STORE}/{properties[key].removeprefix('./')}"


def _let_mail_out(resources: Template) -> None:
    """The emulator compares a mail neither with its identity nor with its sender."""
    (policy,) = resources["SendNotificationsRole"]["Properties"]["Policies"]
    policy["PolicyDocument"]["Statement"].append(ANY_MAIL)


def _allow_batches(resources: Template) -> None:
    """To AWS a batch is sqs:SendMessage like a single message; the emulator asks for its own."""
    roles = [each for each in resources.values() if each["Type"] == "AWS::IAM::Role"]
    for role in roles:
        for policy in role["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                if "sqs:SendMessage" in statement["Action"]:
                    statement["Action"].append("sqs:SendMessageBatch")


def _upload(bundle: Bundle, template: Template, emulator: Emulator) -> str:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=STORE, CreateBucketConfiguration={"LocationConstraint": REGION})
    for archive in bundle.archives:
        s3.upload_file(str(archive), STORE, archive.name)
    s3.put_object(Bucket=STORE, Key="template.json", Body=json.dumps(template))
    return f"{emulator.url}/{STORE}/template.json"


def _wait_for_the_stack(cloudformation: Any) -> dict[str, Any]:
    deadline = time.monotonic() + DEPLOYS_WITHIN
    while time.monotonic() < deadline:
        stack: dict[str, Any] = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
        if stack["StackStatus"] == "CREATE_COMPLETE":
            return stack
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            break
        time.sleep(0.2)
    raise DeploymentFailed("\n".join(_reasons(cloudformation)))


def _reasons(cloudformation: Any) -> Iterator[str]:
    for event in cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]:
        if event["ResourceStatus"].endswith("FAILED"):
            yield f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}"


def _environment(emulator: Emulator, function: str) -> dict[str, str]:
    settings = emulator.client("lambda").get_function_configuration(FunctionName=function)
    variables: dict[str, str] = settings["Environment"]["Variables"]
    return variables
