"""The drill of the clocks from its first ticket to its table."""

from collections import Counter
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench.drills import plan, stories
from bench.drills.audit import WRONG, Found, audit
from bench.drills.ledger import Ledger
from bench.drills.life import EXPECTED, TAKEN
from bench.drills.plan import MINUTES
from bench.drills.shift import Shift, Tell, world_of

EXAMPLES = 5
POISON = '"PoisonTicket"'

console = Console(highlight=False)


def run(home: Path, seed: int, sabotage: str | None) -> int:
    """1 if a step was lost, doubled, early or out of order."""
    crew_home = home / "crew"
    crew_home.mkdir()
    changes, deliveries = plan.changes(seed), plan.deliveries(seed)
    shift = Shift(world_of(crew_home, sabotage), seed)
    with _progress() as progress:
        before = [one for one in changes if one.minute < 0]
        stories.furnish()
        shift.prepare(before, _bar(progress, "What happened before", len(before)))
        shift.run(deliveries, changes, _bar(progress, "Simulated minutes", MINUTES))
        _bar(progress, "Reading the timelines", 1)
        ledger = Ledger(crew_home)
        found = audit(plan.at(MINUTES), ledger)
    console.print(_injected(shift.injected, deliveries, ledger, crew_home), _table(found), sep="\n")
    for one in found.wrong[:EXAMPLES]:
        console.print(f"{one.sort}: {one.kind}", *map(str, one.where))
    hours = f"{MINUTES / 60:g} simulated hours, seed {seed}"
    console.print(f"{hours}: {'nothing' if not found.wrong else len(found.wrong)} wrong.")
    return 1 if found.wrong else 0


def _bar(progress: Progress, what: str, total: int) -> Tell:
    task = progress.add_task(what, total=total)
    return lambda done: progress.update(task, completed=done + 1)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=console, transient=True)


def _injected(
    injected: Counter[str], deliveries: list[plan.Delivery], ledger: Ledger, home: Path
) -> Table:
    told = {one.minute for one in deliveries}
    counted = {
        "ticks of the schedule": MINUTES,
        "ticks skipped": MINUTES - len(told),
        **injected,
        "messages worked on": ledger.messages,
        "messages given to two": ledger.twice,
        "writes": ledger.writes,
        "writes that others were before": ledger.tries - ledger.writes,
        "tickets that could not be swept": sum(
            path.read_text(errors="replace").count(POISON) for path in home.glob("*.log")
        ),
    }
    shown = Table("injected", "", box=SIMPLE)
    shown.columns[1].justify = "right"
    for what, number in counted.items():
        shown.add_row(what, f"{number:,}")
    return shown


def _table(found: Found) -> Table:
    sorts = (EXPECTED, TAKEN, *WRONG)
    shown = Table("step", *sorts, box=SIMPLE)
    for column in shown.columns[1:]:
        column.justify = "right"
    for kind, counts in found.counts.items():
        shown.add_row(kind, *(f"{counts[sort]:,}" for sort in sorts))
    return shown
