"""A monitoring program as a process of its own, what it looks at, and the incident it opens."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.e2e.calls import API
from tests.e2e.local_desk import ROOT, LocalDesk
from tests.e2e.waiting import eventually

DOCS = ROOT / "docs" / "monitoring"
INSTALLED_AS = "/usr/local/bin/tierline-notify.py"
WITHIN = 40
LOOK = """
is=$(cat {state}); now=$is
if [ "$is" = flapping ]; then now=2; [ "$(cat {last})" = 2 ] && now=0; fi
echo $now > {last}
[ $now = 0 ] && {{ echo well; exit 0; }}
echo '"2%" of <b>a&b</b> is $free'
exit $now
"""

Incident = dict[str, Any]
IsSo = Callable[[Incident], Any]


def needs(program: str) -> pytest.MarkDecorator:
    """Tests are skipped where it is not installed."""
    missing = shutil.which(program) is None
    return pytest.mark.skipif(missing, reason=f"{program} is not installed")


def documented(source: str, words: str) -> str:
    """The block of a source's page that holds these words."""
    blocks = (DOCS / f"{source}.md").read_text().split("```")[1::2]
    return dedent(next(block for block in blocks if words in block).partition("\n")[2])


def connected(desk: LocalDesk, source: str, name: str, **policy: Any) -> dict[str, Any]:
    """A new integration of the desk, with its address and its secret."""
    wanted = {"name": name, "source": source, **policy}
    answer = desk.call("ada").post(f"{API}/integrations", wanted)
    assert answer.status == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


@dataclass(frozen=True)
class Reporter:
    """Whoever reports by one integration of the desk, known by its name."""

    desk: LocalDesk
    name: str

    def incidents(self) -> list[Incident]:
        """All that it opened; who moves from open to finished meanwhile may stand there twice."""
        rows = self.desk.call("ana").get(f"{API}/tickets?channel=monitoring&limit=100").json()
        own = {one["id"]: one for one in rows["items"] if one["requester"]["name"] == self.name}
        return list(own.values())

    def incident(self, is_so: IsSo, about: str) -> Incident:
        """The only one about this, as soon as it is so."""

        def found() -> Incident | None:
            own = [one for one in self.incidents() if about in one["subject"]]
            assert len(own) <= 1, own
            return next((one for one in own if is_so(one)), None)

        answer: Incident = eventually(found, WITHIN)
        return answer

    def kinds(self, incident: Incident) -> list[str]:
        return self.desk.call("ana").kinds(incident["id"])


@dataclass(frozen=True)
class Program(Reporter):
    """One that is set up in a directory of its own, and runs our script."""

    home: Path

    @property
    def tell(self) -> Path:
        """What it runs to tell the desk."""
        return self.home / "tell"

    def connect(self, source: str, **policy: Any) -> None:
        """Makes its integration, and writes the settings of the script."""
        found = connected(self.desk, source, self.name, **policy)
        settings, script = self.home / "settings", DOCS / "tierline-notify.py"
        lines = f"TIERLINE_URL={found['address']}\nTIERLINE_SECRET={found['secret']}\n"
        settings.write_text(lines)
        _script(self.tell, f'exec {sys.executable} {script} --config {settings} "$@"')

    def look_at(self, what: str) -> Path:
        """A check of something that is well, until somebody says otherwise."""
        check, last = self.home / f"look-at-{what}", self.home / f"{what}.last"
        last.write_text("0")
        self.make(what, "0")
        _script(check, LOOK.format(state=self.home / what, last=last))
        return check

    def make(self, what: str, state: str) -> None:
        """The exit status of its check from now on; "flapping" is another one each time."""
        draft = self.home / f"{what}.new"
        draft.write_text(state)
        draft.rename(self.home / what)


@contextmanager
def running(home: Path, command: Sequence[str]) -> Iterator[None]:
    """The program of this command, until it is no more needed."""
    output = home / "output"
    with output.open("wb") as writes:
        process = subprocess.Popen(command, cwd=home, stdout=writes, stderr=writes)
    try:
        yield
        assert process.poll() is None, output.read_text(errors="replace")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def repeats_change_nothing(reporter: Reporter, about: str) -> bool:
    """Ask again while it is being given to somebody, which is a change."""
    before = reporter.incident(lambda one: one["alerts"]["firing"], about)
    count, version = before["alerts"]["count"], before["version"]
    after = reporter.incident(lambda one: one["alerts"]["count"] > count, about)
    return bool(after["version"] == version)


def check_life_of_a_problem(program: Program, what: str, about: str) -> Incident:
    """Problem, repeats, end, and the same problem again: one incident."""
    program.make(what, "2")
    opened = program.incident(lambda one: one["alerts"]["count"] >= 2, about)
    assert (opened["type"], opened["channel"]) == ("incident", "monitoring")
    assert '"2%" of <b>a&b</b> is $free' in opened["description"]
    eventually(lambda: repeats_change_nothing(program, about))
    program.make(what, "0")
    ended = program.incident(lambda one: one["status"] == "resolved", about)
    program.make(what, "2")
    again = program.incident(lambda one: one["status"] == "open", about)
    assert opened["id"] == ended["id"] == again["id"]
    kinds = program.kinds(again)
    assert [kinds.count(kind) for kind in ("opened", "alert_resolved", "reopened")] == [1, 1, 1]
    assert kinds.count("alert_fired") == 2
    return again


def check_flapping_is_told_by_itself(program: Program, what: str, about: str) -> None:
    """The program finds that it flaps: the incident is held open, until it is steady and well."""
    program.make(what, "flapping")
    held = program.incident(is_held_open, about)
    program.make(what, "0")
    over = program.incident(lambda one: one["status"] == "resolved", about)
    assert over["id"] == held["id"]
    assert not over["alerts"].get("flapping")
    kinds = program.kinds(over)
    assert (kinds.count("alert_flapping"), kinds.count("alert_steady")) == (1, 1)


def is_held_open(incident: Incident) -> bool:
    return bool(incident["status"] == "open" and incident["alerts"].get("flapping"))


def _script(path: Path, lines: str) -> None:
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
