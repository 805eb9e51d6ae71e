"""Each function's role lets it do what its code does beyond reading and saving tickets."""

import json
from pathlib import Path

import pytest

POLICIES = Path(__file__).parents[2] / ".chalice"
NEEDED = {
    "a repeat is shown on its ticket": ("api", "BatchGetItem", "AlertsTable"),
    "a repeat counts while its ticket is open": ("alerts", "ConditionCheckItem", "TicketsTable"),
    "a repeat is counted once": ("alerts", "PutItem", "MarkersTable"),
    "a poison ticket is pushed ahead": ("schedules", "UpdateItem", "TicketsTable"),
    "availability is set alone": ("api", "UpdateItem", "PeopleTable"),
    "who gave a ticket back is read": ("tier1", "GetItem", "TimelineTable"),
}


@pytest.mark.parametrize(("role", "action", "table"), NEEDED.values(), ids=NEEDED)
def test_a_role_may_do_what_its_function_does(role, action, table):
    policy = json.loads((POLICIES / f"policy-{role}.json").read_text("utf-8"))
    arn = {"Fn::GetAtt": [table, "Arn"]}
    allowed = [one for one in policy["Statement"] if arn in one["Resource"]]
    assert any(f"dynamodb:{action}" in one["Action"] for one in allowed)
