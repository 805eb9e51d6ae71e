"""Desks to sweep: each a store with open tickets, and a process that ticks there when asked."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from bench import store, ticks
from bench.ticks import Took


@dataclass(frozen=True)
class Desk:
    """How many tickets are open, where, and the process that sweeps them."""

    open: int
    endpoint: str
    pipe: Connection

    def begin(self, name: str, *given: Any) -> None:
        """Have something done, while others do something too; `end` waits for its answer."""
        self.pipe.send((name, *given))

    def end(self) -> Any:
        return self.pipe.recv()

    def ask(self, name: str, *given: Any) -> Any:
        self.begin(name, *given)
        return self.end()

    def tick(self, at: datetime) -> Took:
        took: Took = self.ask("tick", at)
        return took


@contextmanager
def stand_in(count: int) -> Iterator[Desk]:
    """An empty store of our own for so many tickets, and a process to tick there."""
    command = [sys.executable, "-m", "bench.store"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        endpoint = f"http://{store.HOST}:{process.stdout.readline().strip()}"
        with ticking(count, endpoint) as desk:
            yield desk


@contextmanager
def ticking(count: int, endpoint: str) -> Iterator[Desk]:
    """A process that has only just begun, on a store that is there already."""
    os.environ["AWS_ENDPOINT_URL"] = endpoint
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=ticks.serve, args=(there,), daemon=True)
    process.start()
    there.close()
    with here:
        yield Desk(count, endpoint, here)
    process.join()
