"""Runs the crew through the simulated hours: minutes pass, ticks and changes are handed out."""

import time
from collections import Counter, deque
from collections.abc import Callable
from math import floor
from multiprocessing.connection import wait
from random import Random
from typing import Any

from bench.drills import crew, plan
from bench.drills.crew import World
from bench.drills.members import CREW, Member
from bench.drills.plan import MINUTES, Change, Delivery
from chalicelib.adapters import queues
from chalicelib.services import sweeping

WORKERS, DESKS = 2, 2
SOME = 100
A_MINUTE = 0.2  # real seconds that a simulated one takes at least
WAITING = 2  # ticks that may wait for a free sweeper when the next minute begins

Tell = Callable[[int], None]


class Shift:
    """The crew at work; `injected` counts what was done to it."""

    def __init__(self, world: World, seed: int) -> None:
        self.injected: Counter[str] = Counter()
        self._world, self._random = world, Random(f"shift {seed}")
        self._sweepers = [
            Member(crew.sweeper, world, name, skew) for name, skew in plan.SKEWS.items()
        ]
        skews = list(plan.SKEWS.values())
        self._workers = [
            Member(crew.worker, world, f"worker {n} of {seed}", skews[n]) for n in range(WORKERS)
        ]
        self._desks = [Member(crew.people, world, f"desk {n}") for n in range(DESKS)]
        self._waiting: deque[Delivery] = deque()
        self._given = -1

    def prepare(self, changes: list[Change], tell: Tell) -> None:
        """Play what happened before the start."""
        for first in range(0, len(changes), SOME):
            self._tell_desks(changes[first : first + SOME])
            tell(first)

    def run(self, deliveries: list[Delivery], changes: list[Change], tell: Tell) -> None:
        """All minutes, and at the end one tick that nothing happens to."""
        for minute in range(MINUTES):
            self._tell_desks([one for one in changes if floor(one.minute) == minute])
            self._waiting += self._shuffled(deliveries, minute)
            self._pass_a_minute(minute)
            tell(minute)
        self._world.minute.value = MINUTES
        self._waiting += self._shuffled(deliveries, MINUTES)
        self._settle()
        self._waiting.append(Delivery(MINUTES, MINUTES))
        self._settle()
        for member in self._everybody:
            member.dismiss()
        self.injected["sweepers killed"] = sum(one.kills for one in self._sweepers)
        self.injected["workers killed"] = sum(one.kills for one in self._workers)

    @property
    def _everybody(self) -> list[Member]:
        return [*self._sweepers, *self._workers, *self._desks]

    def _tell_desks(self, changes: list[Change]) -> None:
        """Everybody at a desk has tickets of their own, and does one thing after the other."""
        while any(desk.busy for desk in self._desks):
            self._listen()
        for number, desk in enumerate(self._desks):
            if mine := [one for one in changes if one.ticket % DESKS == number]:
                desk.give(mine)

    def _shuffled(self, deliveries: list[Delivery], minute: int) -> list[Delivery]:
        now = [one for one in deliveries if one.delivered_at == minute]
        return self._random.sample(now, len(now))

    def _pass_a_minute(self, minute: int) -> None:
        began = time.monotonic()
        while True:
            spent = (time.monotonic() - began) / A_MINUTE
            self._world.minute.value = minute + min(spent, 0.999)
            self._hand_out()
            if spent >= 1 and len(self._waiting) <= WAITING:
                return
            self._listen()

    def _settle(self) -> None:
        """Until nobody has anything left to do, twice in a row."""
        quiet = 0
        while quiet < 2:
            self._hand_out()
            self._listen()
            is_busy = self._waiting or any(one.busy for one in (*self._sweepers, *self._desks))
            quiet = 0 if is_busy or self._is_queued() else quiet + 1

    def _is_queued(self) -> bool:
        depth = queues.depth_now(sweeping.QUEUE)
        return depth["waiting"] + depth["in_flight"] > 0

    def _hand_out(self) -> None:
        free = [one for one in self._sweepers if not one.busy]
        self._random.shuffle(free)
        while free and self._waiting:
            delivery, sweeper = self._waiting.popleft(), free.pop()
            self._count(delivery, sweeper)
            sweeper.give(delivery)

    def _count(self, delivery: Delivery, sweeper: Member) -> None:
        self.injected["ticks delivered"] += 1
        self.injected["a second time"] += delivery.is_second
        self.injected["late"] += self._world.minute.value >= delivery.minute + 1
        self.injected["after a younger one"] += delivery.minute < self._given
        self.injected[f"to a clock that is {sweeper.name.partition(' ')[0]}"] += 1
        self._given = max(self._given, delivery.minute)

    def _listen(self) -> None:
        """Hear whoever has something to say, within a moment."""
        wait([one.pipe for one in self._everybody], timeout=0.01)
        for sweeper in self._sweepers:
            if swept := sweeper.answer():
                self.injected["tickets handed on"] += swept["handed_on"]
        for desk in self._desks:
            if done := desk.answer():
                self.injected["changes by people"] += done[0]
                self.injected["changes refused"] += done[1] - done[0]
        for worker in self._workers:
            worker.answer()


def world_of(home: Any, sabotage: str | None) -> World:
    return World(CREW.Value("d", 0.0, lock=False), home, sabotage)
