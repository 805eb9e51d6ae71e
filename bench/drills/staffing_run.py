"""The drill of staffing from its first ticket to its table."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.box import SIMPLE
from rich.table import Table

from bench.drills import plan, staffing_audit, staffing_desk, staffing_loads, staffing_plan
from bench.drills.clocks_run import EXAMPLES, _bar, _progress, console
from bench.drills.ledger import Ledger, Written, written
from bench.drills.plan import MINUTES
from bench.drills.shift import world_of
from bench.drills.staffing_shift import StaffingShift
from bench.drills.staffing_story import Remark
from chalicelib.models.timeline import TimelineEntry

KEPT = "acknowledged entries there"


def run(home: Path, seed: int, sabotage: str | None) -> int:
    """1 if a ticket was lost or a step doubled, or if a load is too much or wrong."""
    crew_home = home / "crew"
    crew_home.mkdir()
    changes, deliveries = staffing_plan.changes(seed), plan.deliveries(seed)
    staffing_desk.furnish()
    shift = StaffingShift(world_of(crew_home, sabotage), seed)
    with _progress() as progress:
        shift.run(deliveries, changes, _bar(progress, "Simulated minutes", MINUTES))
        _bar(progress, "Reading what came of it", 1)
        ledger = Ledger(crew_home)
        remarks = list(_remarks(ledger, crew_home))
    told = {one.minute for one in deliveries}
    counted = {
        "ticks of both schedules": MINUTES,
        "ticks skipped": MINUTES - len(told),
        **shift.injected,
        "messages worked on": ledger.messages,
        "messages given to two": ledger.twice,
        "writes": ledger.writes,
        "writes that others were before": ledger.tries - ledger.writes,
    }
    wrong = [one for one in remarks if one.wrong]
    console.print(_injected(counted), _found(remarks), sep="\n")
    for one in wrong[:EXAMPLES]:
        console.print(f"{one.check}: {one.where} {one.wrong}")
    hours = f"{MINUTES / 60:g} simulated hours, seed {seed}"
    console.print(f"{hours}: {len(wrong) or 'nothing'} wrong.")
    return 1 if wrong else 0


def _remarks(ledger: Ledger, home: Path) -> Iterator[Remark]:
    yield from staffing_audit.audit(plan.at(MINUTES))
    yield from staffing_loads.given(home)
    yield from _kept(ledger)


def _kept(ledger: Ledger) -> Iterator[Remark]:
    """What was said to be written must be there, whoever wrote it."""
    stored: set[Written] = set(map(written, TimelineEntry.scan(consistent_read=True)))
    for one in ledger.done:
        yield Remark(KEPT, " ".join(one), "" if one in stored else "is gone")


def _injected(counted: dict[str, int]) -> Table:
    shown = Table("injected", "", box=SIMPLE)
    shown.columns[1].justify = "right"
    for what, number in counted.items():
        shown.add_row(what, f"{number:,}")
    return shown


def _found(remarks: list[Remark]) -> Table:
    looked_at = Counter(one.check for one in remarks)
    wrong = Counter(one.check for one in remarks if one.wrong)
    shown = Table("audit", "looked at", "wrong", box=SIMPLE)
    for column in shown.columns[1:]:
        column.justify = "right"
    for check, number in looked_at.items():
        shown.add_row(check, f"{number:,}", f"{wrong[check]:,}")
    return shown
