"""A deploy previews, asks, changes what it showed, and leaves nothing behind when declined."""

import io
import json
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.cloudformation.models import CloudFormationBackend, Event
from moto.core import DEFAULT_ACCOUNT_ID

from infra import deploy, environment, report
from infra.change_set import Change

STAGE = "trial"
STACK = "helpdesk-trial"
STORE = f"helpdesk-trial-artifacts-{DEFAULT_ACCOUNT_ID}"
KEPT, RED = "the old one is kept with its data", "bold red"
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


@pytest.fixture
def release(cloud: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Release]:
    monkeypatch.setenv("COLUMNS", "160")
    yield Release(tmp_path)
    client("cloudformation").delete_stack(StackName=STACK)
    store = boto3.resource("s3").Bucket(STORE)
    store.object_versions.delete()
    store.delete()


@pytest.fixture
def deployed(release: Release, capsys: pytest.CaptureFixture[str]) -> Release:
    assert release.deploy("--yes", "--mail-from", SENDER) == 0
    capsys.readouterr()
    return release


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    terminal = io.StringIO(text)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)


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


def test_a_first_deploy_creates_the_stack_and_says_what_is_left_to_do(
    release: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    assert release.deploy("--yes", "--mail-from", SENDER) == 0
    said = capsys.readouterr().out
    assert stacks()[STACK] == "CREATE_COMPLETE"
    assert tables() == {"trial-tickets"}
    assert parameters() == {"Stage": STAGE, "MailFrom": SENDER}
    assert f"account {DEFAULT_ACCOUNT_ID}, us-east-1" in said
    assert "Add" in said and "AWS::DynamoDB::Table" in said
    assert f"create-email-identity --email-identity {SENDER}" in said
    assert f"infra.environment {STAGE}" in said


def test_the_store_of_bundles_is_private_versioned_and_encrypted(deployed: Release) -> None:
    s3 = client("s3")
    blocked = s3.get_public_access_block(Bucket=STORE)["PublicAccessBlockConfiguration"]
    assert len(blocked) == 4 and all(blocked.values())
    assert s3.get_bucket_versioning(Bucket=STORE)["Status"] == "Enabled"
    (rule,) = s3.get_bucket_encryption(Bucket=STORE)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_the_same_bundle_again_changes_and_uploads_nothing(
    deployed: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {item.key for item in boto3.resource("s3").Bucket(STORE).objects.all()}
    assert deployed.deploy("--yes") == 0
    assert "No changes" in capsys.readouterr().out
    assert stacks()[STACK] == "CREATE_COMPLETE"
    assert change_sets() == []
    assert {item.key for item in boto3.resource("s3").Bucket(STORE).objects.all()} == before


def test_an_update_keeps_the_parameters_that_are_not_given(
    deployed: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed.resources["Alerts"] = table("trial-alerts")
    assert deployed.deploy("--yes") == 0
    said = capsys.readouterr().out
    assert stacks()[STACK] == "UPDATE_COMPLETE"
    assert tables() == {"trial-tickets", "trial-alerts"}
    assert parameters()["MailFrom"] == SENDER
    assert "What is left to do" not in said


def test_a_table_that_would_go_is_shown_with_its_danger(
    deployed: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed.resources = {"Alerts": table("trial-alerts")}
    assert deployed.deploy() == 0
    said = capsys.readouterr().out
    assert "data could be lost" in said and "Nothing was deployed" in said
    assert tables() == {"trial-tickets"}


def test_a_declined_first_deploy_leaves_no_stack(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, "n\n")
    assert release.deploy() == 0
    assert STACK not in stacks()
    assert tables() == set()


def test_a_declined_update_leaves_the_stack_as_it_was(
    deployed: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed.resources["Alerts"] = table("trial-alerts")
    answer(monkeypatch, "n\n")
    assert deployed.deploy() == 0
    assert stacks()[STACK] == "CREATE_COMPLETE"
    assert change_sets() == []


def test_an_agreed_deploy_goes_on(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "y\n")
    assert release.deploy() == 0
    assert stacks()[STACK] == "CREATE_COMPLETE"


def test_without_a_terminal_it_stops_after_the_preview(
    release: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    assert release.deploy() == 0
    said = capsys.readouterr().out
    assert "Tickets" in said and "--yes" in said
    assert STACK not in stacks()


def test_a_failed_deploy_names_each_resource_and_why(
    deployed: Release, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(CloudFormationBackend, "execute_change_set", fail)
    deployed.resources["Alerts"] = table("trial-alerts")
    assert deployed.deploy("--yes") == 1
    said = capsys.readouterr().out
    assert "Tickets (AWS::DynamoDB::Table): it is full" in said
    assert "cancelled" not in said.split("Not deployed:")[1]


def fail(cloudformation: CloudFormationBackend, change_set_name: str, **named: Any) -> None:
    stack = cloudformation.get_stack(STACK)
    for reason in ("it is full", "Resource update cancelled"):
        stack.events.append(
            Event(
                stack.stack_id,
                stack.name,
                logical_resource_id="Tickets",
                physical_resource_id="trial-tickets",
                resource_type="AWS::DynamoDB::Table",
                resource_status="UPDATE_FAILED",
                resource_status_reason=reason,
                resource_properties=None,
            )
        )
    stack.status = "UPDATE_ROLLBACK_COMPLETE"


@pytest.mark.parametrize(
    ("change", "shown", "style"),
    [
        (("Add", "AWS::DynamoDB::Table", "", ""), "", ""),
        (("Modify", "AWS::DynamoDB::Table", "False", ""), "no", ""),
        (("Modify", "AWS::Lambda::Function", "True", ""), "yes", ""),
        (("Modify", "AWS::S3::Bucket", "Conditional", ""), "perhaps; data could be lost", RED),
        (("Modify", "AWS::Cognito::UserPool", "True", ""), "yes; data could be lost", RED),
        (("Remove", "AWS::SQS::Queue", "", "Delete"), "removed; data could be lost", RED),
        (("Modify", "AWS::DynamoDB::Table", "True", "ReplaceAndRetain"), f"yes; {KEPT}", "yellow"),
        (("Remove", "AWS::DynamoDB::Table", "", "Retain"), f"removed; {KEPT}", "yellow"),
    ],
)
def test_what_could_lose_data_is_red(
    change: tuple[str, str, str, str], shown: str, style: str
) -> None:
    action, kind, replacement, policy = change
    fate = report.fate(Change(action, "Thing", kind, replacement, policy))
    assert (fate.plain, fate.style) == (shown, style)


def test_the_address_is_told_and_the_rest_only_once() -> None:
    outputs = {"EndpointURL": "https://api.example/trial/"}
    given = {"Stage": STAGE, "AlarmMail": "ops@desk.example", "PublicUrl": "https://desk.example"}
    first = "\n".join(report.what_is_there(outputs, given, first=True))
    assert "https://api.example/trial/" in first
    assert "with --mail-from" in first and "ops@desk.example" in first
    assert "https://desk.example" in first
    assert len(list(report.what_is_there(outputs, given, first=False))) == 1


def test_a_bundle_of_another_stage_is_refused(
    deployed: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy.main([str(deployed.directory), "--stage", "prod", "--yes"]) == 1
    assert "The bundle is for stage trial" in capsys.readouterr().out


def test_without_credentials_it_says_so_in_one_sentence(
    deployed: Release, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    assert deployed.deploy("--yes") == 1
    assert "No AWS credentials were found" in capsys.readouterr().out


def test_a_shell_reads_the_environment_of_a_stage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "of", lambda aws, stage: {"STAGE": stage, "SAID": "it's $1"})
    assert environment.main(["prod"]) == 0
    script = capsys.readouterr().out + 'printf "%s %s" "$STAGE" "$SAID"'
    assert subprocess.check_output(["sh", "-c", script], text=True) == "prod it's $1"


def test_the_environment_of_a_stage_that_is_not_deployed_is_refused(
    cloud: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert environment.main(["nowhere"]) == 1
    assert "There is no helpdesk-nowhere" in capsys.readouterr().err
