"""The operators' commands for teams, rules, on-call, and tickets by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.errors import Conflict, Invalid, NotFound
from chalicelib.services import settings
from tests.cast import ADA, ANA, BEN, CHI, DEV, LEA, MONDAY_9
from tests.factories import a_ticket, employ, now_of
from tests.integration.commands import answer, invoke, refusal, run

pytestmark = pytest.mark.usefixtures("cloud")

TEAM = {"id": "network", "name": "Network", "strategy": "pull"}
RULE = {"id": "vpn", "name": "VPN", "conditions": {"text": ["vpn"]}, "tier": 2}
NIGHTS = {"id": "nights", "name": "Nights", "tier": 2, "zone": "UTC", "people": [CHI.id, DEV.id],
          "starts": "2026-11-23"}  # fmt: skip


@pytest.fixture(autouse=True)
def desk(cloud) -> None:
    employ(ANA, BEN, CHI, DEV, LEA, ADA)


@pytest.fixture
def file(tmp_path: Path):
    def written(data: Any) -> str:
        path = tmp_path / "draft.json"
        path.write_text(json.dumps(data))
        return str(path)

    return written


# Teams and rules.


def test_teams_are_stored_listed_and_deleted(file):
    assert "network is at version 1" in run("teams", "put", file(TEAM))
    assert "network is at version 2" in run("teams", "put", file(answer("teams", "list")[0]))
    assert "pull" in run("teams", "list")
    assert "network is gone" in run("teams", "delete", "network")
    assert isinstance(refusal("teams", "delete", "network"), NotFound)
    assert isinstance(refusal("teams", "put", file({**TEAM, "strategy": "x"})), Invalid)
    assert invoke("teams", "put", file([TEAM])).exit_code == 2


def test_rules_are_stored_ordered_listed_and_deleted(file):
    assert "vpn is at version 1" in run("rules", "put", file(RULE))
    run("rules", "put", file({"id": "all", "name": "All"}))
    run("rules", "order", "vpn", "all")
    assert [one["id"] for one in answer("rules", "list")] == ["vpn", "all", "default"]
    assert "vpn" in run("rules", "list")
    assert isinstance(refusal("rules", "order", "vpn"), Invalid)
    assert isinstance(refusal("rules", "put", file({**RULE, "tier": None})), Invalid)
    assert "vpn is gone" in run("rules", "delete", "vpn")
    assert isinstance(refusal("rules", "delete", "default"), Conflict)


def test_a_rule_is_tried_and_nothing_changes(file):
    a_ticket(subject="The VPN is down")
    a_ticket(subject="A mouse")
    said = run("rules", "try", file(RULE), "--tickets", "50")
    assert "1 of 2 would; nothing was changed." in said
    assert "tier 2" in said
    found = answer("rules", "try", file(RULE))
    assert sorted(one["changed"] for one in found) == [False, True]
    assert [one.id for one in settings.rules()] == ["default"]
    wrong = refusal("rules", "try", file({**RULE, "tier": 7}))
    assert [one.pointer for one in wrong.errors] == ["/rule/tier"]
    assert isinstance(refusal("rules", "try", file(RULE), "--before", "x"), Invalid)
    assert invoke("rules", "try", file(RULE), "--tickets", "501").exit_code == 2


# On-call.


def test_rotations_are_stored_shown_and_deleted(file):
    assert "nights is at version 1" in run("on-call", "put", file(NIGHTS))
    assert "nights" in run("on-call", "list")
    assert all(word in run("on-call", "now") for word in ("nights", CHI.name, DEV.name))
    (now,) = answer("on-call", "now")
    assert (now["now"]["person"]["id"], now["then"]["person"]["id"]) == (CHI.id, DEV.id)
    spells = answer("on-call", "schedule", "nights", "--days", "14")
    assert [one["person"]["name"] for one in spells] == [CHI.name, DEV.name]
    assert DEV.name in run("on-call", "schedule", "nights")
    assert invoke("on-call", "schedule", "nights", "--days", "0").exit_code == 2
    assert "nights is gone" in run("on-call", "delete", "nights")
    assert isinstance(refusal("on-call", "schedule", "nights"), NotFound)
    assert isinstance(refusal("on-call", "put", file({**NIGHTS, "people": ["P-X"]})), Invalid)


# Tickets by hand.


def test_tickets_are_handed_over_each_by_itself():
    first, second = a_ticket(), a_ticket()
    ids = (first.ticket_id, second.ticket_id)
    run("tickets", "transfer", *ids, "--person", BEN.email, "--note", "Yours.")
    assert [now_of(one).assignee_id for one in (first, second)] == [BEN.id] * 2
    done = invoke("tickets", "transfer", ids[0], "HD-NOTHERE", "--tier", "2", "--json")
    assert done.exit_code == 1
    assert [one["ok"] for one in json.loads(done.output)] == [True, False]
    assert isinstance(refusal("tickets", "transfer", *ids), Invalid)
    assert isinstance(refusal("tickets", "transfer", *ids, "--team", "nowhere"), Invalid)


def test_a_ticket_is_dispatched_by_hand_and_says_why():
    ticket = a_ticket()
    said = run("tickets", "dispatch", ticket.ticket_id)
    assert f"{ticket.ticket_id} went to Ana Costa: available, 0 of 8" in said
    assert now_of(ticket).assignee_id == ANA.id
    again = answer("tickets", "dispatch", ticket.ticket_id)
    assert (again["assignee"], "needs nobody" in again["why"]) == (None, True)
    assert isinstance(refusal("tickets", "dispatch", "HD-NOTHERE"), NotFound)


def test_a_ticket_and_people_are_shown_as_they_are_written():
    ticket = a_ticket(subject="[/red] not found")
    employ(BEN, shift="[bold]")
    assert "[/red] not found" in run("tickets", "show", ticket.ticket_id)
    assert "[bold]" in run("people", "list")


def test_a_ticket_that_nobody_can_take_says_why_each_time():
    for one in (ANA, BEN):
        employ(one, availability="away")
    ticket = a_ticket()
    for _ in range(2):
        said = run("tickets", "dispatch", ticket.ticket_id)
        assert "Nobody can take it: 2 away or busy." in said
    assert now_of(ticket).unstaffed_since == MONDAY_9
