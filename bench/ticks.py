"""Ticks of the sweep in a process of its own, which tells what each of them took."""

import os
import resource
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from time import perf_counter, process_time
from typing import Any

import boto3
import botocore.client
from botocore.config import Config

from bench import events, open_tickets
from chalicelib.domain.identifiers import entry_id
from chalicelib.domain.instants import to_text
from chalicelib.handlers.schedules import escalate_overdue_tickets
from chalicelib.models.timeline import TimelineEntry

BARE = Config(parameter_validation=False)
PUTS = 50


@dataclass(frozen=True)
class Took:
    """What one tick made of calls, seconds, and seconds of this process's own work."""

    calls: dict[str, int]
    seconds: float
    cpu: float
    swept: int
    handed_on: int


calls: Counter[str] = Counter()


def serve(pipe: Connection) -> None:
    """Do what the pipe asks, and answer it, until it is closed."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # metrics are lines of the log
    _count_calls()
    while True:
        try:
            name, *given = pipe.recv()
        except EOFError:
            return
        pipe.send(COMMANDS[name](*given))


def tick(at: datetime) -> Took:
    """The function that the schedule starts, as the schedule starts it."""
    calls.clear()
    began, cpu = perf_counter(), process_time()
    swept: Any = escalate_overdue_tickets(events.scheduled(to_text(at)), events.Context())
    spent = perf_counter() - began, process_time() - cpu
    return Took(dict(calls), *spent, swept["swept"], swept["handed_on"])


def memory() -> int:
    """The most that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def base() -> float:
    """Seconds of work in one bare PutItem by botocore: what every ratio here is measured by."""
    client = _dynamodb()
    item = {"ticket_id": {"S": "HD-BASE000"}, "text": {"S": "x" * 200}}
    began = process_time()
    for _ in range(PUTS):
        client.put_item(TableName="base", Item=item)
    return (process_time() - began) / PUTS


def steps(count: int) -> list[Any]:
    """What the sweep wrote first of each of the oldest tickets, to compare stores by."""
    found = (TimelineEntry.find(one, entry_id(2, 0)) for one in open_tickets.ids(count))
    return [one and (one.kind, one.at, one.data) for one in found]


def _count_calls() -> None:
    original = botocore.client.BaseClient._make_api_call

    def counting(self: Any, operation: str, parameters: Any) -> Any:
        calls[operation] += 1
        return original(self, operation, parameters)

    botocore.client.BaseClient._make_api_call = counting  # type: ignore[method-assign]


def _dynamodb() -> Any:
    session: Any = boto3.Session()
    return session.client("dynamodb", config=BARE)


COMMANDS: dict[str, Callable[..., Any]] = {
    "fill": open_tickets.fill, "tick": tick, "memory": memory, "base": base, "steps": steps,
}  # fmt: skip
