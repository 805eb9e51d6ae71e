"""How long one choice takes, by how many there are to choose from."""

from dataclasses import dataclass, replace
from random import Random
from statistics import median, quantiles
from time import perf_counter_ns

from bench import assignment_day
from bench.assignment_day import Plan
from chalicelib.domain.assignment import Candidate, Need, Strategy, choose

SIZES = (5, 50, 500, 5_000)
PERSON_CALLS, FEWEST_CALLS = 100_000, 40  # per row of the table: calls times candidates
NEED = Need(1, skills={"network": 1}, language="en")
PLAIN = Need(1)


@dataclass(frozen=True)
class Speed:
    """One choice, in microseconds; `candidates` are all of the tier asked for."""

    case: str
    candidates: int
    calls: int
    median: float
    p95: float


def measure(seed: int) -> list[Speed]:
    """Everybody on shift with room; with something asked; a third on shift; nobody with room."""
    found = []
    for size in SIZES:
        random = Random(seed)
        agents = assignment_day.agents_of(Plan(agents=size, shares=(1.0,)), random)
        off = [replace(agent.start, load=random.randint(0, 5)) for agent in agents]
        there = [replace(one, on_shift=True) for one in off]
        third = [replace(one, on_shift=place % 3 == 0) for place, one in enumerate(off)]
        full = [replace(one, load=one.capacity) for one in there]
        found += [
            _timed("all could take it", there, PLAIN),
            _timed("a skill and a language asked", there, NEED),
            _timed("a third on shift", third, PLAIN),
            _timed("nobody has room", full, PLAIN),
        ]
    return found


def _timed(case: str, candidates: list[Candidate], need: Need) -> Speed:
    calls = max(PERSON_CALLS // len(candidates), FEWEST_CALLS)
    took = []
    for _ in range(calls + calls // 10):
        began = perf_counter_ns()
        choose(candidates, need, Strategy.LOAD_BALANCED)
        took.append((perf_counter_ns() - began) / 1000)
    took = took[calls // 10 :]  # the first ones warm up
    p95 = quantiles(took, n=20)[-1]
    return Speed(case, len(candidates), calls, round(median(took), 1), round(p95, 1))
