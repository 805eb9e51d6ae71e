"""`make rehearsal`: build the bundle, deploy it on an emulator, and walk the journey through it."""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from infra.packaging import build, this_machine
from infra.rehearsal import cast, deployment, emulator
from infra.rehearsal.desk import Desk
from infra.rehearsal.journey import STEPS, Journey

LOG_TAIL, SEEN_AT_MOST = 4000, 80


@dataclass(frozen=True)
class Result:
    """How one step went."""

    title: str
    seconds: float
    saw: str
    passed: bool


class Rehearsal:
    """Takes steps, tells of each as it is taken, and remembers how it went."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.results: list[Result] = []

    def step(self, title: str, act: Callable[[], Any]) -> Any:
        """Answers what the step answered; None when it failed."""
        begun = time.monotonic()
        try:
            with self.console.status(f"{title} ..."):
                answer = act()
        except Exception as error:
            self._note(title, begun, f"{type(error).__name__}: {error}", passed=False)
            return None
        self._note(title, begun, answer if isinstance(answer, str) else "", passed=True)
        return answer

    @property
    def passed(self) -> bool:
        return all(result.passed for result in self.results)

    def _note(self, title: str, begun: float, saw: str, passed: bool) -> None:
        self.results.append(Result(title, time.monotonic() - begun, saw, passed))
        mark = "[green]ok[/]" if passed else "[red]failed[/]"
        self.console.print(f"{mark}  {title}", highlight=False)
        if not passed:
            self.console.print(saw[:LOG_TAIL], markup=False, highlight=False, style="dim")


def main() -> int:
    console = Console()
    rehearsal = Rehearsal(console)
    with tempfile.TemporaryDirectory(prefix="tierline-rehearsal-") as scratch:
        _rehearse(rehearsal, Path(scratch))
    console.print(_table(rehearsal.results))
    return 0 if rehearsal.passed else 1


def _rehearse(rehearsal: Rehearsal, home: Path) -> None:
    out = home / "bundle"
    bundle = rehearsal.step(
        "The bundle is built as for AWS", lambda: build(out, architecture=this_machine())
    )
    if bundle is None:
        return
    with emulator.running(home) as aws:
        stack = rehearsal.step(
            "CloudFormation creates the stack", lambda: deployment.deploy(bundle, aws)
        )
        if stack:
            title = "The same bundle again would change nothing"
            rehearsal.step(title, lambda: deployment.compare(bundle, aws))
            _walk(rehearsal, stack)
        if not rehearsal.passed:
            rehearsal.console.print(aws.log.read_text(errors="replace")[-LOG_TAIL:], markup=False)


def _walk(rehearsal: Rehearsal, stack: deployment.Deployment) -> None:
    people = rehearsal.step("People and an integration are stored", lambda: cast.assemble(stack))
    if people is None:
        return
    journey = Journey(Desk(stack), people)
    for step in STEPS:
        rehearsal.step(str(step.__doc__), partial(step, journey))


def _table(results: list[Result]) -> Table:
    table = Table(title="Rehearsal", title_justify="left")
    table.add_column("step")
    table.add_column("seconds", justify="right")
    table.add_column("")
    table.add_column("seen", overflow="fold")
    for result in results:
        mark = "[green]ok[/]" if result.passed else "[red]failed[/]"
        table.add_row(result.title, f"{result.seconds:.1f}", mark, result.saw[:SEEN_AT_MOST])
    return table


if __name__ == "__main__":
    sys.exit(main())
