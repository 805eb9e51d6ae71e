"""Measures how long adding 40 working hours takes: `python -m bench.business_hours`."""

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter_ns
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from chalicelib.adapters import public_holidays
from chalicelib.domain import business_hours
from chalicelib.domain.business_hours import add_working, working_seconds
from chalicelib.domain.calendars import Calendar, check
from tests import oracle

RESULTS = Path(__file__).parent / "results" / "business_hours.json"
GOAL = 50.0  # microseconds, the median
WORK = timedelta(hours=40)
YEAR, NEW_YEAR = timedelta(days=365), datetime(2026, 1, 1, tzinfo=UTC)
STARTS, COLD_STARTS, WALKS, ROUNDS = 2_000, 200, 20, 5
HOURS = [["08:00", "10:00"], ["10:15", "12:30"], ["13:30", "17:00"]]
ADDED, PLAIN, WALKED = "add 40 working hours", "datetime + timedelta", "minute by minute"

Call = Callable[[datetime], object]


@dataclass(frozen=True)
class Figures:
    """How long one call takes, in microseconds."""

    name: str
    calls: int
    median: float
    p95: float


def main() -> int:
    """Print the table, write the results; 1 if the goal is missed."""
    data = calendar_data()
    calendar, starts = Calendar.from_data(data), spread(STARTS)
    confirm(data, calendar, starts[:WALKS])
    rows = measure_all(data, calendar, starts)
    reached = rows[0].median < GOAL
    console = Console()
    console.print(table(rows))
    console.print(f"Goal, a median under {GOAL:g} µs: {'reached' if reached else 'missed'}.")
    write(rows, reached)
    return 0 if reached else 1


def calendar_data() -> dict[str, Any]:
    """Three intervals a weekday, Bavaria's holidays and some of its own, a Saturday a month."""
    saturdays = [date(2026, 1, 3) + timedelta(weeks=4 * month) for month in range(13)]
    data = {
        "id": "bench",
        "name": "Munich office",
        "zone": "Europe/Berlin",
        "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), HOURS),
        "holidays": ["2026-02-17", "2026-12-24", "2026-12-31"],
        "openings": {day.isoformat(): [["09:00", "12:00"]] for day in saturdays},
        "country": "DE",
        "region": "BY",
        "public_holidays": names_by_date("DE", "BY", (2026, 2027)),
    }
    if wrong := check(data):
        raise ValueError(wrong)
    return data


def names_by_date(country: str, region: str, years: Iterable[int]) -> dict[str, str]:
    found = public_holidays.on(country, region, years)
    return {day.isoformat(): name for day, name in found.items()}


def spread(count: int) -> list[datetime]:
    """Instants all over a year, none twice, in no order; the same ones in each run."""
    random = Random(40)
    slots = [NEW_YEAR + YEAR * n / count for n in range(count)]
    random.shuffle(slots)
    return [slot + timedelta(seconds=random.uniform(0, 3600)) for slot in slots]


def confirm(data: dict[str, Any], calendar: Calendar, starts: list[datetime]) -> None:
    """Fast and wrong would be worth nothing."""
    for start in starts:
        if add_working(calendar, start, WORK.total_seconds()) != walk(data, start):
            raise ValueError(f"From {start}, the answer is not the slow walk's.")


def walk(data: dict[str, Any], start: datetime) -> datetime | None:
    oracle.wall.cache_clear()
    return oracle.walked_to(data, start, WORK, until=start + timedelta(days=60))


def measure_all(data: dict[str, Any], calendar: Calendar, starts: list[datetime]) -> list[Figures]:
    anew = {start: Calendar.from_data(data) for start in starts}
    few = starts[:WALKS]
    forty, year = partial(add_forty, calendar), partial(measure_a_year, calendar)
    return [
        measure(ADDED, forty, starts * ROUNDS),
        measure("calendar read anew", lambda at: add_forty(anew[at], at), starts * ROUNDS),
        measure(PLAIN, lambda at: at + WORK, starts * ROUNDS),
        measure(WALKED, partial(walk, data), few),
        measure("first in a year, cold", forty, starts[:COLD_STARTS], forget),
        measure("a whole year, cold", year, few, forget),
    ]


def add_forty(calendar: Calendar, start: datetime) -> datetime:
    return add_working(calendar, start, WORK.total_seconds())


def measure_a_year(calendar: Calendar, start: datetime) -> float:
    return working_seconds(calendar, start, start + YEAR)


def forget() -> None:
    """As in a process that has just begun: no week of any calendar or zone is laid out."""
    business_hours._week.cache_clear()
    business_hours._pieces.cache_clear()


def measure(
    name: str, call: Call, starts: list[datetime], before: Callable[[], object] = int
) -> Figures:
    """Time each call by itself, less what it costs to time nothing; the first tenth warms up."""
    nothing = median(timed(lambda at: None, starts, int))
    took = timed(call, starts[: len(starts) // 10] + starts, before)[len(starts) // 10 :]
    net = [(one - nothing) / 1000 for one in took]
    return Figures(name, len(net), round(median(net), 3), round(quantiles(net, n=20)[-1], 3))


def timed(call: Call, starts: list[datetime], before: Callable[[], object]) -> list[int]:
    took = []
    for start in starts:
        before()
        began = perf_counter_ns()
        call(start)
        took.append(perf_counter_ns() - began)
    return took


def table(rows: list[Figures]) -> Table:
    medians = {row.name: row.median for row in rows}
    ratios = ("slower than plain", "faster than walk")
    shown = Table("one call", "calls", "median µs", "p95 µs", *ratios, box=SIMPLE)
    shown.columns[0].no_wrap = True
    for column in shown.columns[1:]:
        column.justify = "right"
    for row in rows:
        against = (row.median / medians[PLAIN], medians[WALKED] / row.median)
        shown.add_row(row.name, *map(short, (row.calls, row.median, row.p95, *against)))
    return shown


def short(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 or figure == int(figure) else f"{figure:.2f}"


def write(rows: list[Figures], reached: bool) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    content = {"goal": GOAL, "reached": reached, "figures": [asdict(row) for row in rows]}
    RESULTS.write_text(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
