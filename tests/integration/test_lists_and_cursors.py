"""Lists that several filters narrow, cursors that nobody gave out, and whom a list names."""

import pytest

from chalicelib.services import ownership
from tests.cast import ANA, BEN, MONDAY_9, ROSA
from tests.factories import a_ticket, employ
from tests.integration.api import Api, a_request

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def ana() -> Api:
    return Api(ANA)


def test_requester_and_assignee_filters_hold_together(ana):
    employ(BEN)
    mine, other = a_ticket(), a_ticket()
    ownership.assign(mine.ticket_id, ANA.id, ANA, MONDAY_9)
    ownership.assign(other.ticket_id, BEN.id, BEN, MONDAY_9)
    found = ana.get(f"/tickets?requester={ROSA.email}&assignee=me").json["items"]
    assert [one["id"] for one in found] == [mine.ticket_id]


@pytest.mark.parametrize("cursor", ["zzz", "e30.e30", "000001-00"])
def test_a_forged_cursor_of_a_timeline_is_refused(ana, cursor):
    answer = ana.get(f"/tickets/{a_ticket().ticket_id}/timeline?cursor={cursor}")
    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "/cursor"


def test_a_requester_without_a_name_has_the_contracts_three_fields_too(ana):
    made = ana.post("/tickets", a_request(requester={"email": "nameless@shop.example"})).json
    assert set(made["requester"]) >= {"id", "name", "email"}
