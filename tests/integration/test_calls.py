"""How many calls each piece of work makes: one write to create, and never a scan."""

from typing import Any

import pytest

from chalicelib.domain.vocabulary import TIERS
from chalicelib.models.person import ON_STAFF_INDEX, Person
from chalicelib.services import dispatch, jobs, settings, staff, staffing, sweeping
from tests.cast import ANA, MONDAY_9, OMAR, after
from tests.factories import a_ticket, employ_everyone, kinds_of, put_policy, steps_of
from tests.integration.api import Api, a_request
from tests.integration.browser import Browser
from tests.integration.counting import counted, writes
from tests.integration.lambdas import sweep

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def ana() -> Api:
    api = Api(ANA)
    employ_everyone()
    api.post("/tickets", a_request())  # settings are kept from here on
    return api


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


def test_five_thousand_people_fit_into_one_answer_of_dynamodb():
    row = an_agent(4999).serialize()
    held = {name: row[name] for name in ("desk", "person_id", *ON_STAFF_INDEX) if name in row}
    assert 5000 * sum(len(name) + size_of(value) for name, value in held.items()) < 1024 * 1024


def size_of(value: dict[str, Any]) -> int:
    """Bytes, as the Developer Guide counts them (item sizes and formats)."""
    ((kind, content),) = value.items()
    if kind == "L":
        return 3 + sum(1 + size_of(one) for one in content)
    return {"S": lambda: len(content.encode()), "N": lambda: len(content) // 2 + 1}.get(
        kind, lambda: 1
    )()


def an_agent(number: int) -> Person:
    """With all that the index holds of somebody, in usual lengths."""
    return Person(
        f"P-01KDQ0000000000000000{number:04}", desk="staff", name=f"Agent Number {number}",
        email=f"agent{number}@desk.example", role="agent", tiers=[1], team="front",
        skills={"network": 3}, languages=["pt", "en"], branch="lyon", shift="24x7",
        time_zone="Europe/Lisbon", assigned_at=MONDAY_9, on_shift=True,
    )  # fmt: skip


@pytest.mark.parametrize("agents", [5, 500])
def test_dispatch_is_three_reads_and_one_write_however_many_agents_there_are(
    ana, monkeypatch, agents
):
    with Person.batch_write() as batch:
        for number in range(agents - 5):
            batch.save(an_agent(number))
    dispatch.dispatch(a_ticket(OMAR).ticket_id, 1, MONDAY_9)  # settings are kept from here on
    ticket = a_ticket()
    staff.forget()
    with counted(monkeypatch) as calls:
        dispatch.dispatch(ticket.ticket_id, 1, MONDAY_9)
    assert kinds_of(ticket) == ["opened", "assigned"]
    assert writes(calls) == {"TransactWriteItems": 1}
    # the ticket, and who helped its requester; everybody who works here
    assert calls == {"GetItem": 2, "Query": 1, "TransactWriteItems": 1}


def test_a_second_dispatch_by_the_same_process_knows_everybody_already(ana, monkeypatch):
    dispatch.dispatch(a_ticket(OMAR).ticket_id, 1, MONDAY_9)
    ticket = a_ticket()
    with counted(monkeypatch) as calls:
        dispatch.dispatch(ticket.ticket_id, 1, MONDAY_9)
    assert calls == {"GetItem": 2, "TransactWriteItems": 1}


def test_an_idle_look_at_the_shifts_is_one_query_and_a_count_for_each_tier(ana, monkeypatch):
    with counted(monkeypatch) as calls:
        staffing.change_shifts(MONDAY_9)
    assert calls == {"Query": 1 + 3}


def test_an_idle_sweep_asks_each_shard_once(ana, monkeypatch):
    with counted(monkeypatch) as calls:
        sweep(after(minutes=1))
    assert calls == {"Query": 4}


def test_every_five_minutes_a_sweep_looks_for_stalled_jobs_too(ana, monkeypatch):
    with counted(monkeypatch) as calls:
        sweep(after(minutes=5))
    assert calls == {"Query": 4 + 4}  # the newest jobs of each kind


def test_a_due_ticket_is_one_read_and_one_write_however_many_steps_it_takes(monkeypatch):
    put_policy(warnings=[25, 50, 75])
    ticket = a_ticket()
    sweep(MONDAY_9)  # the policy's version is kept from here on
    with counted(monkeypatch) as calls:
        sweep(after(hours=4, minutes=1))
    assert len(steps_of(ticket)) == 6  # three warnings, two breaches, the next tier
    assert calls == {"Query": 4, "GetItem": 1, "TransactWriteItems": 1}


def test_what_is_handed_on_costs_a_look_at_the_queue_and_a_message_for_many(monkeypatch):
    monkeypatch.setattr(sweeping, "AT_ONCE", 1)
    for _ in range(9):
        a_ticket()
    with counted(monkeypatch) as calls:
        assert sweep(after(hours=2)) == {"swept": 1, "handed_on": 8}
    assert writes(calls) == {"TransactWriteItems": 1}
    assert (calls["GetQueueAttributes"], calls["SendMessageBatch"]) == (1, 1)


def test_a_ticket_that_is_not_outdated_costs_a_recompute_nothing(monkeypatch):
    for _ in range(5):
        a_ticket()
    _, job = put_policy()
    message = {"job_id": job.job_id, "part": "tier1/0", "cursor": None, "turn": 1}
    jobs.work(message, MONDAY_9)
    again = {**message, "turn": 2}
    with counted(monkeypatch) as calls:
        jobs.work(again, after(minutes=1))
    assert writes(calls) == {"TransactWriteItems": 1}  # the job's own
    assert calls["GetItem"] <= 3


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
    monkeypatch.setattr(staff, "KEPT_FOR_SECONDS", 10**9)
    ticket = ana.post("/tickets", a_request()).json["id"]
    browser = Browser().sign_in(ANA)
    browser.get(f"/desk/tickets/{ticket}")  # the roster is kept from here on
    with counted(monkeypatch) as calls:
        browser.get("/desk?view=tier1")
    assert calls == {"GetItem": 2, "Query": 1 + 3}  # session, person; the page, a count each tier
    with counted(monkeypatch) as calls:
        browser.get(f"/desk/tickets/{ticket}")
    assert calls == {"GetItem": 2 + 1, "Query": 1}  # session, person; ticket, timeline
