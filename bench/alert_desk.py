"""A desk of its own for the benchmark of alerts: the real local runner, and its HTTP."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent
SENDERS = 6
READY, STARTS_WITHIN, DRAINS_WITHIN = "Tierline is ready.", 120, 600

Data = dict[str, Any]


@dataclass(frozen=True)
class Sent:
    """How long each answer took, in seconds, which statuses came, and how long all of it took."""

    answers: list[float]
    statuses: set[int]
    took: float

    def at(self, share: float) -> float:
        return sorted(self.answers)[min(int(len(self.answers) * share), len(self.answers) - 1)]


@dataclass(frozen=True)
class Desk:
    """The running desk: the first integration's address, and the API as an admin."""

    port: int
    home: Path

    @property
    def hook(self) -> str:
        return urlsplit(self._demo["integrations"][0]["url"]).path

    def send(self, bodies: list[bytes]) -> Sent:
        """Post deliveries by several callers at once, each over one connection."""
        began = time.monotonic()
        with ThreadPoolExecutor(SENDERS) as pool:
            parts = pool.map(self._send, [bodies[n::SENDERS] for n in range(SENDERS)])
        rows = [row for part in parts for row in part]
        took = time.monotonic() - began
        return Sent([row[0] for row in rows], {row[1] for row in rows}, took)

    def drained(self) -> float:
        """Seconds until the alerts queue is empty. Raises TimeoutError."""
        began = time.monotonic()
        while time.monotonic() - began < DRAINS_WITHIN:
            rows = self._get("/_local/queues")["items"]
            if not any(one["depth"] + one["in_flight"] for one in rows if "alerts" in str(one)):
                return time.monotonic() - began
            time.sleep(0.5)
        raise TimeoutError("the alerts queue does not run empty")

    def incidents(self, run: str) -> list[Data]:
        """All incidents of a run, parts included."""
        found: list[Data] = []
        cursor = ""
        while True:
            page = self._get(f"/api/v1/tickets?channel=monitoring&limit=100{cursor}")
            found += [one for one in page["items"] if one["subject"].startswith(f"{run} ")]
            if not page["next"]:
                return found
            cursor = f"&cursor={page['next']}"

    def kinds(self, ticket_id: str) -> list[str]:
        rows = self._get(f"/api/v1/tickets/{ticket_id}/timeline")["items"]
        return [one["kind"] for one in rows]

    @property
    def _demo(self) -> Data:
        found: Data = json.loads((self.home / "demo.json").read_text())
        return found

    def _send(self, bodies: list[bytes]) -> list[tuple[float, int]]:
        connection, rows, path = self._connection(), [], self.hook
        for body in bodies:
            began = time.monotonic()
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            rows.append((time.monotonic() - began, answer.status))
        return rows

    def _get(self, path: str) -> Data:
        admin = next(one for one in self._demo["people"] if one["role"] == "admin")
        connection = self._connection()
        connection.request("GET", path, headers={"Authorization": f"Bearer {admin['api_token']}"})
        found: Data = json.loads(connection.getresponse().read())
        return found

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


@contextmanager
def running(home: Path) -> Iterator[Desk]:
    """An empty desk, from its start to its clean end."""
    port, log = _free_port(), home / "terminal.txt"
    more = {"PORT": str(port), "EMULATOR_PORT": str(_free_port()), "DATA_DIR": str(home),
            "SEED": "empty"}  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.local"], cwd=ROOT, env={**os.environ, **more},
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        _wait_for(process, log)
        yield Desk(port, home)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _wait_for(process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while READY not in log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(log.read_text(errors="replace"))
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
