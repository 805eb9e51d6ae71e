"""How well promises are kept: each verdict counted once, and a month read in one query."""

import pytest

from chalicelib.handlers.workers.verdicts import count_verdicts
from chalicelib.models.attainment import Attainment
from chalicelib.services import attainment, conversations, deadlines, escalations, tickets
from tests import aws
from tests.cast import ANA, ROSA, after
from tests.factories import a_ticket, entries_of, put_policy
from tests.integration.counting import counted
from tests.integration.lambdas import relay, sweep, work
from tests.integration.promises import (
    HOUR,
    RESOLUTION,
    all_targets,
    answered,
    asked_again,
    resolved,
    urgent,
)

pytestmark = pytest.mark.usefixtures("cloud")


def settle(times: int = 1) -> None:
    """Let the relay tell what happened, and the worker count it, as often as asked."""
    relay()
    told = aws.queued("verdicts")
    for _ in range(times):
        assert work(count_verdicts, told) == {"batchItemFailures": []}


def month(name: str = "2026-11") -> dict[str, tuple[int, int]]:
    """(met, breached) by target."""
    rows = attainment.summed(attainment.of_month(name), "target")
    return {row["target"]: (row["met"], row["breached"]) for row in rows}


def test_what_was_met_and_what_was_missed_is_counted_by_target():
    kept, missed = urgent(), urgent()
    answered(kept, minutes=5)
    resolved(kept, hours=1)
    answered(missed, minutes=20)
    resolved(missed, hours=5)
    settle()
    assert month() == {
        "first_response": (1, 1), "resolution": (1, 1), "time_to_accept": (1, 1),
    }  # fmt: skip


def test_a_verdict_is_counted_once_though_relay_and_queue_deliver_twice():
    ticket = urgent()
    sweep(after(hours=1))
    answered(ticket, hours=1, minutes=10)
    resolved(ticket, hours=3)
    settle(times=2)
    settle(times=2)
    assert month() == {
        "first_response": (0, 1), "resolution": (1, 0), "time_to_accept": (1, 1),  # in two tiers
    }  # fmt: skip


def test_a_breach_counts_when_it_happens_and_not_again_when_it_is_over():
    ticket = urgent()
    sweep(after(minutes=20))
    settle()
    assert month()["first_response"] == (0, 1)
    answered(ticket, hours=2)
    settle()
    assert month()["first_response"] == (0, 1)


def test_each_cycle_has_its_verdict_and_a_missed_resolution_counts_once_for_all():
    ticket = a_ticket()
    answered(ticket, minutes=1)
    for hour in (1, 2, 3):
        asked_again(ticket, hours=hour)
        answered(ticket, hours=hour + 0.5)
    resolved(ticket, hours=4)
    tickets.reopen(ticket.ticket_id, ANA, after(hours=5))
    resolved(ticket, hours=60)
    tickets.reopen(ticket.ticket_id, ANA, after(hours=61))
    resolved(ticket, hours=62)
    settle()
    assert month()["next_response"] == (3, 0)
    assert month()["resolution"] == (1, 1)


def test_every_tier_answers_for_its_own_time_to_accept():
    ticket = urgent()
    sweep(after(minutes=10))
    escalations.escalate(ticket.ticket_id, "Up", "", None, ANA, after(minutes=11))
    escalations.escalate(ticket.ticket_id, "Up", "", None, ANA, after(minutes=40))
    answered(ticket, minutes=41)
    settle()
    accepted = [row for row in attainment.of_month("2026-11") if row["target"] == "time_to_accept"]
    assert {row["tier"]: (row["met"], row["breached"]) for row in accepted} == {
        1: (0, 1), 2: (0, 1), 3: (1, 0),
    }  # fmt: skip


def test_what_was_not_promised_or_was_only_left_is_no_verdict():
    put_policy(targets=all_targets(resolution=HOUR))
    ticket = a_ticket()
    answered(ticket, minutes=5)
    escalations.escalate(ticket.ticket_id, "Up", "", None, ANA, after(minutes=6))
    tickets.resolve(ticket.ticket_id, "Fine.", None, ROSA, after(minutes=7))
    settle()
    assert month() == {"resolution": (1, 0)}


def test_a_date_agreed_by_hand_is_a_promise_kept_or_missed_like_another():
    put_policy(targets=all_targets(first_response=HOUR))
    kept, missed = a_ticket(), a_ticket()
    for ticket, hours in ((kept, 5), (missed, 6.5)):
        deadlines.set_due_date(ticket.ticket_id, RESOLUTION, after(hours=6), "", ANA, after())
        answered(ticket, minutes=1)
        resolved(ticket, hours=hours)
    settle()
    assert month()["resolution"] == (1, 1)


def test_a_verdict_belongs_to_the_month_in_which_it_froze():
    ticket = a_ticket()
    answered(ticket, minutes=1)
    sweep(after(hours=48))
    resolved(ticket, days=10)
    late = a_ticket(now=after(days=10))
    answered(late, days=10, hours=1)
    settle()
    assert month()["resolution"] == (0, 1)
    assert month("2026-12") == {"first_response": (1, 0), "time_to_accept": (1, 0)}


def test_the_relay_tells_the_verdicts_queue_of_what_settles_and_of_nothing_else():
    ticket = urgent()
    conversations.note(ticket.ticket_id, "Odd.", ANA, after(minutes=1))
    sweep(after(minutes=10))
    answered(ticket, minutes=11)
    asked_again(ticket, minutes=12)
    resolved(ticket, minutes=13)
    relay()
    told = [one["kind"] for one in aws.queued("verdicts")]
    assert sorted(told) == ["reply", "resolved", "sla_breached"]
    settling = [entry.kind for entry in entries_of(ticket) if entry.cycles]
    assert settling == ["reply", "resolved"]


def test_a_months_report_is_one_query(monkeypatch):
    resolved(urgent(), hours=5)
    settle()
    with counted(monkeypatch) as calls:
        rows = attainment.of_month("2026-11")
    assert calls == {"Query": 1}
    assert {(row["policy"], row["tier"], row["priority"]) for row in rows} == {
        ("standard", 1, "P1")
    }


def test_counts_are_put_together_by_any_facts_in_the_order_of_a_tickets_life():
    row = {"policy": "standard", "tier": 1, "priority": "P1", "met": 1, "breached": 2}
    rows = [{**row, "target": name, "tier": tier}
            for name in ("resolution", "first_response") for tier in (2, 1)]  # fmt: skip
    told = attainment.summed(rows, "target", "tier")
    assert [(one["target"], one["tier"]) for one in told] == [
        ("first_response", 1), ("first_response", 2), ("resolution", 1), ("resolution", 2),
    ]  # fmt: skip
    assert attainment.summed(rows, "policy") == [{"policy": "standard", "met": 4, "breached": 8}]


def test_an_entry_that_is_not_there_counts_nothing():
    message = {"ticket_id": "HD-0000000", "entry_id": "000001-00", "kind": "reply"}
    assert work(count_verdicts, [message]) == {"batchItemFailures": []}
    assert list(Attainment.scan()) == []
