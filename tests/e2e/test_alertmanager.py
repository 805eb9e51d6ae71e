"""A real Prometheus Alertmanager, pointed at the address of demo.json, opens and closes."""

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.calls import API, Caller
from tests.e2e.local_desk import LocalDesk, free_port
from tests.e2e.waiting import eventually

PROGRAM = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="Alertmanager is not installed (package prometheus-alertmanager)"
)


@pytest.fixture(scope="module")
def alertmanager(desk: LocalDesk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    home, port = tmp_path_factory.mktemp("alertmanager"), free_port()
    (home / "config.json").write_text(json.dumps(configuration(desk.demo["integrations"][0])))
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command(home, port), cwd=home, stdout=log, stderr=log)
    caller = Caller(f"http://127.0.0.1:{port}")
    try:
        eventually(lambda: is_ready(caller, process, home / "log"))
        yield caller
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def configuration(integration: dict[str, str]) -> dict[str, Any]:
    """YAML's subset that is JSON; as short as Alertmanager allows."""
    credentials = {"authorization": {"credentials": integration["secret"]}}
    hook = {"url": integration["url"], "send_resolved": True, "http_config": credentials}
    return {
        "global": {"resolve_timeout": "5m"},
        "route": {"receiver": "desk", "group_by": ["..."], "group_wait": "0s",
                  "group_interval": "1s", "repeat_interval": "1h"},
        "receivers": [{"name": "desk", "webhook_configs": [hook]}],
    }  # fmt: skip


def command(home: Path, port: int) -> list[str]:
    return [
        str(PROGRAM),
        f"--config.file={home / 'config.json'}",
        f"--storage.path={home / 'storage'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]


def is_ready(caller: Caller, process: subprocess.Popen[bytes], log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    try:
        return caller.get("/-/ready").status == 200
    except OSError:
        return False


def test_a_firing_alert_opens_an_incident_and_its_end_closes_the_same_one(
    desk: LocalDesk, alertmanager: Caller
) -> None:
    ana, began = desk.call("ana"), datetime.now(UTC)
    report(alertmanager, "db-1", began)
    report(alertmanager, "db-2", began)
    first, second = (incident(ana, name, firing=True) for name in ("db-1", "db-2"))
    assert first["id"] != second["id"]
    assert (first["channel"], first["priority"], first["type"]) == ("monitoring", "P1", "incident")
    report(alertmanager, "db-1", began, ended=datetime.now(UTC))
    closed = incident(ana, "db-1", firing=False)
    assert (closed["id"], closed["status"]) == (first["id"], "resolved")
    assert ana.kinds(first["id"]).count("alert_resolved") == 1
    assert incident(ana, "db-2", firing=True)["id"] == second["id"]


def test_an_alert_that_is_told_again_stays_one_incident(
    desk: LocalDesk, alertmanager: Caller
) -> None:
    ana, began = desk.call("ana"), datetime.now(UTC)
    report(alertmanager, "web-1", began)
    opened = incident(ana, "web-1", firing=True)
    report(alertmanager, "web-1", began, note="still down")
    report(alertmanager, "web-1", began, ended=datetime.now(UTC))
    assert incident(ana, "web-1", firing=False)["id"] == opened["id"]
    assert len(incidents(ana, "web-1")) == 1


def report(alertmanager: Caller, instance: str, began: datetime, **more: Any) -> None:
    """What Prometheus says of an alert: that it is firing, or when it ended."""
    ended = more.get("ended") or datetime.now(UTC) + timedelta(hours=1)
    told = {
        "labels": {"alertname": "DiskFull", "instance": instance, "severity": "critical"},
        "annotations": {"summary": f"The disk of {instance} is full", "note": more.get("note", "")},
        "startsAt": began.isoformat(),
        "endsAt": ended.isoformat(),
    }
    said = alertmanager.post("/api/v2/alerts", [told])
    assert said.status == 200, said.text


def incident(caller: Caller, instance: str, *, firing: bool) -> dict[str, Any]:
    """The newest one of a machine, as soon as its alert is so."""

    def found() -> dict[str, Any] | None:
        known = incidents(caller, instance)
        return next((one for one in known if one["alerts"]["firing"] is firing), None)

    answer: dict[str, Any] = eventually(found)
    return answer


def incidents(caller: Caller, instance: str) -> list[dict[str, Any]]:
    items = caller.get(f"{API}/tickets?channel=monitoring&limit=100").json()["items"]
    return [one for one in items if one["subject"] == f"The disk of {instance} is full"]
