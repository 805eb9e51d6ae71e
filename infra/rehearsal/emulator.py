"""An emulator of AWS for one rehearsal: keeps nothing, enforces IAM, ends with it."""

import os
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from infra.rehearsal import browser

HOST = "127.0.0.1"
REGION = "eu-west-1"
STARTS_WITHIN = 30.0
LAUNCH = """
import runpy, sys
sys.path.append(sys.argv.pop(1))
runpy.run_module("ministack", run_name="__main__", alter_sys=True)
"""
# Key and secret of the emulator's root account, valid nowhere else.
ROOT = "test"


class EmulatorFailed(Exception):
    """The emulator did not start; the message holds the end of its log."""


@dataclass(frozen=True)
class Emulator:
    """A running emulator and where it writes its log."""

    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def client(self, service: str) -> Any:
        """A client with every right, for the rehearsal's own hands."""
        patience = Config(connect_timeout=2, read_timeout=90, retries={"max_attempts": 1})
        session: Any = boto3.Session(ROOT, ROOT, region_name=REGION)
        return session.client(service, endpoint_url=self.url, config=patience)


@contextmanager
def running(home: Path) -> Iterator[Emulator]:
    """Start an emulator in `home`; it is ended when the block is left, however that happens."""
    emulator = Emulator(_free_port(), home / "emulator.log")
    with emulator.log.open("wb") as log:
        process = subprocess.Popen(
            _command(),
            cwd=home,
            env=_environment(home, emulator.port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_until_ready(process, emulator)
        yield emulator
    finally:
        _end(process)


def _command() -> list[str]:
    """The functions run on the emulator's interpreter: one without our virtual environment, so
    that they find nothing but what is in the bundle."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    bare = Path(sys.base_prefix) / "bin" / version
    return [str(bare), "-c", LAUNCH, sysconfig.get_path("purelib")]


def _environment(home: Path, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "S3_DATA_DIR": str(home / "objects"),
        "TMPDIR": str(home),
        # Every call of a function is judged by the policies of its role.
        "AUTH": "true",
        # Neither containers nor listeners of services that the desk does not use.
        "DOCKER_HOST": f"unix://{home / 'no-docker'}",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }


def _free_port() -> int:
    if chosen := os.environ.get("REHEARSAL_PORT"):
        return int(chosen)
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], emulator: Emulator) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while not _is_ready(emulator):
        if process.poll() is not None or time.monotonic() > deadline:
            raise EmulatorFailed(emulator.log.read_text(errors="replace")[-2000:])
        time.sleep(0.1)


def _is_ready(emulator: Emulator) -> bool:
    try:
        return browser.ask("GET", f"{emulator.url}/_ministack/health").status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
