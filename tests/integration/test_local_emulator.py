"""The emulator is a process of its own: taken over, it keeps its data; its end frees its lock."""

import os
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local import emulator
from infra.local.emulator import Emulator

FIRST_PORT = 45730


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    if (tmp_path / "emulator" / "process.json").exists():
        started(tmp_path).stop()


def started(data_dir: Path) -> Emulator:
    return emulator.start_or_adopt(data_dir, FIRST_PORT)


def put(running: Emulator, path: str, body: bytes = b"") -> None:
    request = urllib.request.Request(f"{running.endpoint}{path}", body, method="PUT")
    urllib.request.urlopen(request, timeout=5).close()


def get(running: Emulator, path: str) -> bytes:
    with urllib.request.urlopen(f"{running.endpoint}{path}", timeout=5) as answer:
        return bytes(answer.read())


def test_what_was_stored_is_there_after_a_stop(data_dir: Path) -> None:
    first = started(data_dir)
    put(first, "/attachments")
    put(first, "/attachments/note.txt", b"kept")
    first.stop()
    assert not first.is_alive()
    second = started(data_dir)
    assert (second.adopted, second.port) == (False, first.port)
    assert get(second, "/attachments/note.txt") == b"kept"


def test_a_running_emulator_is_taken_over(data_dir: Path) -> None:
    first = started(data_dir)
    second = started(data_dir)
    assert second.adopted
    assert (second.pid, second.port) == (first.pid, first.port)


def test_a_crash_loses_only_what_came_after_the_last_save(data_dir: Path) -> None:
    first = started(data_dir)
    put(first, "/attachments")
    first.save()
    state = first.home / "state" / "s3.json"
    wait_for(state.exists)
    os.kill(first.pid, signal.SIGKILL)
    wait_for(lambda: not first.is_alive())
    assert b"attachments" in get(started(data_dir), "/")


def test_two_data_directories_have_two_emulators(data_dir: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    first, second = started(data_dir), started(other)
    second.stop()
    assert first.port != second.port
    assert first.is_alive()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
