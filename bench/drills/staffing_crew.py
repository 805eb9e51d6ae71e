"""The processes of the drill of staffing: ticks, relays of the streams, workers, people.

Each may be killed at any of its calls, and whoever comes in its place gets what it had in hand.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from random import Random
from typing import Any

import boto3
from botocore.exceptions import ClientError

from bench import events
from bench.drills import plan, staffing_sabotage
from bench.drills.crew import World, _asked, _begin
from bench.drills.staffing_people import Desk
from bench.drills.wire import Tap
from chalicelib.adapters.aws import client
from chalicelib.config import config
from chalicelib.domain.instants import to_text
from chalicelib.handlers import schedules, stream
from chalicelib.handlers.workers import staffing, sweep, tiers
from infra.local.checkpoint import StreamReader

HELD_FOR = 3  # seconds, after which a killed worker's message comes again
PUT_OFF = 2  # seconds at most, for which a message is made to wait
TWICE, LATE, DYING = 0.15, 0.1, 0.015
CALLS = 12  # a dying worker dies at one of so many
IDLE = 0.1  # seconds without a look after one that found nothing

Function = Callable[[Any, Any], Any]
WORKERS: dict[str, Function] = {
    "tier1": tiers.work_tier1,
    "tier2": tiers.work_tier2,
    "tier3": tiers.work_tier3,
    "staffing": staffing.work_staffing,
    "sweep": sweep.advance_due_tickets,
}
RELAYS: dict[str, Function] = {
    "timeline": stream.relay_timeline,
    "people": stream.relay_people,
}


@dataclass(frozen=True)
class Round:
    """A relay's look into its stream; it may die on the way, or forget how far it got."""

    dies_at: int | None = None
    after: bool = False
    again: bool = False


def ticker(pipe: Connection, world: World, name: str, skew: int) -> None:
    """Both schedules when told to, by a machine's clock that may be wrong."""
    tap = _begin(world, name, skew)
    for delivery in _asked(pipe):
        tap.die_at(delivery.dies_at, delivery.after)
        event = events.scheduled(to_text(plan.at(delivery.minute)))
        changed: Any = schedules.change_shifts(event, events.Context())
        swept: Any = schedules.escalate_overdue_tickets(event, events.Context())
        tap.die_at(None, False)
        pipe.send({**changed, **swept})


def relay(pipe: Connection, world: World, name: str, skew: int) -> None:
    """Tells the queues what is new in a stream, and how many records that were."""
    tap, table = _begin(world, name, skew), name.partition(" ")[0]
    reader = StreamReader(boto3.client("dynamodbstreams"), arn_of(table), world.home / table)
    for asked in _asked(pipe):
        tap.die_at(asked.dies_at, asked.after)
        records = reader.read()
        if records:
            _told(RELAYS[table], reader, records, asked.again)
        else:
            time.sleep(IDLE)
        tap.die_at(None, False)
        pipe.send(len(records))


def worker(pipe: Connection, world: World, name: str, skew: int) -> None:
    """Takes from all queues; puts some messages off, and lets others have some at the same time."""
    tap, random = _begin(world, name, skew), Random(name)
    is_forgetful = staffing_sabotage.begin(world.sabotage)
    found = True
    while not pipe.poll(0 if found else IDLE):
        found = False
        for queue in random.sample(list(WORKERS), len(WORKERS)):
            for message in _received(queue, random):
                found = True
                if _is_for_later(queue, message, tap, random):
                    continue
                is_dying, after = random.random() < DYING, random.random() < 0.5
                tap.die_at(random.randint(1, CALLS) if is_dying else None, after)
                _work(queue, message, is_forgetful)
                tap.die_at(None, False)


def people(pipe: Connection, world: World, name: str, skew: int) -> None:
    """Do what the plan says at the true time."""
    _begin(world, name, skew)
    desk = Desk()
    for changes in _asked(pipe):
        done = [desk.do(one, world.now()) for one in changes]
        pipe.send((done.count(True), len(done) - done.count(None)))


@cache
def arn_of(table: str) -> str:
    """A table's stream."""
    described = boto3.client("dynamodb").describe_table(TableName=config.name(table))
    return str(described["Table"]["LatestStreamArn"])


def _told(function: Function, reader: StreamReader, records: list[Any], again: bool) -> None:
    answer = function({"Records": records}, events.Context())
    failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
    names = [one["dynamodb"]["SequenceNumber"] for one in records]
    done = next((place for place, name in enumerate(names) if name in failed), len(records))
    if done and not again:
        reader.advance(records[:done])
    if again or failed:
        reader.rewind()


def _received(queue: str, random: Random) -> Iterator[dict[str, Any]]:
    """Some messages, in any order."""
    answer = client("sqs").receive_message(
        QueueUrl=_url(queue), MaxNumberOfMessages=5, VisibilityTimeout=HELD_FOR, WaitTimeSeconds=0
    )
    messages = answer.get("Messages", [])
    yield from random.sample(messages, len(messages))


def _is_for_later(queue: str, message: dict[str, Any], tap: Tap, random: Random) -> bool:
    """Some are put off; some are shown to others as well, while this one works on them."""
    (sort,) = random.choices(("late", "twice", "once"), (LATE, TWICE, 1 - LATE - TWICE))
    tap.note(message=message["MessageId"], twice=sort == "twice", late=sort == "late")
    if sort != "once":
        with suppress(ClientError):  # somebody else has it by now
            client("sqs").change_message_visibility(
                QueueUrl=_url(queue),
                ReceiptHandle=message["ReceiptHandle"],
                VisibilityTimeout=random.randint(1, PUT_OFF) if sort == "late" else 0,
            )
    return sort == "late"


def _work(queue: str, message: dict[str, Any], is_forgetful: bool) -> None:
    if is_forgetful:
        _delete(queue, message)
    answer: Any = WORKERS[queue](events.queued([message]), events.Context())
    if not answer["batchItemFailures"]:
        _delete(queue, message)


def _delete(queue: str, message: dict[str, Any]) -> None:
    with suppress(ClientError):  # another may have received it since, and will delete it then
        client("sqs").delete_message(QueueUrl=_url(queue), ReceiptHandle=message["ReceiptHandle"])


@cache
def _url(queue: str) -> str:
    return str(client("sqs").get_queue_url(QueueName=config.name(queue))["QueueUrl"])
