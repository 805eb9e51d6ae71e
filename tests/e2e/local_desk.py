"""The real local runner as a process of its own, started as `make run` starts it."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from infra.local import locks
from tests.e2e.calls import Caller
from tests.e2e.waiting import eventually

ROOT = Path(__file__).parents[2]
STARTS_WITHIN, ENDS_WITHIN = 60, 40
READY = "Tierline is ready."
FAULT = re.compile(r'"level":\s*"(?:ERROR|CRITICAL)"|^Traceback|^\S+ \S+ ERROR ', re.MULTILINE)
ROOM_FOR_ALL = """
from chalicelib.models.person import Person
for agent in Person.all_staff():
    agent.update([Person.capacity.set(1000)])
"""
LOGS = ("functions.log", "runner.log")


class LocalDesk:
    """One data directory with the runner that serves it; it can be ended and started again."""

    def __init__(self, home: Path, seed: str = "demo") -> None:
        self.home, self._seed = home, seed
        self.port, self._emulator_port = free_port(), free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self._output = home / "terminal.txt"
        self._logs = [home / name for name in LOGS]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Answers when the runner says that it is ready."""
        self.home.mkdir(parents=True, exist_ok=True)
        said_before = len(self.said())
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra.local"], cwd=ROOT, env=self._environment(),
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        eventually(lambda: self._has_started(said_before), STARTS_WITHIN)
        return self

    def interrupt(self) -> None:
        """Ctrl-C, and the clean end that it must bring."""
        said_before = len(self.said())
        self._end(signal.SIGINT)
        assert self._process is not None
        assert self._process.returncode == 0, self.said()
        assert "Everything is kept" in self.said()[said_before:]
        assert not self._emulator_lives()

    def kill(self) -> None:
        """The runner is gone at once; its emulator stays."""
        self._end(signal.SIGKILL)

    def close(self) -> None:
        """End whatever still runs."""
        if self._process is not None and self._process.poll() is None:
            self.interrupt()
        if self._emulator_lives():
            os.kill(json.loads((self.home / "emulator/process.json").read_text())["pid"], 9)

    def call(self, who: str = "") -> Caller:
        """The HTTP API as somebody of the demo desk; as nobody without a name."""
        return Caller(self.base_url, self.person(who)["api_token"] if who else None)

    def person(self, name: str) -> dict[str, Any]:
        """`{name, email, role, tier, password, api_token}` of the one with this first name."""
        return next(one for one in self.demo["people"] if one["email"].startswith(f"{name}@"))

    @property
    def demo(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.home / "demo.json").read_text())
        return found

    def mails(self, to: str) -> list[dict[str, Any]]:
        """What was sent to an address, newest first."""
        found: list[dict[str, Any]] = (
            self.call().get(f"/_local/mail?to={quote(to)}").json()["items"]
        )
        return found

    def mails_kept(self) -> int:
        """How many the mailbox has kept, without asking the runner."""
        path = self.home / "mail.jsonl"
        return path.read_bytes().count(b"\n") if path.exists() else 0

    def wait_for_mail(self, to: str, containing: str = "") -> dict[str, Any]:
        found: dict[str, Any] = eventually(
            lambda: next((one for one in self.mails(to) if containing in one["text"]), None)
        )
        return found

    def move_clock(self, **seconds: float) -> None:
        """Forward; answers when what has become due is done."""
        moved = self.call().post("/_local/clock", {"advance_seconds": sum(seconds.values())})
        assert moved.status == 200 and moved.json()["settled"], moved.text

    def shell(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run Python in a shell that reads the file which the runner writes for operators."""
        command = shlex.join([sys.executable, *words])
        script = f". {shlex.quote(str(self.home / 'env'))}; {command}"
        return subprocess.run(
            ["sh", "-c", script], cwd=ROOT, env={**own_environment(), **environment},
            capture_output=True, text=True, timeout=30,
        )  # fmt: skip

    def give_agents_room(self) -> None:
        """More than the demo's: the stories file more tickets than its agents could hold."""
        done = self.shell("-c", ROOM_FOR_ALL)
        assert done.returncode == 0, done.stderr

    def said(self) -> str:
        """All that the runner wrote on its terminal."""
        return self._output.read_text(errors="replace") if self._output.exists() else ""

    def marks(self) -> dict[Path, int]:
        """How far each log is written now."""
        return {path: path.stat().st_size if path.exists() else 0 for path in self._logs}

    def faults(self, since: dict[Path, int]) -> list[str]:
        """What the logs that hold an error say since then."""
        written = [path.read_text(errors="replace")[since.get(path, 0) :] for path in since]
        return [text for text in written if FAULT.search(text)]

    def logged(self) -> str:
        return "".join(path.read_text(errors="replace") for path in self.marks() if path.exists())

    def _has_started(self, said_before: int) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.said()
        return READY in self.said()[said_before:]

    def _end(self, how: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(ENDS_WITHIN)

    def _emulator_lives(self) -> bool:
        with suppress(FileNotFoundError):
            return locks.is_taken(self.home / "emulator/lock")
        return False

    def _environment(self) -> dict[str, str]:
        return own_environment() | {
            "PORT": str(self.port),
            "EMULATOR_PORT": str(self._emulator_port),
            "DATA_DIR": str(self.home),
            "SEED": self._seed,
        }


def own_environment() -> dict[str, str]:
    """Nothing of what other tests have put into this process's environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "COLUMNS": "200"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
