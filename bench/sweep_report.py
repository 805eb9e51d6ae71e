"""What the benchmark of the sweep found: its figures, as tables and as JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.box import SIMPLE
from rich.table import Table

RESULTS = Path(__file__).parent / "results" / "sweep.json"
IDLE, DUE = "nothing due", "100 due"
STAND_IN, EMULATOR = "stand-in", "emulator"
MIB = 2**20


@dataclass(frozen=True)
class Figures:
    """The medians of one kind of tick at one size; seconds are those of one tick.

    `grown` is its work against the same at the smallest size, pair by pair. `bare_puts` is the work
    for each due ticket, without what looking alone takes, against one PutItem by botocore alone.
    """

    tick: str
    store: str
    open: int
    due: int
    ticks: int
    calls: int
    seconds: float
    cpu: float
    grown: float | None = None
    bare_puts: float | None = None


@dataclass(frozen=True)
class Peak:
    """The most memory of a process that ran one tick, in bytes, and what it handed on."""

    due: int
    calls: int
    handed_on: int
    seconds: float
    idle: int
    resident: int


def growth(figures: list[Figures]) -> Table:
    """Ratios are by the ticking process's own work, since only that is the sweep's."""
    names = ("tick", "store", "open", "calls", "ms", "CPU ms", "x smallest")
    shown = _table(names, words=2)
    for one in figures:
        counts, times = (f"{one.open:,}", str(one.calls)), (one.seconds * 1000, one.cpu * 1000)
        shown.add_row(one.tick, one.store, *counts, *map(short, times), _ratio(one.grown))
    return shown


def steps(figures: list[Figures]) -> Table:
    """What one due ticket takes."""
    shown = _table(("each due ticket", "open", "calls", "CPU ms", "x bare put"), words=1)
    for one in figures:
        if one.due:
            each = (one.calls / one.due, one.cpu / one.due * 1000)
            shown.add_row(one.store, f"{one.open:,}", *map(short, each), _ratio(one.bare_puts))
    return shown


def memory(peaks: list[Peak]) -> Table:
    shown = _table(("due", "handed on", "calls", "seconds", "MiB idle", "MiB", "ratio"), words=0)
    for one in peaks:
        counts = (f"{figure:,}" for figure in (one.due, one.handed_on, one.calls))
        sizes = (one.idle / MIB, one.resident / MIB, one.resident / peaks[0].resident)
        shown.add_row(*counts, *map(short, (one.seconds, *sizes)))
    return shown


def write(figures: list[Figures], peaks: list[Peak], goals: dict[str, bool]) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    ticks, memories = [asdict(one) for one in figures], [asdict(one) for one in peaks]
    content = {"goals": goals, "ticks": ticks, "memory": memories}
    RESULTS.write_text(json.dumps(content, indent=2) + "\n")


def _ratio(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.2f}"


def _table(names: tuple[str, ...], words: int) -> Table:
    shown = Table(*names, box=SIMPLE)
    for column in shown.columns[words:]:
        column.justify = "right"
    return shown


def short(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 or figure == int(figure) else f"{figure:.2f}"
