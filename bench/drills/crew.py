"""The processes of the drill: sweepers, workers of the sweep queue, and people at the desk."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from botocore.exceptions import ClientError

from bench import events
from bench.drills import plan
from bench.drills.stories import People
from bench.drills.wire import Tap
from chalicelib.adapters import clock
from chalicelib.adapters.aws import client
from chalicelib.config import config
from chalicelib.domain.instants import to_text
from chalicelib.handlers.schedules import escalate_overdue_tickets
from chalicelib.handlers.workers.sweep import advance_due_tickets
from chalicelib.services import sweeping

AT_ONCE = 40  # so that much goes over the queue, which in real life is for bad days only
HELD_FOR = 3  # seconds, after which a killed worker's message comes again
TWICE, DYING = 0.2, 0.05
LOCAL_CLOCK, UNGUARDED = "local-clock", "unguarded"


@dataclass(frozen=True)
class World:
    """What all processes share: the true time in minutes since the start, and where to write."""

    minute: Any
    home: Path
    sabotage: str | None

    def now(self) -> datetime:
        return plan.at(self.minute.value)

    def log_of(self, name: str) -> Path:
        return self.home / f"{name}.log"


def sweeper(pipe: Connection, world: World, name: str, skew: int) -> None:
    """Ticks when told to, by a machine's clock that may be wrong."""
    tap = _begin(world, name, skew)
    for delivery in _asked(pipe):
        tap.die_at(delivery.dies_at, delivery.after)
        is_told = world.sabotage != LOCAL_CLOCK
        event = events.scheduled(to_text(plan.at(delivery.minute)) if is_told else "")
        pipe.send(escalate_overdue_tickets(event, events.Context()))


def worker(pipe: Connection, world: World, name: str, skew: int) -> None:
    """Works on the sweep queue, and lets another have a message again while it does."""
    tap, random = _begin(world, name, skew), Random(name)
    while not pipe.poll():
        for message in _receive():
            is_twice = random.random() < TWICE
            tap.note(message=message["MessageId"], twice=is_twice)
            if is_twice:
                _release(message)
            tap.die_at(random.randint(1, 10) if random.random() < DYING else None, False)
            _work(message)
            tap.die_at(None, False)


def people(pipe: Connection, world: World, name: str, skew: int) -> None:
    """Do what the plan says at the true time, or before the start at the time it says."""
    _begin(world, name, skew, may_be_unguarded=False)
    known = People()
    for changes in _asked(pipe):
        done = [known.do(one, one.at if one.minute < 0 else world.now()) for one in changes]
        pipe.send((sum(done), len(done)))


def _asked(pipe: Connection) -> Iterator[Any]:
    """What comes through a pipe, until it is closed."""
    while True:
        try:
            yield pipe.recv()
        except EOFError:
            return


def _begin(world: World, name: str, skew: int, may_be_unguarded: bool = True) -> Tap:
    log = os.open(world.log_of(name), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    clock.use(lambda: world.now() + timedelta(minutes=skew))
    sweeping.AT_ONCE = AT_ONCE
    unguarded = may_be_unguarded and world.sabotage == UNGUARDED
    return Tap(world.home / f"{name}.ledger", world.now, unguarded)


def _receive() -> list[dict[str, Any]]:
    answer = client("sqs").receive_message(
        QueueUrl=_queue(), VisibilityTimeout=HELD_FOR, WaitTimeSeconds=1
    )
    return list(answer.get("Messages", []))


def _release(message: dict[str, Any]) -> None:
    handle = message["ReceiptHandle"]
    client("sqs").change_message_visibility(
        QueueUrl=_queue(), ReceiptHandle=handle, VisibilityTimeout=0
    )


def _work(message: dict[str, Any]) -> None:
    answer: Any = advance_due_tickets(events.queued([message]), events.Context())
    if answer["batchItemFailures"]:
        return
    # another may have received it since, and will delete it then
    with suppress(ClientError):
        client("sqs").delete_message(QueueUrl=_queue(), ReceiptHandle=message["ReceiptHandle"])


@cache
def _queue() -> str:
    name = config.name(sweeping.QUEUE)
    return str(client("sqs").get_queue_url(QueueName=name)["QueueUrl"])
