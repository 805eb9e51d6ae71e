"""When something fails underneath: the store is throttled, the sweep finds nothing to do."""

import pytest
from pynamodb.exceptions import TransactWriteError, VerboseClientError

from chalicelib.domain import worklists
from chalicelib.domain.vocabulary import Level
from chalicelib.models import saving
from chalicelib.services import escalations, sweeping
from tests.cast import MONDAY_9, ROSA, after
from tests.factories import a_ticket, kinds_of
from tests.integration import lambdas
from tests.integration.api import Api, a_request

pytestmark = pytest.mark.usefixtures("cloud")


def throttled(*_):
    answer = {"Error": {"Code": "ThrottlingException"}}
    about = {"request_id": "", "table_name": ""}
    cause = VerboseClientError(answer, "TransactWriteItems", about)
    raise TransactWriteError("throttled", cause)


def test_a_throttled_store_is_503_and_says_when_to_come_again(monkeypatch):
    rosa = Api(ROSA)
    monkeypatch.setattr(saving.TransactWrite, "__exit__", throttled)
    answer = rosa.post("/tickets", a_request())
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_tickets_with_nothing_to_do_do_not_keep_the_sweep_from_the_rest(monkeypatch):
    monkeypatch.setattr(sweeping, "PAGE", 3)
    monkeypatch.setattr(worklists, "DUE_SHARDS", 1)
    time_left = iter([60_000] * 20)
    monkeypatch.setattr(
        lambdas.Context, "get_remaining_time_in_millis", lambda self: next(time_left, 0)
    )
    for _ in range(3):  # as after a policy lost its warnings
        escalations.push_ahead(a_ticket().ticket_id, MONDAY_9)
    due = a_ticket(impact=Level.HIGH, urgency=Level.HIGH)
    lambdas.sweep(after(minutes=8))
    assert "sla_warned" in kinds_of(due)
