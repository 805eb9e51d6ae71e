"""The AWS emulator as a process of its own, which outlives a killed runner and keeps the data."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infra.local import files, locks
from infra.local.settings import HOST, SetupFailed

PROGRAM = Path(__file__).with_name("emulator_process.py")
STARTS_WITHIN = 30.0
STOPS_WITHIN = 60.0
PORTS_TRIED = 50


@dataclass(frozen=True)
class Emulator:
    """A running emulator; its lock file is held for as long as its process lives."""

    home: Path
    port: int
    pid: int
    adopted: bool

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    def is_alive(self) -> bool:
        return _lives(self.home)

    def save(self) -> None:
        """Has the state written soon, so that a crash of the emulator loses little."""
        os.kill(self.pid, signal.SIGUSR1)

    def stop(self) -> None:
        """Ends the emulator and waits until it has written its state."""
        if not self.is_alive():
            return
        os.kill(self.pid, signal.SIGTERM)
        if not _wait(lambda: not _lives(self.home), STOPS_WITHIN):
            raise SetupFailed(f"The emulator (process {self.pid}) is still writing its state.")


def start_or_adopt(data_dir: Path, preferred_port: int) -> Emulator:
    """The emulator of this data directory: the one still running, or a new one."""
    home = data_dir / "emulator"
    home.mkdir(parents=True, exist_ok=True)
    return _adopt(home) if _lives(home) else _start(home, preferred_port)


def _lives(home: Path) -> bool:
    return locks.is_taken(home / "lock")


def _adopt(home: Path) -> Emulator:
    known = files.read(home / "process.json", None)
    if known is None:
        raise SetupFailed(f"An emulator holds {home}, but process.json there is not readable.")
    emulator = Emulator(home, known["port"], known["pid"], adopted=True)
    if not _wait(lambda: _is_healthy(emulator.port), STARTS_WITHIN):
        raise SetupFailed(
            f"The emulator of {home} (process {emulator.pid}, port {emulator.port}) does not "
            f"answer. End it with: kill {emulator.pid}"
        )
    return emulator


def _start(home: Path, preferred_port: int) -> Emulator:
    port = _free_port(files.read(home / "process.json", {}).get("port", preferred_port))
    lock = locks.take(home / "lock")
    if lock is None:
        raise SetupFailed(f"Another runner is starting an emulator in {home}.")
    process = _launch(home, port, lock)
    os.close(lock)
    files.write_whole(home / "process.json", {"pid": process.pid, "port": port})
    if not _wait(lambda: process.poll() is not None or _is_healthy(port), STARTS_WITHIN):
        process.terminate()
    if process.poll() is not None or not _is_healthy(port):
        raise SetupFailed(f"The emulator did not start. Its last words are in {home / 'log'}.")
    return Emulator(home, port, process.pid, adopted=False)


def _launch(home: Path, port: int, lock: int) -> subprocess.Popen[bytes]:
    (home / "tmp").mkdir(exist_ok=True)
    with (home / "log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, str(PROGRAM)],
            cwd=home,
            env=_environment(home.resolve(), port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[lock],
            start_new_session=True,
        )


def _environment(home: Path, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "PERSIST_STATE": "1",
        "STATE_DIR": str(home / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(home / "objects"),
        "TMPDIR": str(home / "tmp"),
        "LOG_LEVEL": "WARNING",
        # Neither containers nor listeners of services that the desk does not use.
        "DOCKER_HOST": f"unix://{home / 'no-docker'}",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }


def _free_port(first: int) -> int:
    for port in range(first, first + PORTS_TRIED):
        if is_free(port):
            return port
    raise SetupFailed(
        f"No free port from {first} on for the emulator: set EMULATOR_PORT to another one."
    )


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of this machine now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _is_healthy(port: int) -> bool:
    try:
        address = f"http://{HOST}:{port}/_ministack/health"
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _wait(holds: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
