"""How many calls each piece of work makes: one write to create, and never a scan."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import botocore.client
import pytest

from chalicelib.domain.vocabulary import TIERS
from chalicelib.services import dispatch, settings
from tests.cast import ANA, MONDAY_9, after
from tests.factories import a_ticket, employ_everyone
from tests.integration.api import Api, a_request
from tests.integration.browser import Browser
from tests.integration.lambdas import sweep

pytestmark = pytest.mark.usefixtures("cloud")

WRITES = {"TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"}


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Counts every call that leaves the process, PynamoDB's and boto3's alike."""
    calls: Counter[str] = Counter()
    original = botocore.client.BaseClient._make_api_call

    def counting(self: Any, operation: str, parameters: Any) -> Any:
        calls[operation] += 1
        return original(self, operation, parameters)

    with monkeypatch.context() as patch:
        patch.setattr(botocore.client.BaseClient, "_make_api_call", counting)
        yield calls


@pytest.fixture
def ana() -> Api:
    api = Api(ANA)
    employ_everyone()
    api.post("/tickets", a_request())  # settings are kept from here on
    return api


def writes(calls: Counter[str]) -> dict[str, int]:
    return {name: number for name, number in calls.items() if name in WRITES}


def test_creating_a_ticket_is_one_write_and_no_message(ana, monkeypatch):
    with counted(monkeypatch) as calls:
        assert ana.post("/tickets", a_request(), Idempotency_Key="k").status == 201
    assert writes(calls) == {"TransactWriteItems": 1}
    assert calls == {"GetItem": 2, "TransactWriteItems": 1}  # token, person; then all at once


def test_replying_is_one_write(ana, monkeypatch):
    ticket = ana.post("/tickets", a_request()).json["id"]
    with counted(monkeypatch) as calls:
        ana.post(f"/tickets/{ticket}/replies", {"body": "On it."})
    assert calls == {"GetItem": 3, "TransactWriteItems": 1}


def test_a_page_of_one_tiers_list_is_one_query(ana, monkeypatch):
    with counted(monkeypatch) as calls:
        ana.get("/tickets?tier=1&status=new,open")
    assert calls["Query"] == 1
    assert calls["BatchGetItem"] == 1  # descriptions


def test_dispatch_reads_its_tier_and_writes_once(ana, monkeypatch):
    ticket = a_ticket()
    with counted(monkeypatch) as calls:
        dispatch.dispatch(ticket.ticket_id, 1, MONDAY_9)
    assert writes(calls) == {"TransactWriteItems": 1}
    assert calls["Query"] == 1 + 2  # the tier's people, and each one's load


def test_an_idle_sweep_asks_each_shard_once(ana, monkeypatch):
    with counted(monkeypatch) as calls:
        sweep(MONDAY_9)
    assert calls == {"Query": 4}


def test_nothing_ever_scans(ana, monkeypatch):
    settings.forget()
    with counted(monkeypatch) as calls:
        ticket = ana.post("/tickets", a_request()).json["id"]
        ana.get("/tickets")
        ana.get("/tickets?status=resolved&assignee=me")
        ana.get(f"/tickets/{ticket}")
        ana.get(f"/tickets/{ticket}/timeline")
        ana.get("/queues")
        for tier in TIERS:
            dispatch.dispatch(ticket, tier, MONDAY_9)
        sweep(after(days=30))
    assert calls["Scan"] == 0
    assert sum(calls.values()) > 20


def test_the_pages_of_the_desk_make_few_calls(ana, monkeypatch):
    ticket = ana.post("/tickets", a_request()).json["id"]
    browser = Browser().sign_in(ANA)
    browser.get(f"/desk/tickets/{ticket}")  # the roster is kept from here on
    with counted(monkeypatch) as calls:
        browser.get("/desk?view=tier1")
    assert calls == {"GetItem": 2, "Query": 1 + 3}  # session, person; the page, a count each tier
    with counted(monkeypatch) as calls:
        browser.get(f"/desk/tickets/{ticket}")
    assert calls == {"GetItem": 2 + 1, "Query": 1}  # session, person; ticket, timeline
