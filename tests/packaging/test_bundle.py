"""What is deployed: the merged template, its permissions, and that every function can be loaded."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.services.deliveries import KEPT_FOR
from infra.packaging import LOCK, ROOT, Bundle
from tests.packaging.reading import Resource, events, functions, of_type, statements

pytestmark = pytest.mark.packaging

CODE = ROOT / "chalicelib"
FUNCTIONS = {
    "APIHandler",
    "RelayTimeline",
    "RelayPeople",
    "SealAudit",
    "WorkTier1",
    "WorkTier2",
    "WorkTier3",
    "WorkStaffing",
    "SendNotifications",
    "ReceiveAlerts",
    "AdvanceDueTickets",
    "CountVerdicts",
    "RunJobs",
    "CheckFiles",
    "EscalateOverdueTickets",
    "ChangeShifts",
    "WatchAlerts",
}
STREAMS = {
    "RelayTimeline": "TimelineTable",
    "RelayPeople": "PeopleTable",
    "SealAudit": "AuditTable",
}
READS = {
    "dynamodb:GetItem",
    "dynamodb:BatchGetItem",
    "dynamodb:Query",
    "dynamodb:ConditionCheckItem",
}
WRITES = {
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "dynamodb:DeleteItem",
}
OF_STREAMS = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
}
# All objects of one bucket, or below one prefix of it; what streams there are of one table.
WITHIN_ONE = re.compile(r"\$\{\w+Bucket\.Arn\}/([a-z]+/)?\*|\$\{\w+Table\.Arn\}/stream/\*")
# Topics are of other accounts; which ones, the integration says.
OF_OTHERS = {"sns:ConfirmSubscription": "arn:${AWS::Partition}:sns:*:*:*"}
LOAD = """
import importlib, sys
sys.path[:0] = sys.argv[2:]
module, name = sys.argv[1].rsplit(".", 1)
assert callable(getattr(importlib.import_module(module), name))
"""


def test_the_template_passes_cfn_lint(bundle: Bundle) -> None:
    command = [str(Path(sys.executable).parent / "cfn-lint"), str(bundle.template_file)]
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_function_is_there_and_no_other(resources: dict[str, Resource]) -> None:
    assert set(functions(resources)) == FUNCTIONS


def test_every_queue_and_stream_event_reports_partial_failures(
    resources: dict[str, Resource],
) -> None:
    queues, streams = list(events(resources, "SQS")), list(events(resources, "DynamoDB"))
    assert (len(queues), len(streams)) == (10, 3)
    for function, source in queues + streams:
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"], function


def test_no_event_source_is_still_a_placeholder(resources: dict[str, Resource]) -> None:
    for function, source in events(resources, "SQS", "DynamoDB"):
        assert "Fn::GetAtt" in source.get("Queue", source.get("Stream")), function


def test_the_relays_lose_nothing(resources: dict[str, Resource]) -> None:
    for function, stream in events(resources, "DynamoDB"):
        assert stream["StartingPosition"] == "TRIM_HORIZON", function
        assert stream["BisectBatchOnFunctionError"] is True, function
        assert stream["DestinationConfig"]["OnFailure"]["Destination"] == {
            "Fn::GetAtt": ["RelayDeadQueue", "Arn"]
        }, function


def test_each_stream_is_read_by_its_own_relay_and_nobody_else(
    resources: dict[str, Resource],
) -> None:
    found = {name: source["Stream"]["Fn::GetAtt"] for name, source in events(resources, "DynamoDB")}
    assert found == {name: [table, "StreamArn"] for name, table in STREAMS.items()}
    tables = of_type(resources, "AWS::DynamoDB::Table")
    streaming = {
        name for name, each in tables.items() if "StreamSpecification" in each["Properties"]
    }
    assert streaming == set(STREAMS.values())


def test_a_relay_tells_no_queue_but_its_own(resources: dict[str, Resource]) -> None:
    told = dict.fromkeys(STREAMS, frozenset[str]())
    for role, statement in statements(resources):
        if role.removesuffix("Role") in told and "sqs:GetQueueUrl" in statement["Action"]:
            told[role.removesuffix("Role")] |= {
                each["Fn::GetAtt"][0] for each in statement["Resource"]
            }
    assert told["RelayPeople"] == {"StaffingQueue"}
    assert "StaffingQueue" not in told["RelayTimeline"]


def test_every_queue_has_a_dead_letter_queue_after_five_failures(
    resources: dict[str, Resource],
) -> None:
    queues = of_type(resources, "AWS::SQS::Queue")
    for name, queue in queues.items():
        if name.endswith("DeadQueue"):
            kept = 3600 if name == "TicksDeadQueue" else 14 * 86400
            assert queue["Properties"]["MessageRetentionPeriod"] == kept, name
            continue
        redrive = queue["Properties"]["RedrivePolicy"]
        assert redrive["maxReceiveCount"] == 5, name
        assert redrive["deadLetterTargetArn"]["Fn::GetAtt"][0] in queues, name


def test_a_message_stays_hidden_for_six_time_outs(resources: dict[str, Resource]) -> None:
    for function, source in events(resources, "SQS"):
        queue = resources[source["Queue"]["Fn::GetAtt"][0]]["Properties"]
        time_out = resources[function]["Properties"]["Timeout"]
        assert queue["VisibilityTimeout"] >= 6 * time_out, function


def test_every_queue_and_every_function_has_its_alarms(resources: dict[str, Resource]) -> None:
    watched = {
        (alarm["Properties"].get("MetricName"), str(alarm["Properties"].get("Dimensions")))
        for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values()
    }
    for metric, name, value in (*to_watch_of_queues(resources), *to_watch_of_functions(resources)):
        assert (metric, str([{"Name": name, "Value": value}])) in watched, (metric, value)


def to_watch_of_queues(resources: dict[str, Resource]) -> Iterator[tuple[str, str, Resource]]:
    for queue in of_type(resources, "AWS::SQS::Queue"):
        dead = queue.endswith("DeadQueue")
        metric = "NumberOfMessagesVisible" if dead else "AgeOfOldestMessage"
        yield f"Approximate{metric}", "QueueName", {"Fn::GetAtt": [queue, "QueueName"]}


def to_watch_of_functions(resources: dict[str, Resource]) -> Iterator[tuple[str, str, Resource]]:
    for function in functions(resources):
        yield "Errors", "FunctionName", {"Ref": function}
    for relay in STREAMS:
        yield "IteratorAge", "FunctionName", {"Ref": relay}


def test_an_alarm_of_our_own_watches_what_the_code_writes(resources: dict[str, Resource]) -> None:
    code = "".join(file.read_text() for file in CODE.rglob("*.py"))
    counted_in_logs = {
        each["Properties"]["MetricTransformations"][0]["MetricName"]
        for each in of_type(resources, "AWS::Logs::MetricFilter").values()
    }
    for name, alarm in of_type(resources, "AWS::CloudWatch::Alarm").items():
        metric = alarm["Properties"].get("MetricName")
        if alarm["Properties"].get("Namespace") == "Tierline":
            assert metric in counted_in_logs or f'("{metric}"' in code, name


def test_every_function_has_a_role_of_its_own(resources: dict[str, Resource]) -> None:
    roles = [each["Properties"]["Role"]["Fn::GetAtt"][0] for each in functions(resources).values()]
    assert len(set(roles)) == len(roles)
    assert "DefaultRole" not in resources


def test_no_role_may_do_more_than_it_names(resources: dict[str, Resource]) -> None:
    for role, statement in statements(resources):
        wide = [each for each in statement["Action"] if "*" in each]
        wide += [str(each) for each in statement["Resource"] if "*" in str(each)]
        if {"Fn::Sub": OF_OTHERS.get(statement["Action"][0])} in statement["Resource"]:
            assert len(statement["Action"]) == len(statement["Resource"]) == 1, role
            continue
        assert not [each for each in wide if not WITHIN_ONE.search(each)], (role, statement["Sid"])


def test_nobody_may_scan_a_table(resources: dict[str, Resource]) -> None:
    for role, statement in statements(resources):
        on_tables = {each for each in statement["Action"] if each.startswith("dynamodb:")}
        assert on_tables <= READS | WRITES | OF_STREAMS, (role, statement["Sid"])


def test_the_tiers_differ_in_nothing_but_their_number(resources: dict[str, Resource]) -> None:
    policies = [str(resources[f"WorkTier{n}Role"]["Properties"]["Policies"]) for n in "123"]
    alike = {text.replace(f"ier{n}", "ier#") for n, text in zip("123", policies, strict=True)}
    assert len(alike) == 1


def test_the_template_names_no_account_and_no_region(bundle: Bundle) -> None:
    text = bundle.template_file.read_text()
    assert "000000000000" not in text
    assert "us-east-1" not in text


def test_the_stage_of_the_api_is_the_stage_of_the_names(bundle: Bundle) -> None:
    template = bundle.template()
    stage = template["Resources"]["RestAPI"]["Properties"]["StageName"]
    assert template["Parameters"]["Stage"]["Default"] == stage


def test_an_unknown_path_answers_404(resources: dict[str, Resource]) -> None:
    answers = resources["RestAPI"]["Properties"]["GatewayResponses"]
    assert answers["MISSING_AUTHENTICATION_TOKEN"]["StatusCode"] == "404"


def test_a_storm_is_throttled_late_and_never_in_a_way_that_loses_alerts(
    resources: dict[str, Resource],
) -> None:
    api = resources["RestAPI"]["Properties"]
    limits = {(one["HttpMethod"], one["ResourcePath"]): one for one in api["MethodSettings"]}
    usual = limits["*", "/*"]["ThrottlingRateLimit"]
    doors = [
        (method.upper(), "/" + path.replace("/", "~1"))
        for path, methods in api["DefinitionBody"]["paths"].items()
        for method in methods
        if path.startswith("/hooks/") and method in ("get", "post", "put")
    ]
    assert doors
    for door in doors:
        assert limits[door]["ThrottlingRateLimit"] >= 10 * usual, door
    assert api["GatewayResponses"]["THROTTLED"]["StatusCode"] == "503"


def test_doors_for_strangers_are_narrow_and_named_as_they_are(
    resources: dict[str, Resource],
) -> None:
    api = resources["RestAPI"]["Properties"]
    limits = {(one["HttpMethod"], one["ResourcePath"]): one for one in api["MethodSettings"]}
    usual = limits["*", "/*"]["ThrottlingRateLimit"]
    served = {
        (method.upper(), "/" + path.replace("/", "~1") if path != "/" else path)
        for path, methods in api["DefinitionBody"]["paths"].items()
        for method in methods
    }
    assert set(limits) - {("*", "/*")} <= served
    doors = ("/", "/~1requests", "/~1sign-in", "/~1sign-in~1step", "/~1on-call~1{ticket_id}",
             "/~1account~1tokens", "/~1api~1v1~1people~1me~1tokens", "/~1uploads")  # fmt: skip
    assert all(limits["POST", door]["ThrottlingRateLimit"] <= usual / 5 for door in doors)


def test_the_firewall_is_off_unless_it_is_asked_for(bundle: Bundle) -> None:
    template = bundle.template()
    parts = [one for one in template["Resources"].values() if "WAFv2" in one["Type"]]
    assert template["Parameters"]["Firewall"]["Default"] == "off"
    assert [one["Condition"] for one in parts] == ["HasFirewall", "HasFirewall"]


def test_a_kept_body_outlives_the_row_that_names_it(resources: dict[str, Resource]) -> None:
    (days,) = (
        rule["ExpirationInDays"]
        for rule in resources["DeliveriesBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
        if "ExpirationInDays" in rule
    )
    assert timedelta(days=days) >= KEPT_FOR


@pytest.mark.skipif(not LOCK.exists(), reason="nothing is locked yet")
def test_the_layer_holds_what_is_locked(unzipped: list[Path]) -> None:
    locked = {
        plain(name): version
        for name, version in re.findall(r"^([\w.-]+)==([\w.+!]+)", LOCK.read_text(), re.MULTILINE)
    }
    holds = dict(each.stem.rsplit("-", 1) for each in unzipped[1].glob("*.dist-info"))
    assert holds
    assert {plain(name): v for name, v in holds.items()}.items() <= locked.items()


def test_every_handler_loads_from_the_bundle_alone(
    resources: dict[str, Resource], unzipped: list[Path]
) -> None:
    handlers = [each["Properties"]["Handler"] for each in functions(resources).values()]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        failures = list(pool.map(lambda handler: load(handler, unzipped), handlers))
    assert not [failure for failure in failures if failure]


def plain(name: str) -> str:
    """A library's name as all spell it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def load(handler: str, import_path: list[Path]) -> str:
    """Import a handler as Lambda does, in a process that sees nothing else; answers what failed."""
    command = [sys.executable, "-I", "-S", "-c", LOAD, handler, *map(str, import_path)]
    result = subprocess.run(command, check=False, env={}, capture_output=True, text=True)
    return f"{handler}: {result.stderr}" if result.returncode else ""
