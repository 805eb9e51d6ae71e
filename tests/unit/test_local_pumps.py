"""The pumps hand over as Lambda's event sources do: batches, partial failures, dead letters."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from chalice.app import DynamoDBEventConfig, Rate, ScheduledEventConfig
from chalice.config import Config

from infra.local.checkpoint import StreamReader
from infra.local.pumps import Pumps
from infra.local.queues import QueuePump
from infra.local.stream import StreamPump
from infra.local.triggers import Trigger

STREAM = "arn:aws:dynamodb:us-east-1:000000000000:table/timeline/stream/1"
QUEUE = "arn:aws:sqs:us-east-1:000000000000:tier1"
CONNECTED = {
    "Stream": STREAM,
    "Queue": QUEUE,
    "MaximumRetryAttempts": 2,
    "DestinationConfig": {"OnFailure": {"Destination": f"{QUEUE}-dead"}},
}


class Trimmed(Exception):
    """What a stream says to a place that it no longer has."""


@dataclass
class FakeStream:
    """A stream of one shard; an iterator is the position as text."""

    numbers: list[str] = field(default_factory=list)
    exceptions = Mock(TrimmedDataAccessException=Trimmed)

    def describe_stream(self, **_: Any) -> dict[str, Any]:
        return {"StreamDescription": {"Shards": [{"ShardId": "0"}]}}

    def get_shard_iterator(self, ShardIteratorType: str, **place: str) -> dict[str, str]:  # noqa: N803
        if ShardIteratorType == "TRIM_HORIZON":
            return {"ShardIterator": "0"}
        if place["SequenceNumber"] not in self.numbers:
            raise Trimmed
        return {"ShardIterator": str(self.numbers.index(place["SequenceNumber"]) + 1)}

    def get_records(self, ShardIterator: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        found = self.numbers[int(ShardIterator) :]
        records = [{"dynamodb": {"SequenceNumber": one, "Keys": {}}} for one in found]
        after = int(ShardIterator) + len(found)  # others may have added to it since
        return {"Records": records, "NextShardIterator": str(after)}


@dataclass
class Worker:
    """A function that notes what it got, and fails as told."""

    failing: set[str] = field(default_factory=set)
    raising: set[str] = field(default_factory=set)
    got: list[list[str]] = field(default_factory=list)

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        ids = [
            one.get("messageId") or one["dynamodb"]["SequenceNumber"] for one in event["Records"]
        ]
        self.got.append(ids)
        if self.raising & set(ids):
            raise RuntimeError("told to")
        failed = [{"itemIdentifier": one} for one in ids if one in self.failing]
        return {"batchItemFailures": failed}

    def trigger(self, function: str = "relay_timeline", **connected: Any) -> Trigger:
        config = Config("local", config_from_disk={"lambda_timeout": 30, "lambda_memory_size": 1})
        return Trigger(function, self, Mock(batch_size=10), CONNECTED | connected, config)


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.local.stream.LONGEST_PAUSE", 0)
    monkeypatch.setattr("infra.local.stream.IDLE_SECONDS", 0)


def pumped(stream: FakeStream, worker: Worker, checkpoint: Path) -> Mock:
    sqs = Mock(get_queue_url=Mock(return_value={"QueueUrl": "http://queue"}))
    StreamPump(worker.trigger(), stream, sqs, checkpoint)._pump_once()
    return sqs


def test_a_record_that_fails_holds_up_the_rest_until_it_is_given_up(tmp_path: Path) -> None:
    worker = Worker(failing={"2"})
    sqs = pumped(FakeStream(["1", "2", "3"]), worker, tmp_path / "checkpoint")
    assert worker.got == [["1", "2", "3"], *3 * [["2", "3"]], ["3"]]
    told = json.loads(sqs.send_message.call_args.kwargs["MessageBody"])
    assert told["DDBStreamBatchInfo"]["startSequenceNumber"] == "2"


def test_a_function_that_raises_gets_smaller_batches_until_the_culprit_is_alone(
    tmp_path: Path,
) -> None:
    worker = Worker(raising={"3"})
    sqs = pumped(FakeStream(list("1234")), worker, tmp_path / "checkpoint")
    assert [ids for ids in worker.got if "3" not in ids] == [["1", "2"], ["4"]]
    assert worker.got.count(["3"]) == 3
    assert sqs.send_message.call_count == 1


def test_a_stream_is_read_on_from_what_was_done(tmp_path: Path) -> None:
    stream, worker = FakeStream(["1", "2"]), Worker()
    pumped(stream, worker, tmp_path / "checkpoint")
    stream.numbers.append("3")
    pumped(stream, worker, tmp_path / "checkpoint")
    assert worker.got == [["1", "2"], ["3"]]


def test_what_was_not_done_outlives_an_emulator_that_forgets_its_stream(tmp_path: Path) -> None:
    reader = StreamReader(FakeStream(["1", "2", "3"]), STREAM, tmp_path / "checkpoint")
    reader.advance(reader.read()[:1])
    assert reader.keep_unread() == 2
    worker = Worker()
    for _ in range(2):
        pumped(FakeStream(["9"]), worker, tmp_path / "checkpoint")
    assert worker.got == [["2", "3"], ["9"]]


def message(name: str) -> dict[str, str]:
    return {"MessageId": name, "ReceiptHandle": f"of {name}", "Body": "{}", "MD5OfBody": ""}


def queue_pump(worker: Worker, home: Path, *messages: str) -> tuple[QueuePump, Mock]:
    sqs = Mock(exceptions=Mock(ClientError=ValueError))
    sqs.get_queue_url.return_value = {"QueueUrl": "http://queue"}
    sqs.get_queue_attributes.return_value = {"Attributes": {"VisibilityTimeout": "180"}}
    sqs.receive_message.return_value = {"Messages": [message(one) for one in messages]}
    return QueuePump(worker.trigger(), sqs, home, Mock()), sqs


@pytest.mark.parametrize(
    ("worker", "deleted"),
    [
        (Worker(), ["of a", "of b"]),
        (Worker(failing={"a"}), ["of b"]),
        (Worker(failing={"a", "b"}), []),
        (Worker(raising={"a"}), []),
    ],
)
def test_only_messages_that_did_not_fail_are_deleted(
    tmp_path: Path, worker: Worker, deleted: list[str]
) -> None:
    pump, sqs = queue_pump(worker, tmp_path, "a", "b")
    pump._pump_once()
    calls = sqs.delete_message_batch.call_args_list
    assert [one["ReceiptHandle"] for call in calls for one in call.kwargs["Entries"]] == deleted


def test_messages_are_lent_briefly_until_it_is_noted_who_has_them(tmp_path: Path) -> None:
    pump, sqs = queue_pump(Worker(), tmp_path, "a", "b")
    noted: list[bool] = []
    sqs.change_message_visibility_batch.side_effect = lambda **_: noted.append(
        pump._in_hand.exists()
    )
    pump._pump_once()
    assert sqs.receive_message.call_args.kwargs["VisibilityTimeout"] <= 5
    held = sqs.change_message_visibility_batch.call_args.kwargs["Entries"]
    assert [(one["ReceiptHandle"], one["VisibilityTimeout"]) for one in held] == [
        ("of a", 180),
        ("of b", 180),
    ]
    assert noted == [True]


def test_what_a_killed_runner_had_in_hand_is_visible_again_at_once(tmp_path: Path) -> None:
    killed, _ = queue_pump(Worker(), tmp_path)
    killed._in_hand.write_text(json.dumps({"a": "of a"}))
    pump, sqs = queue_pump(Worker(), tmp_path)
    pump.stop()
    pump.run()
    assert sqs.change_message_visibility.call_args.kwargs["ReceiptHandle"] == "of a"
    assert not killed._in_hand.exists()


def test_an_answer_that_names_an_unknown_record_fails_the_whole_batch() -> None:
    worker = Worker()
    worker.failing = {"x"}
    trigger = worker.trigger()
    event = {"Records": [{"messageId": "x"}]}
    assert trigger.failures(event, ["a", "b"]) == {"a", "b"}


@dataclass
class FakeStreams:
    """The streams of several tables; an iterator also says whose it is."""

    of: dict[str, FakeStream]
    exceptions = FakeStream.exceptions

    def describe_stream(self, StreamArn: str) -> dict[str, Any]:  # noqa: N803
        return self.of[StreamArn].describe_stream()

    def get_shard_iterator(self, StreamArn: str, **place: str) -> dict[str, str]:  # noqa: N803
        found = self.of[StreamArn].get_shard_iterator(**_without_shard(place))["ShardIterator"]
        return {"ShardIterator": f"{StreamArn} {found}"}

    def get_records(self, ShardIterator: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        arn, _, position = ShardIterator.rpartition(" ")
        answer = self.of[arn].get_records(position)
        return {**answer, "NextShardIterator": f"{arn} {answer['NextShardIterator']}"}


def _without_shard(place: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in place.items() if name != "ShardId"}


@dataclass
class Relays:
    """Two tables' streams with their relays, which give up no record, and the pumps between."""

    home: Path
    patch: pytest.MonkeyPatch
    streams: dict[str, FakeStream] = field(default_factory=dict)
    workers: dict[str, Worker] = field(default_factory=dict)

    def start(self) -> Pumps:
        """The pumps as a start of the runner makes them, not running yet."""
        client = {"sqs": Mock(), "dynamodbstreams": FakeStreams(self.streams)}.get
        self.patch.setattr("infra.local.pumps.boto3.Session", lambda **_: Mock(client=client))
        triggers = [
            worker.trigger(f"relay_{name}", Stream=name, MaximumRetryAttempts=10**9)
            for name, worker in self.workers.items()
        ]
        found = {DynamoDBEventConfig: triggers}
        return Pumps(Mock(home=self.home, triggers=lambda kind: found.get(kind, [])))

    def renew(self) -> None:
        """The emulator forgot its streams, and the relays never failed."""
        for name in ("timeline", "people"):
            self.streams[name], self.workers[name] = FakeStream(), Worker()

    def got(self) -> list[list[list[str]]]:
        return [self.workers[name].got for name in ("timeline", "people")]


@pytest.fixture
def relays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Relays:
    both = Relays(tmp_path, monkeypatch)
    both.renew()
    return both


@contextmanager
def running(pumps: Pumps) -> Iterator[None]:
    pumps.start()
    try:
        yield
    finally:
        pumps.stop()


def test_what_seeding_wrote_into_either_stream_is_no_news(relays: Relays) -> None:
    relays.streams["timeline"].numbers += ["1", "2"]
    relays.streams["people"].numbers += ["1"]
    relays.start().skip_to_end()
    relays.streams["timeline"].numbers += ["3"]
    relays.streams["people"].numbers += ["2"]
    pumps = relays.start()
    with running(pumps):
        assert pumps.settle(within=5)
    assert relays.got() == [[["3"]], [["2"]]]


@pytest.mark.parametrize("name", ["timeline", "people"])
def test_it_is_not_quiet_while_either_stream_has_something_left(relays: Relays, name: str) -> None:
    pumps = relays.start()
    with running(pumps):
        assert pumps.settle(within=5)
        relays.workers[name].failing.add("1")
        relays.streams[name].numbers.append("1")
        assert not pumps.settle(within=0.2)
        relays.workers[name].failing.clear()
        assert pumps.settle(within=5)


def test_what_the_relays_did_not_take_is_kept_at_a_stop(relays: Relays) -> None:
    relays.workers["timeline"].failing.add("1")
    relays.workers["people"].failing.add("2")
    relays.streams["timeline"].numbers += ["1"]
    relays.streams["people"].numbers += ["1", "2", "3"]
    pumps = relays.start()
    pumps.start()
    assert not pumps.settle(within=0.5)
    assert pumps.stop() == 3
    kept = {file.name for file in relays.home.iterdir()}
    assert kept == {"relay_timeline.json", "relay_people.json"}
    relays.renew()
    pumps = relays.start()
    with running(pumps):
        assert pumps.settle(within=5)
    assert relays.got() == [[["1"]], [["2", "3"]]]


def test_when_the_clock_is_moved_every_schedule_ticks_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticked: list[str] = []

    def trigger(function: str) -> Trigger:
        every = Mock(schedule_expression=Rate(1, unit=Rate.MINUTES))
        tick = Mock(side_effect=lambda event, context: ticked.append(function))
        return Trigger(function, tick, every, {}, Worker().trigger().config)

    named = [trigger(name) for name in ("escalate_overdue_tickets", "change_shifts")]
    found = {ScheduledEventConfig: named}
    monkeypatch.setattr("infra.local.pumps.boto3.Session", Mock())
    now = Mock(return_value=datetime(2026, 3, 2, 9, tzinfo=UTC))
    place = Mock(home=tmp_path, now=now, triggers=lambda kind: found.get(kind, []))
    Pumps(place).fire_schedules()
    assert ticked == ["escalate_overdue_tickets", "change_shifts"]
    (event, _), _ = named[1].call.call_args
    assert event["time"] == "2026-03-02T09:00:00Z"
