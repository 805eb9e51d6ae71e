"""What is deployed keeps its data: encrypted, recoverable, closed to all who need not have it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from infra.packaging import ROOT, Bundle
from infra.scan import SETTINGS, expanded
from tests.packaging.reading import Resource, events, functions, of_type, statements

pytestmark = pytest.mark.packaging

KEY = {"Fn::GetAtt": ["DataKey", "Arn"]}
WHERE_DATA_ARE_KEPT = {"Fn::If": ["KeepsData", "Retain", "Delete"]}
NOT_OVER_TLS = {"Bool": {"aws:SecureTransport": "false"}}
# Services that store what the key encrypts, and that functions call themselves.
STORES = {"dynamodb", "s3", "secretsmanager", "sqs"}
MANAGED = {
    "arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess",
    "arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
}
# What the access log may hold: nothing that a caller writes, but for the route's name.
TOLD = {
    "requestId", "requestTimeEpoch", "identity.sourceIp", "httpMethod", "resourcePath", "status",
    "responseLength", "responseLatency", "integrationLatency", "error.responseType", "waf.status",
}  # fmt: skip


def properties(resources: dict[str, Resource], kind: str) -> Iterator[tuple[str, Resource]]:
    found = of_type(resources, kind)
    assert found
    return ((name, each["Properties"]) for name, each in found.items())


def test_every_table_is_encrypted_recoverable_and_hard_to_delete(
    resources: dict[str, Resource],
) -> None:
    for name, table in properties(resources, "AWS::DynamoDB::Table"):
        assert table["SSESpecification"] == {
            "SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY
        }, name  # fmt: skip
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["DeletionProtectionEnabled"] == {"Fn::If": ["KeepsData", True, False]}, name


def test_what_holds_data_outlives_its_stack(resources: dict[str, Resource]) -> None:
    kinds = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Cognito::UserPool",
             "AWS::SecretsManager::Secret")  # fmt: skip
    for kind in kinds:
        for name, each in of_type(resources, kind).items():
            assert each["DeletionPolicy"] == WHERE_DATA_ARE_KEPT, name
            assert each["UpdateReplacePolicy"] == WHERE_DATA_ARE_KEPT, name


def test_every_bucket_is_closed_encrypted_versioned_and_tidied(
    resources: dict[str, Resource],
) -> None:
    for name, bucket in properties(resources, "AWS::S3::Bucket"):
        assert list(bucket["PublicAccessBlockConfiguration"].values()) == [True] * 4, name
        owner = bucket["OwnershipControls"]["Rules"][0]["ObjectOwnership"]
        (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert owner == "BucketOwnerEnforced", name
        assert rule["BucketKeyEnabled"] is True, name
        assert rule["ServerSideEncryptionByDefault"] == {
            "SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY
        }, name  # fmt: skip
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}, name
        rules = bucket["LifecycleConfiguration"]["Rules"]
        assert any("AbortIncompleteMultipartUpload" in each for each in rules), name


def test_no_bucket_and_no_queue_answers_without_tls(resources: dict[str, Resource]) -> None:
    guarded = set()
    for kind in ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy"):
        for _, policy in properties(resources, kind):
            denials = [
                each for each in policy["PolicyDocument"]["Statement"]
                if each["Effect"] == "Deny" and each["Condition"] == NOT_OVER_TLS
            ]  # fmt: skip
            assert [each["Principal"] for each in denials] == ["*"]
            guarded |= {each["Ref"] for each in policy.get("Queues", [policy.get("Bucket")])}
    everything = of_type(resources, "AWS::S3::Bucket") | of_type(resources, "AWS::SQS::Queue")
    assert guarded == set(everything)


def test_every_queue_secret_log_and_function_uses_the_key(resources: dict[str, Resource]) -> None:
    for name, queue in properties(resources, "AWS::SQS::Queue"):
        assert queue["KmsMasterKeyId"] == KEY, name
    for name, each in properties(resources, "AWS::Logs::LogGroup"):
        assert each["KmsKeyId"] == KEY, name
    for name, each in properties(resources, "AWS::SecretsManager::Secret"):
        assert each["KmsKeyId"] == KEY, name


def test_every_function_has_a_log_that_ends_and_rings_when_a_call_is_denied(
    resources: dict[str, Resource],
) -> None:
    logs = of_type(resources, "AWS::Logs::LogGroup")
    filters = {
        each["LogGroupName"]["Ref"]
        for _, each in properties(resources, "AWS::Logs::MetricFilter")
    }  # fmt: skip
    for name, function in functions(resources).items():
        log = logs[f"{name}Logs"]["Properties"]
        called = function["Properties"]["FunctionName"]["Fn::Sub"]
        assert log["LogGroupName"] == {"Fn::Sub": f"/aws/lambda/{called}"}, name
        assert log["RetentionInDays"] == (400 if name == "SealAudit" else 90), name
        assert f"{name}Logs" in filters, name
    assert logs["ApiAccessLogs"]["Properties"]["RetentionInDays"] == 90


def test_a_role_uses_the_key_by_no_service_but_those_it_calls(
    resources: dict[str, Resource],
) -> None:
    called: dict[str, set[str]] = {}
    by_key: dict[str, set[str]] = {}
    for role, statement in statements(resources):
        services = {action.partition(":")[0] for action in statement["Action"]}
        called.setdefault(role, set()).update(services & STORES)
        if "kms" in services:
            assert statement["Resource"] == [KEY], role
            via = statement["Condition"]["StringEquals"]["kms:ViaService"]
            by_key[role] = {one["Fn::Sub"].partition(".")[0] for one in via}
    assert by_key == called


def test_nobody_uses_the_key_directly(resources: dict[str, Resource]) -> None:
    for statement in resources["DataKey"]["Properties"]["KeyPolicy"]["Statement"]:
        actions = statement["Action"]
        actions = [actions] if isinstance(actions, str) else actions
        assert "kms:*" not in actions
        if {"kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant"} & set(actions):
            assert statement["Condition"], statement["Sid"]
        if "Service" in statement["Principal"]:
            assert statement["Condition"], statement["Sid"]
    assert resources["DataKey"]["Properties"]["EnableKeyRotation"] is True


def test_a_role_has_no_managed_policy_but_two_of_aws(resources: dict[str, Resource]) -> None:
    for name, role in properties(resources, "AWS::IAM::Role"):
        assert {one["Fn::Sub"] for one in role["ManagedPolicyArns"]} <= MANAGED, name


def test_what_is_called_without_waiting_has_somewhere_to_fail_to(
    resources: dict[str, Resource],
) -> None:
    ticking = {name for name, _ in events(resources, "Schedule")}
    assert ticking
    for name in ticking:
        invoked = functions(resources)[name]["Properties"]["EventInvokeConfig"]
        destination = {"Fn::GetAtt": ["TicksDeadQueue", "Arn"]}
        assert invoked["DestinationConfig"]["OnFailure"]["Destination"] == destination
        assert invoked["MaximumRetryAttempts"] == 0
        assert any(
            role == f"{name}Role" and statement["Resource"] == [destination]
            for role, statement in statements(resources)
        ), name


def test_a_stream_gives_up_in_the_end(resources: dict[str, Resource]) -> None:
    for function, stream in events(resources, "DynamoDB"):
        assert 0 < stream["MaximumRetryAttempts"] <= 20, function
        assert stream["MaximumRecordAgeInSeconds"] <= 3600, function


def test_every_queue_has_a_limit_of_functions_at_once(resources: dict[str, Resource]) -> None:
    for function, source in events(resources, "SQS"):
        assert 2 <= source["ScalingConfig"]["MaximumConcurrency"] <= 10, function


def test_the_access_log_holds_no_path_no_query_and_no_key(resources: dict[str, Resource]) -> None:
    api = resources["RestAPI"]["Properties"]
    line = api["AccessLogSetting"]["Format"]
    assert set(json.loads(line).values()) == {f"$context.{name}" for name in TOLD}
    assert api["TracingEnabled"] is False
    assert not any("DataTraceEnabled" in each for each in api["MethodSettings"])


def test_the_head_of_the_audit_is_noted_where_nobody_alters_it(
    resources: dict[str, Resource],
) -> None:
    bucket = resources["AuditBucket"]["Properties"]
    kept = bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert bucket["ObjectLockEnabled"] is True
    assert kept["Mode"] == {"Fn::If": ["KeepsData", "COMPLIANCE", "GOVERNANCE"]}
    assert kept["Days"] == {"Fn::If": ["KeepsData", 400, 1]}
    may = {
        (role, tuple(statement["Action"]))
        for role, statement in statements(resources)
        if "AuditBucket" in str(statement["Resource"])
    }
    assert may == {("SealAuditRole", ("s3:PutObject",))}


def test_no_row_of_the_audit_is_changed_or_taken_away(resources: dict[str, Resource]) -> None:
    policy = resources["AuditTable"]["Properties"]["ResourcePolicy"]["PolicyDocument"]
    (denial,) = policy["Statement"]
    assert (denial["Effect"], denial["Principal"]) == ("Deny", "*")
    assert {"dynamodb:UpdateItem", "dynamodb:DeleteItem"} <= set(denial["Action"])
    for role, statement in statements(resources):
        if {"Fn::GetAtt": ["AuditTable", "Arn"]} in statement["Resource"]:
            assert not set(statement["Action"]) & set(denial["Action"]), role


def test_a_secret_is_told_to_no_function_that_does_not_use_it(bundle: Bundle) -> None:
    template = bundle.template()
    everywhere = template["Globals"]["Function"]["Environment"]["Variables"]
    assert not [name for name in everywhere if re.search("SECRET$|PASSWORD|KEY$", name)]
    (secret,) = (name for name, one in template["Parameters"].items() if one.get("NoEcho"))
    knowing = [name for name, one in template["Resources"].items() if secret in json.dumps(one)]
    assert knowing == ["APIHandler"]


def test_the_first_admin_is_no_page_and_nobody_signs_up(resources: dict[str, Resource]) -> None:
    pool = resources["UserPool"]["Properties"]
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    served = resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    assert not [path for path in served if re.search("set-?up|install|sign-?up|register", path)]


def test_checkov_sees_what_sam_writes(bundle: Bundle) -> None:
    kinds = {each["Type"] for each in expanded(bundle.template())["Resources"].values()}
    assert {"AWS::ApiGateway::Stage", "AWS::Lambda::Function", "AWS::Events::Rule"} <= kinds
    assert not any(kind.startswith("AWS::Serverless") for kind in kinds)


def test_each_exception_from_checkov_is_explained(resources: dict[str, Resource]) -> None:
    lines = SETTINGS.read_text().splitlines()
    skipped = [number for number, line in enumerate(lines) if line.strip().startswith("- CKV")]
    assert skipped
    assert all(lines[number - 1].strip().startswith("#") for number in skipped)
    here = [each for each in resources.values() if "checkov" in each.get("Metadata", {})]
    assert all(len(one["comment"]) > 20 for each in here for one in exceptions(each))


def exceptions(resource: Resource) -> list[Any]:
    found: list[Any] = resource["Metadata"]["checkov"]["skip"]
    return found


def test_ci_scans_the_template() -> None:
    assert "make scan" in (ROOT / ".ci" / "run").read_text()
