"""A deploy previews, asks, changes what it showed, and leaves nothing behind when declined."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.cloudformation.models import CloudFormationBackend, Event
from moto.core import DEFAULT_ACCOUNT_ID

from infra import deploy
from tests.integration.release import (
    SENDER,
    STACK,
    STAGE,
    STORE,
    Release,
    change_sets,
    client,
    parameters,
    stacks,
    table,
    tables,
)


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
    first = stack.status == "REVIEW_IN_PROGRESS"
    stack.status = "ROLLBACK_COMPLETE" if first else "UPDATE_ROLLBACK_COMPLETE"


def test_after_a_failed_first_deploy_the_next_one_starts_afresh(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(CloudFormationBackend, "execute_change_set", fail)
        assert release.deploy("--yes") == 1
    assert stacks()[STACK] == "ROLLBACK_COMPLETE"
    assert release.deploy("--yes") == 0
    assert stacks()[STACK] == "CREATE_COMPLETE"


def test_any_parameter_is_set_by_its_name(release: Release) -> None:
    assert release.deploy("--yes", "--set", f"MailFrom={SENDER}") == 0
    assert parameters()["MailFrom"] == SENDER


@pytest.mark.parametrize("said", ["Mailfrom=help@desk.example", "MailFrom"])
def test_a_parameter_that_is_not_there_or_has_no_value_is_refused(
    release: Release, capsys: pytest.CaptureFixture[str], said: str
) -> None:
    assert release.deploy("--yes", "--set", said) == 1
    assert said.partition("=")[0] in capsys.readouterr().out
    assert STACK not in stacks()
    assert release.deploy("--yes") == 0  # so that there is a store to be taken down


def test_a_bundle_of_another_stage_is_refused(
    deployed: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deploy.main([str(deployed.directory), "--stage", "prod", "--yes"]) == 1
    assert "The bundle is for stage trial" in capsys.readouterr().out


def test_without_credentials_it_says_so_in_one_sentence(
    deployed: Release, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as bare:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            bare.delenv(name, raising=False)
        bare.setenv("AWS_EC2_METADATA_DISABLED", "true")
        bare.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        bare.setenv("AWS_CONFIG_FILE", "/dev/null")
        assert deployed.deploy("--yes") == 1
    assert "No AWS credentials were found" in capsys.readouterr().out
