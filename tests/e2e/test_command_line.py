"""An operator's shell, turned to the running desk by the file that the runner writes."""

import json
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.local_desk import LocalDesk
from tests.e2e.waiting import eventually

ELSEWHERE = {
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:9",
    "AWS_SESSION_TOKEN": "foreign",
}


def run(desk: LocalDesk, *words: str) -> subprocess.CompletedProcess[str]:
    """A command in a shell that points to another cloud until it reads the desk's file."""
    return desk.shell("-m", "chalicelib.cli", *words, **ELSEWHERE)


def answer(desk: LocalDesk, *words: str) -> Any:
    """What a command prints for programs, and nothing beside it."""
    done = run(desk, *words, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_the_depth_of_every_queue_is_told(desk: LocalDesk) -> None:
    rows = answer(desk, "queues", "depth")
    assert {"tier1", "tier2", "tier3", "notifications", "alerts"} <= {one["queue"] for one in rows}
    assert all(one["dead"] == 0 for one in rows)


def test_a_ticket_and_its_deadlines_are_shown(desk: LocalDesk) -> None:
    ana = desk.call("ana")
    number = ana.open_ticket(subject="Schlüssel verloren – 鍵")["id"]
    eventually(lambda: "assigned" in ana.kinds(number))
    shown = answer(desk, "tickets", "show", number)
    assert shown["subject"] == "Schlüssel verloren – 鍵"
    assert [entry["kind"] for entry in shown["timeline"]] == ana.kinds(number)
    explained = answer(desk, "sla", "explain", number)
    kinds = ["first_response", "resolution", "time_to_accept"]
    assert [one["kind"] for one in explained["targets"]] == kinds
    assert all(one["state"] == "running" for one in explained["targets"])
    assert all("Due " in one["lines"][-1] for one in explained["words"])


def test_a_draft_is_tried_on_the_past_and_changes_nothing(desk: LocalDesk, tmp_path: Path) -> None:
    strict = {priority: {"resolution": 60} for priority in ("P1", "P2", "P3", "P4", "P5")}
    draft = tmp_path / "draft.json"
    draft.write_text(
        json.dumps({"id": "standard", "name": "S", "calendar": "24x7", "targets": strict})
    )
    before = answer(desk, "sla", "policies")
    flips = answer(desk, "sla", "what-if", "--policy", str(draft), "--days", "90")
    assert {one["would_be"] for one in flips} == {"breached"}
    assert {"met", "open"} >= {one["was"] for one in flips}
    assert answer(desk, "sla", "policies") == before


def test_a_policy_that_cannot_work_is_refused_field_by_field(
    desk: LocalDesk, tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_text('{"id": "bad", "name": "Bad", "targets": {"P1": {}}}')
    done = run(desk, "sla", "put-policy", str(tmp_path / "bad.json"))
    assert done.returncode == 1
    assert "/targets/P1" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_promises_kept_and_broken_are_counted(desk: LocalDesk) -> None:
    now = desk.call().get("/_local/clock").json()["now"]
    months = {now[:7], f"{datetime.fromisoformat(now) - timedelta(days=31):%Y-%m}"}
    rows = [row for month in months for row in answer(desk, "sla", "attainment", "--month", month)]
    assert sum(row["met"] for row in rows) > 10
    assert sum(row["breached"] for row in rows) > 0


def test_the_staff_is_listed(desk: LocalDesk) -> None:
    done = run(desk, "people", "list")
    assert done.returncode == 0, done.stderr
    assert all(desk.person(name)["email"] in done.stdout for name in ("ana", "chi", "lea", "ada"))


def test_a_token_issued_by_command_opens_the_api(desk: LocalDesk) -> None:
    me = desk.call("ben").get("/api/v1/people/me").json()["id"]
    done = run(desk, "tokens", "issue", me, "from the shell")
    token = {"Authorization": f"Bearer {done.stdout.strip()}"}
    assert desk.call().get("/api/v1/people/me", **token).json()["id"] == me


@pytest.mark.parametrize("words", [("tickets", "show"), ("sla", "explain")], ids=" ".join)
def test_what_does_not_exist_is_refused_in_one_sentence(
    desk: LocalDesk, words: tuple[str, str]
) -> None:
    done = run(desk, *words, "HD-ZZZZZZZ")
    assert (done.returncode, done.stdout.strip()) == (1, "There is no such ticket.")
    assert "Traceback" not in done.stderr
