"""The bundle as a CloudFormation stack on the emulator."""

from collections.abc import Iterator
from dataclasses import dataclass

from infra import environment
from infra.artifacts import Published, Template, publish
from infra.change_set import DeploymentFailed
from infra.packaging import Bundle
from infra.rehearsal.emulator import Emulator
from infra.stack import Stack

STAGE = "dev"
PAUSE, DEPLOYS_WITHIN = 0.2, 120.0
TLS_ONLY_POLICIES = ("AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy")
GIVEN = {"Stage": STAGE, "FileScanner": "guardduty"}  # the rehearsal stands in for the scanner
ANY_MAIL = {"Effect": "Allow", "Action": ["ses:SendEmail", "ses:SendRawEmail"], "Resource": "*"}


@dataclass(frozen=True)
class Deployment:
    """A deployed stack: where its API answers and what its functions are told."""

    emulator: Emulator
    api_url: str
    environment: dict[str, str]

    def name(self, resource: str) -> str:
        return f"{self.environment['RESOURCE_PREFIX']}-{resource}"


def deploy(bundle: Bundle, emulator: Emulator) -> Deployment:
    """Deploy as on AWS, by the same steps. Raises DeploymentFailed."""
    stack = _stack(emulator)
    with stack.proposed(_published(bundle, emulator), GIVEN) as change_set:
        stack.execute(change_set)
    api = f"{emulator.url}/restapis/{stack.outputs()['RestAPIId']}/{STAGE}/_user_request_"
    return Deployment(emulator, api, environment.of(emulator.client, STAGE))


def compare(bundle: Bundle, emulator: Emulator) -> str:
    """Propose what is deployed already. Raises DeploymentFailed if anything would change."""
    with _stack(emulator).proposed(_published(bundle, emulator), {}) as change_set:
        if not change_set.empty:
            raise DeploymentFailed(f"would change: {change_set.changes}")
    return "no changes"


def _stack(emulator: Emulator) -> Stack:
    return Stack(emulator.client, STAGE, PAUSE, DEPLOYS_WITHIN)


def _published(bundle: Bundle, emulator: Emulator) -> Published:
    return publish(emulator.client, STAGE, bundle, _for_the_emulator(bundle.template()))


def _for_the_emulator(template: Template) -> Template:
    """What has to differ from AWS, and nothing else: each difference is in docs/rehearsal.md."""
    template["Resources"] = dict(_without_tls_only(template["Resources"]))
    template["Resources"] = dict(_without_queries(template["Resources"]))
    _let_mail_out(template["Resources"])
    _allow_batches(template["Resources"])
    return template


def _without_tls_only(resources: Template) -> Iterator[tuple[str, Template]]:
    """The emulator speaks plain HTTP to itself, and does enforce these policies."""
    return (
        (name, each) for name, each in resources.items() if each["Type"] not in TLS_ONLY_POLICIES
    )


def _without_queries(resources: Template) -> Iterator[tuple[str, Template]]:
    """The emulator knows no alarm whose metric is a query."""
    return ((name, each) for name, each in resources.items() if "Metrics" not in each["Properties"])


def _let_mail_out(resources: Template) -> None:
    """The emulator compares a mail neither with its identity nor with its sender."""
    (policy,) = resources["SendNotificationsRole"]["Properties"]["Policies"]
    policy["PolicyDocument"]["Statement"].append(ANY_MAIL)


def _allow_batches(resources: Template) -> None:
    """To AWS a batch is sqs:SendMessage like a single message; the emulator asks for its own."""
    roles = [each for each in resources.values() if each["Type"] == "AWS::IAM::Role"]
    for role in roles:
        for policy in role["Properties"].get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                if "sqs:SendMessage" in statement["Action"]:
                    statement["Action"].append("sqs:SendMessageBatch")
