"""What the benchmark of alerts found: its figures, as tables and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles

from rich.box import SIMPLE
from rich.table import Table

from bench.alerts_load import Sent
from bench.sweep_report import short

RESULTS = Path(__file__).parent / "results" / "alerts.json"


@dataclass(frozen=True)
class Figures:
    """What was posted, how it was answered, and what it came to.

    `drained` seconds after the last POST every alert had been acted on; `settled`, when agents had
    been chosen and mails sent too. `parts` are those of the incidents that belong to another one.
    """

    what: str
    alerts: int
    posts: int
    refused: int
    sent_within: float
    p50: float
    p95: float
    drained: float
    settled: float
    incidents: int
    parts: int
    counted: int
    dead: int

    @property
    def lost(self) -> int:
        return self.alerts - self.counted


def answered(sent: Sequence[Sent]) -> tuple[float, float]:
    """The seconds that half of the POSTs, and all but one in twenty, were answered within."""
    seconds = [one.seconds for one in sent]
    if len(seconds) == 1:
        return seconds[0], seconds[0]
    cuts = quantiles(seconds, n=20, method="inclusive")
    return cuts[9], cuts[18]


def load(figures: Sequence[Figures]) -> Table:
    names = (
        "alerts",
        "POSTs",
        "sent in s",
        "refused",
        "p50 ms",
        "p95 ms",
        "drained s",
        "settled s",
    )
    shown = _table(names)
    for one in figures:
        times = (one.p50 * 1000, one.p95 * 1000, one.drained, one.settled)
        counts = (f"{one.alerts:,}", f"{one.posts:,}", short(one.sent_within))
        shown.add_row(one.what, *counts, *map(short, times))
    return shown


def outcome(figures: Sequence[Figures]) -> Table:
    shown = _table(("alerts", "incidents", "parts", "counted", "refused", "lost", "dead"))
    for one in figures:
        numbers = (
            one.alerts,
            one.incidents,
            one.parts,
            one.counted,
            one.refused,
            one.lost,
            one.dead,
        )
        shown.add_row(one.what, *(f"{number:,}" for number in numbers))
    return shown


def write(figures: Sequence[Figures], calls: dict[str, int], goals: dict[str, bool]) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    content = {"goals": goals, "load": [asdict(one) for one in figures], "calls": calls}
    RESULTS.write_text(json.dumps(content, indent=2) + "\n")


def _table(names: tuple[str, ...]) -> Table:
    shown = Table("", *names, box=SIMPLE)
    for column in shown.columns[1:]:
        column.justify = "right"
    return shown
