"""The script that Nagios, Icinga 2 and Monit run, against a desk that does not always listen."""

import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "docs" / "monitoring" / "tierline-notify.py"
HOST_IS_DOWN = {"NAGIOS_NOTIFICATIONTYPE": "PROBLEM", "NAGIOS_HOSTNAME": "web-1"}


class Desk(ThreadingHTTPServer):
    """Answers as told, then 202, and remembers what it was sent."""

    def __init__(self, *answers: int) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.answers = list(answers)
        self.got: list[tuple[str, str | None, dict[str, Any]]] = []


class Door(BaseHTTPRequestHandler):
    server: Desk

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.got.append((self.path, self.headers["authorization"], body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 202)
        self.send_header("location", "/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    Thread(target=desk.serve_forever, daemon=True).start()
    yield desk
    desk.shutdown()
    desk.server_close()


def run(environment: dict[str, Any], *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, timeout=40, check=False)


def settings(desk: Desk, folder: Path) -> tuple[str, str]:
    path = folder / "notify.conf"
    path.write_text(
        f"# the desk\nTIERLINE_URL = http://127.0.0.1:{desk.server_port}/hooks/nagios/k=1\n"
        "TIERLINE_SECRET=whsec\n"
    )
    return "--config", str(path)


def test_it_sends_what_nagios_says_with_the_secret(desk: Desk, tmp_path: Path):
    nasty = b'a "b" \\ \xff \xc3\xa9 {"c": 1}\n$(d)'
    event = {**HOST_IS_DOWN, "NAGIOS_HOSTOUTPUT": nasty, "NAGIOS_CONTACTEMAIL": "ada@example.com"}
    assert run(event, *settings(desk, tmp_path)).returncode == 0
    [(path, told, body)] = desk.got
    assert (path, told) == ("/hooks/nagios/k=1", "Bearer whsec")
    assert body.pop("delivery_id")
    assert body.pop("time") > 1_700_000_000
    assert body == {
        "NOTIFICATIONTYPE": "PROBLEM",
        "HOSTNAME": "web-1",
        "HOSTOUTPUT": 'a "b" \\ \ufffd é {"c": 1}\n$(d)',
    }


def test_it_tries_again_with_the_same_id_when_the_desk_is_busy(desk: Desk, tmp_path: Path):
    desk.answers = [503, 429]
    assert run(HOST_IS_DOWN, *settings(desk, tmp_path)).returncode == 0
    assert len(desk.got) == 3
    assert len({body["delivery_id"] for _, _, body in desk.got}) == 1


@pytest.mark.parametrize("answer", [401, 404, 302])
def test_it_fails_at_once_where_another_try_would_not_help(desk: Desk, tmp_path: Path, answer: int):
    desk.answers = [answer]
    ended = run(HOST_IS_DOWN, *settings(desk, tmp_path))
    assert ended.returncode == 1
    assert str(answer) in ended.stderr.decode()
    assert len(desk.got) == 1


def test_it_fails_at_last_where_nobody_answers():
    ended = run({**HOST_IS_DOWN, "TIERLINE_URL": "http://127.0.0.1:1/hooks/nagios/key"})
    assert ended.returncode == 1
    assert b"not reached" in ended.stderr
    assert b"key" not in ended.stderr


def test_the_environment_comes_first_and_a_check_can_be_named(desk: Desk, tmp_path: Path):
    event = {"MONIT_HOST": "db-1", "MONIT_EVENT": "Timeout", "TIERLINE_SECRET": "another"}
    assert run(event, *settings(desk, tmp_path), "--check", "disk").returncode == 0
    [(_, told, body)] = desk.got
    assert told == "Bearer another"
    assert (body["HOST"], body["EVENT"], body["check"]) == ("db-1", "Timeout", "disk")


@pytest.mark.parametrize("environment", [{}, {"TIERLINE_URL": "http://127.0.0.1:1"}, HOST_IS_DOWN])
def test_it_says_when_it_is_set_up_wrongly(environment: dict[str, str], tmp_path: Path):
    ended = run(environment, "--config", str(tmp_path / "missing"))
    assert ended.returncode == 2
    assert ended.stderr
