"""A real Prometheus Alertmanager: its webhook, and what speaks PagerDuty's and Opsgenie's API."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.calls import Caller
from tests.e2e.local_desk import LocalDesk, free_port
from tests.e2e.programs import Reporter, connected, repeats_change_nothing, running
from tests.e2e.waiting import eventually

PROGRAM = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
pytestmark = pytest.mark.skipif(
    PROGRAM is None, reason="Alertmanager is not installed (package prometheus-alertmanager)"
)
NAMES = {"webhook": "Prometheus", "pagerduty": "By PagerDuty", "opsgenie": "By Opsgenie"}
CHANGES_AT_MOST = 12


@pytest.fixture(scope="module")
def alertmanager(desk: LocalDesk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    home, port = tmp_path_factory.mktemp("alertmanager"), free_port()
    (home / "config.json").write_text(json.dumps(configuration(desk)))
    caller = Caller(f"http://127.0.0.1:{port}")
    with running(home, command(home, port)):
        eventually(lambda: is_ready(caller))
        yield caller


def configuration(desk: LocalDesk) -> dict[str, Any]:
    """YAML's subset that is JSON; as short as Alertmanager allows."""
    hook = desk.demo["integrations"][0]
    pagerduty, opsgenie = (connected(desk, one, NAMES[one]) for one in ("pagerduty", "opsgenie"))
    credentials = {"authorization": {"credentials": hook["secret"]}}
    enqueue = {"url": f"{pagerduty['address']}/v2/enqueue", "routing_key": pagerduty["secret"]}
    api = {"api_url": f"{opsgenie['address']}/", "api_key": opsgenie["secret"]}
    webhook = {"url": hook["url"], "send_resolved": True, "http_config": credentials}
    return {
        "global": {"resolve_timeout": "5m"},
        "route": {"receiver": "webhook", "group_by": ["..."], "group_wait": "0s",
                  "group_interval": "1s", "repeat_interval": "1h", "routes": [
                      {"matchers": ["via=pagerduty"], "receiver": "pagerduty"},
                      {"matchers": ["via=opsgenie"], "receiver": "opsgenie"},
                      {"matchers": ["repeated=yes"], "repeat_interval": "1s"}]},
        "receivers": [{"name": "webhook", "webhook_configs": [webhook]},
                      {"name": "pagerduty", "pagerduty_configs": [enqueue]},
                      {"name": "opsgenie", "opsgenie_configs": [api]}],
    }  # fmt: skip


def command(home: Path, port: int) -> list[str]:
    return [
        str(PROGRAM),
        f"--config.file={home / 'config.json'}",
        f"--storage.path={home / 'storage'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]


def is_ready(caller: Caller) -> bool:
    try:
        return caller.get("/-/ready").status == 200
    except OSError:
        return False


def test_a_firing_alert_opens_an_incident_and_its_end_closes_the_same_one(
    desk: LocalDesk, alertmanager: Caller
) -> None:
    prometheus, began = Reporter(desk, NAMES["webhook"]), datetime.now(UTC)
    report(alertmanager, "shelf-1", began)
    report(alertmanager, "shelf-2", began)
    first, second = (prometheus.incident(is_firing, name) for name in ("shelf-1", "shelf-2"))
    assert first["id"] != second["id"]
    assert (first["channel"], first["priority"], first["type"]) == ("monitoring", "P1", "incident")
    report(alertmanager, "shelf-1", began, ended=datetime.now(UTC))
    closed = prometheus.incident(is_over, "shelf-1")
    assert (closed["id"], closed["status"]) == (first["id"], "resolved")
    assert prometheus.kinds(first).count("alert_resolved") == 1
    assert prometheus.incident(is_firing, "shelf-2")["id"] == second["id"]


def test_an_alert_that_is_told_again_and_again_is_counted_in_one_incident(
    desk: LocalDesk, alertmanager: Caller
) -> None:
    prometheus, began = Reporter(desk, NAMES["webhook"]), datetime.now(UTC)
    report(alertmanager, "shelf-3", began, None, repeated="yes")
    eventually(lambda: repeats_change_nothing(prometheus, "shelf-3"))
    report(alertmanager, "shelf-3", began, datetime.now(UTC), repeated="yes")
    over = prometheus.incident(is_over, "shelf-3")
    assert over["alerts"]["count"] >= 2
    kinds = prometheus.kinds(over)
    assert [kinds.count(one) for one in ("opened", "alert_fired", "alert_resolved")] == [1, 1, 1]


def test_an_alert_that_comes_and_goes_holds_one_incident_open(
    desk: LocalDesk, alertmanager: Caller
) -> None:
    prometheus = Reporter(desk, NAMES["webhook"])
    for _ in range(CHANGES_AT_MOST // 2):
        came_and_went = come_and_go(alertmanager, prometheus, "shelf-4")
        if came_and_went["alerts"].get("flapping"):
            break
    held = prometheus.incident(is_over, "shelf-4")
    assert (held["status"], held["alerts"]["flapping"]) == ("open", True)
    assert prometheus.kinds(held).count("alert_flapping") == 1


@pytest.mark.parametrize("via", ["pagerduty", "opsgenie"])
def test_what_is_told_as_to_another_service_is_opened_resolved_and_opened_again(
    desk: LocalDesk, alertmanager: Caller, via: str
) -> None:
    reporter = Reporter(desk, NAMES[via])
    over = come_and_go(alertmanager, reporter, "shelf-5", via=via)
    assert over["status"] == "resolved"
    report(alertmanager, "shelf-5", datetime.now(UTC), via=via)
    again = reporter.incident(is_firing, "shelf-5")
    assert (again["id"], again["status"]) == (over["id"], "open")


def come_and_go(
    alertmanager: Caller, reporter: Reporter, instance: str, **labels: str
) -> dict[str, Any]:
    """An alert fires until the desk knows, and ends until it knows that; answers its incident."""
    began = datetime.now(UTC)
    report(alertmanager, instance, began, None, **labels)
    reporter.incident(is_firing, instance)
    report(alertmanager, instance, began, datetime.now(UTC), **labels)
    return reporter.incident(is_over, instance)


def report(
    alertmanager: Caller, instance: str, began: datetime, ended: datetime | None = None,
    **labels: str,
) -> None:  # fmt: skip
    """What Prometheus says of an alert: that it is firing, or when it ended."""
    told = {
        "labels": {"alertname": "Full", "instance": instance, "severity": "critical", **labels},
        "annotations": {"summary": f"{instance} is full"},
        "startsAt": began.isoformat(),
        "endsAt": (ended or datetime.now(UTC) + timedelta(hours=1)).isoformat(),
    }
    said = alertmanager.post("/api/v2/alerts", [told])
    assert said.status == 200, said.text


def is_firing(incident: dict[str, Any]) -> bool:
    """A list reads how an alert stands after its ticket, so one may be behind the other."""
    return bool(incident["alerts"]["firing"] and incident["status"] != "resolved")


def is_over(incident: dict[str, Any]) -> bool:
    is_done = incident["status"] == "resolved" or incident["alerts"].get("flapping")
    return bool(is_done and not incident["alerts"]["firing"])
