"""Looking changes nothing: every page and every address of the API is asked for, by everybody.

What stays allowed is presence: that somebody is there, and when a session or token was last used.
A hook that is called by GET with a query tells something by that; it is a delivery, and no page.
"""

import json
import re
from typing import Any

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import sqs_backends

from chalicelib.services import dispatch
from chalicelib.services.guests import follow_key
from tests import aws
from tests.cast import ADA, ANA, LEA, MONDAY_9, ROSA, after
from tests.factories import a_ticket, employ, employ_everyone, kinds_of, now_of
from tests.integration.api import Api
from tests.integration.browser import Browser
from tests.integration.routes import Route, routes
from tests.integration.whole_desk import tick

pytestmark = pytest.mark.usefixtures("cloud")

PRESENCE = {"people": {"seen_at"}, "sessions": {"seen_at", "expires_at", "last_seen_at", "ttl"},
            "tokens": {"last_used_at", "used_at"}}  # fmt: skip
COUNTING = "limit#"  # rows that count how often somebody has asked, for the limits
QUERY = "?month=2026-11&view=mine&done=replied&cursor=x&key=forged&q=till"


def stored() -> dict[str, dict[str, Any]]:
    """Every row of every table, but for presence; and every message that waits."""
    found = {}
    for full_name, table in dynamodb_backends[DEFAULT_ACCOUNT_ID][aws.REGION].tables.items():
        name = full_name.removeprefix(f"{aws.PREFIX}-")
        rows = [row.to_json()["Attributes"] for row in table.all_items()]
        kept = (row for row in rows if COUNTING not in key_of(row))
        found[name] = {key_of(row): without(row, PRESENCE.get(name, set())) for row in kept}
    queues = sqs_backends[DEFAULT_ACCOUNT_ID][aws.REGION].queues
    found["queues"] = {name: len(queue._messages) for name, queue in queues.items()}
    return found


def key_of(row: dict[str, Any]) -> str:
    return json.dumps({name: row[name] for name in sorted(row) if name.endswith("id")} or row)


def without(row: dict[str, Any], names: set[str]) -> str:
    kept = {name: value for name, value in row.items() if name not in names}
    return json.dumps(kept, sort_keys=True, default=str)


def gettable() -> list[Route]:
    return [one for one in routes() if one.method == "GET" and not one.path.startswith("/hooks/")]


def address(route: Route, ticket_id: str) -> str:
    ids = {"ticket_id": ticket_id, "person_id": ANA.id, "policy_id": "standard",
           "calendar_id": "24x7"}  # fmt: skip
    return re.sub(r"{(\w+)}", lambda found: ids.get(found[1], "anything"), route.path)


def given() -> Any:
    """A ticket that the machine has given to Ana, who has not accepted it yet."""
    employ(ANA)
    ticket = a_ticket()
    dispatch.dispatch(ticket.ticket_id, 1, MONDAY_9)
    assert now_of(ticket).accept_by
    return ticket


@pytest.mark.parametrize(
    "who", [ANA, LEA, ADA, ROSA, None], ids=lambda who: who.name if who else "-"
)
def test_no_page_changes_anything_by_being_looked_at(who: Any) -> None:
    ticket = given()
    employ_everyone()
    employ(ADA, ROSA)
    visitor = Browser().sign_in(who) if who else Browser()
    before = stored()
    for route in filter(lambda one: one.is_page, gettable()):
        for query in ("", QUERY):
            answer = visitor.get(address(route, ticket.ticket_id) + query)
            assert answer.status < 500, route
            assert stored() == before, route


def test_no_answer_of_the_api_changes_anything() -> None:
    ticket = given()
    employ_everyone()
    api = Api(ADA)
    before = stored()
    for route in gettable():
        if not route.is_page:
            assert api.call("GET", address(route, ticket.ticket_id)).status < 500, route
            assert stored() == before, route


def test_a_guests_links_change_nothing_before_their_button_is_pressed() -> None:
    ticket = a_ticket()
    key = follow_key(ticket, MONDAY_9)
    before = stored()
    for path in (f"/requests/{ticket.ticket_id}", f"/on-call/{ticket.ticket_id}"):
        answer = Browser().get(f"{path}?key={key}")
        assert "Set-Cookie" not in answer.headers
    assert stored() == before


def test_a_ticket_that_is_only_looked_at_still_waits_to_be_accepted() -> None:
    ticket = given()
    Browser().sign_in(ANA).get(f"/desk/tickets/{ticket.ticket_id}")
    tick(after(hours=3))
    assert "not_accepted" in kinds_of(ticket)
