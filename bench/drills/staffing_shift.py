"""Runs the crew of the drill of staffing: as that of the clocks, with two relays more."""

from collections import Counter, deque
from random import Random

from bench.drills import plan, staffing_crew
from bench.drills.crew import World
from bench.drills.members import CREW, Member
from bench.drills.plan import Change, Delivery
from bench.drills.shift import DESKS, Shift, Tell
from bench.drills.staffing_crew import RELAYS, WORKERS, Round
from chalicelib.adapters import queues

HANDS = 4  # workers, so that several always race
DYING, AGAIN = 0.02, 0.1
SURE = 2  # looks that found nothing, the first of which may have begun too early
CREW.set_forkserver_preload(["bench.drills.staffing_crew"])


class StaffingShift(Shift):
    """The same minutes, ticks and desks; both schedules tick, and workers take from all queues."""

    def __init__(self, world: World, seed: int) -> None:
        self.injected: Counter[str] = Counter()
        self._world, self._random = world, Random(f"shift {seed}")
        self._waiting: deque[Delivery] = deque()
        self._given = -1
        crew = staffing_crew
        self._sweepers = [
            Member(crew.ticker, world, name, skew) for name, skew in plan.SKEWS.items()
        ]
        self._relays = [Member(crew.relay, world, table) for table in RELAYS]
        self._looks = dict.fromkeys(RELAYS, SURE)
        self._workers = [Member(crew.worker, world, f"worker {n} of {seed}") for n in range(HANDS)]
        self._desks = [Member(crew.people, world, f"desk {n}") for n in range(DESKS)]

    def run(self, deliveries: list[Delivery], changes: list[Change], tell: Tell) -> None:
        super().run(deliveries, changes, tell)
        self.injected["relays killed"] = sum(one.kills for one in self._relays)

    @property
    def _everybody(self) -> list[Member]:
        return [*super()._everybody, *self._relays]

    def _is_queued(self) -> bool:
        """Or written, and not yet told: the relays have to look again after the last message."""
        depths = (queues.depth_now(name) for name in WORKERS)
        if any(depth["waiting"] + depth["in_flight"] for depth in depths):
            self._looks = dict.fromkeys(RELAYS, SURE)
        return any(self._looks.values())

    def _listen(self) -> None:
        """The relays look again as soon as they have looked."""
        for one in self._relays:
            if not one.busy:
                one.give(self._round())
        super()._listen()
        for one in self._relays:
            was_busy, told = one.busy, one.answer()
            if was_busy and not one.busy:
                looks = self._looks[one.name] - 1
                self._looks[one.name] = max(looks, 0) if told == 0 else SURE
                self.injected["stream records told"] += told or 0

    def _round(self) -> Round:
        is_dying, random = self._random.random() < DYING, self._random
        dies_at = random.randint(2, 4) if is_dying else None
        return Round(dies_at, random.random() < 0.5, random.random() < AGAIN)
