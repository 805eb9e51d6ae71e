"""What the benchmark of assignment found: its figures, as tables and as JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from bench.assignment_day import HOUR, MINUTE, MINUTES, Day, Plan, hours_on_shift
from bench.assignment_simulation import Outcome, Way
from bench.assignment_speed import SIZES, Speed
from bench.sweep_report import short
from chalicelib.domain.vocabulary import Priority

RESULTS = Path(__file__).parent / "results" / "assignment.json"
END = MINUTES * MINUTE
PARTS = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}


@dataclass(frozen=True)
class Figures:
    """One way through the day. Waits are in seconds, those of tickets left over up to midnight.

    `deviation` and `spread` are means over the samples: the standard deviation of the load ratios
    of those on shift, and the highest less the lowest. `fairness` is Jain's index over the weight
    that each agent was given per hour on shift; `fair_in_group` the same within those of one tier
    and shift, since nobody can hand quiet hours the tickets of busy ones.
    """

    way: str
    tickets: int
    left_over: int
    waited: float
    over_an_hour: int
    mean_wait: float
    waits: dict[str, float]
    p99_by_priority: dict[str, float]
    most_waiting: int
    deviation: float
    spread: float
    fairness: float
    fair_in_group: float
    cpu: float


def figures(way: Way, day: Day, outcome: Outcome, cpu: float) -> Figures:
    found = [(one.ticket.priority, one.at - one.ticket.at) for one in outcome.given]
    found += [(ticket.priority, END - ticket.at) for ticket in outcome.waiting]
    waits = sorted(wait for _, wait in found)
    by_priority = {
        priority.value: _part(sorted(wait for of, wait in found if of is priority), 0.99)
        for priority in Priority
    }
    rates = _rates(day, outcome)
    groups = list(_groups(day, rates))
    return Figures(
        way=way.value,
        tickets=len(found),
        left_over=len(outcome.waiting),
        waited=sum(wait > 0 for wait in waits) / len(waits),
        over_an_hour=sum(wait > HOUR for wait in waits),
        mean_wait=fmean(waits),
        waits={name: _part(waits, share) for name, share in PARTS.items()},
        p99_by_priority=by_priority,
        most_waiting=max(one.waiting for one in outcome.samples),
        deviation=fmean(one.deviation for one in outcome.samples),
        spread=fmean(one.spread for one in outcome.samples),
        fairness=jain(list(rates.values())),
        fair_in_group=sum(jain(one) * len(one) for one in groups) / len(rates),
        cpu=cpu,
    )


def jain(shares: list[float]) -> float:
    """1 if all have the same; 1/n if one of n has everything."""
    squares = sum(share * share for share in shares)
    return sum(shares) ** 2 / (len(shares) * squares) if squares else 1.0


def _part(ordered: list[float], share: float) -> float:
    """The smallest that so large a share does not exceed."""
    return ordered[max(-int(-share * len(ordered) // 1), 1) - 1] if ordered else 0.0


def _rates(day: Day, outcome: Outcome) -> dict[str, float]:
    weights = {agent.start.id: 0 for agent in day.agents}
    for one in outcome.given:
        weights[one.agent] += one.ticket.need.weight
    return {
        agent.start.id: weights[agent.start.id] / hours_on_shift(agent.shift)
        for agent in day.agents
    }


def _groups(day: Day, rates: dict[str, float]) -> Iterator[list[float]]:
    found: dict[Any, list[float]] = {}
    for agent in day.agents:
        group = found.setdefault((agent.start.tiers, agent.shift.id), [])
        group.append(rates[agent.start.id])
    yield from found.values()


def waiting(rows: list[Figures]) -> Table:
    shown = _table(("seconds waited", *PARTS, "at all", "> 1 h", "left"))
    for one in rows:
        counts = (f"{one.waited:.1%}", str(one.over_an_hour), str(one.left_over))
        shown.add_row(one.way, *map(short, one.waits.values()), *counts)
    return shown


def priorities(rows: list[Figures]) -> Table:
    shown = _table(("p99, seconds", *Priority))
    for one in rows:
        shown.add_row(one.way, *map(short, one.p99_by_priority.values()))
    return shown


def loads(rows: list[Figures]) -> Table:
    names = ("deviation", "max - min", "Jain", "Jain in a shift", "CPU s")
    shown = _table(("load and fairness", *names))
    for one in rows:
        figures = (one.deviation, one.spread, one.fairness, one.fair_in_group)
        shown.add_row(one.way, *(f"{figure:.3f}" for figure in figures), f"{one.cpu:.1f}")
    return shown


def ratios(rows: list[Figures]) -> Table:
    """The first row is the baseline."""
    names = ("p99", "p99 of P1", "deviation", "max - min", "Jain")
    shown = _table(("x random", *names))
    for one in rows[1:]:
        pairs = zip(_compared(one), _compared(rows[0]), strict=True)
        shown.add_row(one.way, *(f"{own / other:.2f}" if other else "" for own, other in pairs))
    return shown


def _compared(one: Figures) -> tuple[float, ...]:
    waits = (one.waits["p99"], one.p99_by_priority[Priority.P1])
    return (*waits, one.deviation, one.spread, one.fairness)


def speeds(rows: list[Speed]) -> Table:
    """Medians, by how many there are to choose from."""
    medians = {(one.case, one.candidates): one.median for one in rows}
    shown = _table(("one choose, µs", *(f"of {size:,}" for size in SIZES)))
    for case in dict.fromkeys(one.case for one in rows):
        shown.add_row(case, *(short(medians[case, size]) for size in SIZES))
    return shown


def write(plan: Plan, day: Day, rows: list[Figures], choices: list[Speed]) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "plan": asdict(plan),
        "hourly_utilisation": day.hourly,
        "mean_minutes": day.mean_minutes,
        "ways": [asdict(one) for one in rows],
        "choose": [asdict(one) for one in choices],
    }
    RESULTS.write_text(json.dumps(_rounded(content), indent=2) + "\n")


def _rounded(content: Any) -> Any:
    if isinstance(content, dict):
        return {name: _rounded(one) for name, one in content.items()}
    if isinstance(content, list | tuple):
        return [_rounded(one) for one in content]
    return round(content, 4) if isinstance(content, float) else content


def _table(names: tuple[str, ...]) -> Table:
    shown = Table(*names, box=SIMPLE)
    shown.columns[0].no_wrap = True
    for column in shown.columns[1:]:
        column.justify = "right"
    return shown
