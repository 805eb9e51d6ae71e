"""Measures a storm of alerts on a local desk: `python -m bench.alerts`, less with `--quick`."""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bench import alerts_calls, alerts_desk, alerts_load, alerts_report
from bench.alerts_desk import Reported
from bench.alerts_load import IDENTITIES, TAKEN, Sent
from bench.alerts_report import Figures
from tests.e2e.local_desk import LocalDesk

SINGLES, TENS, WITHIN, SEED = 4_000, 600, 58, 1
LARGE, AT_ONCE, CALLS = 3_000, 20, 2
DRAINED_WITHIN = 120
STORM, BODY, SAME = "storm", "one body", "all alike"
A_TIME = f"Goal, the storm drained within {DRAINED_WITHIN} s"  # a slow machine misses it

console = Console()


def main() -> int:
    """Print the tables, write the results; 1 if a goal is missed that is no time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of it")
    less = 10 if parser.parse_args().quick else 1
    calls = alerts_calls.of_a_repeat()
    with _running() as desk:
        storm = _storm(desk, SINGLES // less, TENS // less, WITHIN / less)
        same, unchanged = _same_at_once(desk)
        large = _large(desk, LARGE // less)
    figures = [storm, large, same]
    goals = judge(storm, large, same, unchanged, sum(calls.values()))
    console.print(alerts_report.load(figures), alerts_report.outcome(figures), sep="\n")
    console.print(f"A repeat calls DynamoDB {sum(calls.values())} times: {', '.join(calls)}.")
    for goal, reached in goals.items():
        console.print(f"{goal}: {'reached' if reached else 'missed'}.", highlight=False)
    alerts_report.write(figures, calls, goals)
    return 0 if all(goals[goal] for goal in goals if goal != A_TIME) else 1


def judge(
    storm: Figures, large: Figures, same: Figures, unchanged: bool, calls: int
) -> dict[str, bool]:
    everything = (storm, large, same)
    return {
        f"Goal, {IDENTITIES} identities are {IDENTITIES} incidents": storm.incidents == IDENTITIES,
        "Goal, none refused, none lost, no dead letters": not any(
            one.refused or one.lost or one.dead for one in everything
        ),
        f"Goal, a body of {large.alerts:,} is taken in one POST": large.incidents == large.alerts,
        f"Goal, {AT_ONCE} times the same at once changes nothing after the first": unchanged
        and same.incidents == 1,
        f"Goal, at most {CALLS} calls to DynamoDB for a repeat": calls <= CALLS,
        A_TIME: storm.drained <= DRAINED_WITHIN,
    }


@contextmanager
def _running() -> Iterator[LocalDesk]:
    """A desk as `make run` starts it, with its people and no tickets."""
    with TemporaryDirectory(prefix="tierline-alerts-") as name:
        desk = LocalDesk(Path(name) / "data", "empty")
        try:
            with console.status("Starting a local desk"):
                desk.start()
            yield desk
        finally:
            desk.kill()
            desk.close()


def _storm(desk: LocalDesk, singles: int, tens: int, within: float) -> Figures:
    bodies = alerts_load.storm(singles, tens, SEED)
    tool = alerts_desk.connect(desk, "storm")
    with console.status(f"Posting {len(bodies):,} times within {within:g} s"):
        return _measure(tool, STORM, singles + 10 * tens, len(bodies),
                        lambda: alerts_load.post_all(tool.address, bodies, within))  # fmt: skip


def _large(desk: LocalDesk, count: int) -> Figures:
    """Its limit lets all of it open at once; that of another tool would have it wait."""
    tool = alerts_desk.connect(desk, "large", incidents_per_minute=100_000)
    told = [alerts_load.alert(IDENTITIES + n, f"told as number {n}") for n in range(count)]
    bodies = [alerts_load.body(told)]
    with console.status(f"Posting {count:,} alerts in {len(bodies[0]) / 1e6:.1f} MB"):
        return _measure(tool, BODY, count, 1, lambda: alerts_load.post_all(tool.address, bodies, 0))


def _same_at_once(desk: LocalDesk) -> tuple[Figures, bool]:
    """Once more, when all has been done for the first ones, it must stay as it is."""
    tool = alerts_desk.connect(desk, "same")
    bodies = [alerts_load.body([alerts_load.alert(0, "always so")])] * AT_ONCE

    def post() -> list[Sent]:
        return alerts_load.post_all(tool.address, bodies, 0, AT_ONCE)

    with console.status(f"Posting the same {AT_ONCE} times at once"):
        first = alerts_load.post_all(tool.address, bodies[:1], 0)
        alerts_desk.drain(desk)
        (incident,) = tool.incidents()
        before = alerts_desk.told_of(desk, incident["id"])
        figures = _measure(tool, SAME, len(first) + AT_ONCE, len(first) + AT_ONCE, post)
        return figures, alerts_desk.told_of(desk, incident["id"]) == before


def _measure(
    tool: Reported, what: str, alerts: int, posts: int, post: Callable[[], list[Sent]]
) -> Figures:
    began = time.monotonic()
    sent = post()
    took = time.monotonic() - began
    drained = alerts_desk.drain(tool.desk, ("alerts",))
    settled = drained + alerts_desk.drain(tool.desk)
    found = tool.incidents()
    p50, p95 = alerts_report.answered(sent)
    return Figures(
        what=what, alerts=alerts, posts=posts, sent_within=took, p50=p50, p95=p95,
        refused=sum(one.status != TAKEN for one in sent), drained=drained, settled=settled,
        incidents=len(found), parts=sum(one["parent"] is not None for one in found),
        counted=sum(one["alerts"]["count"] for one in found),
        dead=alerts_desk.dead_letters(tool.desk),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
