"""One process of the crew, as the drill holds it: told what to do, and replaced when it is dead."""

import signal
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

from bench.drills.crew import World

CREW = get_context("forkserver")
CREW.set_forkserver_preload(["bench.drills.crew"])


class Died(Exception):
    """A process of the crew ended in a way that nobody planned."""


class Member:
    """A process with a pipe; `busy` with what it was given last, until it answers."""

    def __init__(self, job: Callable[..., None], world: World, name: str, skew: int = 0) -> None:
        self.name, self.kills = name, 0
        self.busy: Any = None
        self._job, self._world, self._skew = job, world, skew
        self._start()

    def give(self, task: Any) -> None:
        self.busy = task
        self.pipe.send(task)

    def answer(self) -> Any:
        """What it said, None while it says nothing or if it was killed, and then replaced."""
        try:
            if not self.pipe.poll():
                return None
            said = self.pipe.recv()
        except (EOFError, ConnectionError):
            self._replace()
            said = None
        self.busy = None
        return said

    def dismiss(self) -> None:
        """No more to do; it ends after what it has in hand."""
        self.pipe.close()
        self._process.join(10)

    @property
    def _life(self) -> str:
        """A name of its own, so that a new one does not draw the lots of the one before."""
        return f"{self.name} {self.kills}"

    def _start(self) -> None:
        self.pipe, there = CREW.Pipe()
        given = (there, self._world, self._life, self._skew)
        self._process = CREW.Process(target=self._job, args=given, daemon=True)
        self._process.start()
        there.close()

    def _replace(self) -> None:
        self._process.join()
        if self._process.exitcode != -signal.SIGKILL:
            log = self._world.log_of(self._life)
            said = log.read_text(errors="replace") if log.exists() else ""
            raise Died(f"{self._life} ended with {self._process.exitcode}:\n{said[-2000:]}")
        self.kills += 1
        self._start()
