"""With more due than a tick can do, the rest travels through a queue: oldest first, each once."""

import json
from datetime import datetime

import pytest

from chalicelib.adapters import queues
from chalicelib.domain import worklists
from chalicelib.domain.instants import to_text
from chalicelib.handlers.sweeping import LATER
from chalicelib.handlers.workers.sweep import advance_due_tickets
from chalicelib.models.ticket import Ticket
from chalicelib.services import escalations, sweeping
from tests import aws
from tests.cast import after
from tests.factories import a_ticket, kinds_of, now_of, steps_of
from tests.integration import lambdas
from tests.integration.lambdas import sweep, work

pytestmark = pytest.mark.usefixtures("cloud")

LATE = after(hours=2, minutes=30)
AT_TWO_HOURS = ["warned-50", "breached"]  # the first response, and the time to accept


@pytest.fixture
def due(monkeypatch: pytest.MonkeyPatch) -> list[Ticket]:
    """Nine tickets of which each warned a minute after the one before; a tick does two."""
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    monkeypatch.setattr(sweeping, "IN_A_MESSAGE", 3)
    return [a_ticket(now=after(minutes=minute)) for minute in range(9)]


def ids(tickets: list[Ticket]) -> list[str]:
    return [ticket.ticket_id for ticket in tickets]


def warned(tickets: list[Ticket]) -> list[bool]:
    return ["sla_warned" in kinds_of(ticket) for ticket in tickets]


def test_a_tick_does_the_oldest_itself_and_hands_on_the_rest_oldest_first(due):
    assert sweep(LATE) == {"swept": 2, "handed_on": 7}
    assert warned(due) == [True] * 2 + [False] * 7
    told = aws.queued("sweep")
    assert [message["ticket_ids"] for message in told] == [
        ids(due[2:5]), ids(due[5:8]), ids(due[8:]),
    ]  # fmt: skip
    assert {message["now"] for message in told} == {to_text(LATE)}


def test_workers_take_what_was_handed_on_and_nothing_happens_twice(due):
    sweep(LATE)
    told = aws.queued("sweep")
    for _ in range(2):
        assert work(advance_due_tickets, [*told, *told]) == {"batchItemFailures": []}
    assert sweep(LATE) == {"swept": 0, "handed_on": 0}
    assert all(warned(due))
    assert [steps_of(ticket) for ticket in due] == [AT_TWO_HOURS] * 9


def test_a_message_that_is_read_late_takes_no_step_of_a_later_minute(due):
    sweep(LATE)
    lambdas.clock.use(lambda: after(days=30))
    work(advance_due_tickets, aws.queued("sweep"))
    assert steps_of(due[-1]) == AT_TWO_HOURS


def test_a_busy_queue_is_not_filled_again(due):
    assert sweep(LATE)["handed_on"] == 7
    assert sweep(LATE) == {"swept": 2, "handed_on": 0}
    assert sum(len(message["ticket_ids"]) for message in aws.queued("sweep")) == 7


def test_a_queue_in_the_hands_of_workers_counts_as_busy(due):
    sweep(LATE)
    client = queues.client("sqs")
    client.receive_message(QueueUrl=queues._url("sweep"), MaxNumberOfMessages=10)
    assert queues.depth_now("sweep")["waiting"] == 0
    assert sweep(LATE)["handed_on"] == 0


def test_what_could_not_be_handed_on_is_due_still(due, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(queues, "send", lambda queue, messages: [0])
        assert sweep(LATE) == {"swept": 2, "handed_on": 4}
    assert sweep(LATE) == {"swept": 2, "handed_on": 5}
    work(advance_due_tickets, aws.queued("sweep"))
    assert all(warned(due))


def test_poison_in_a_message_does_not_stop_the_rest(due, monkeypatch):
    advance = escalations.advance

    def breaks_on_poison(ticket_id: str, now: datetime) -> object:
        if ticket_id == due[3].ticket_id:
            raise RuntimeError("cannot be read")
        return advance(ticket_id, now)

    monkeypatch.setattr(escalations, "advance", breaks_on_poison)
    sweep(LATE)
    assert work(advance_due_tickets, aws.queued("sweep")) == {"batchItemFailures": []}
    assert [ticket for ticket in due if "sla_warned" not in kinds_of(ticket)] == [due[3]]
    assert now_of(due[3]).due_at == to_text(LATE + LATER)


def test_a_tick_without_time_left_stops_and_the_rest_is_due_still(due, monkeypatch):
    left = iter([60_000, 9_000])
    monkeypatch.setattr(lambdas.Context, "get_remaining_time_in_millis", lambda self: next(left))
    assert sweep(LATE)["swept"] == 1
    assert warned(due[:2]) == [True, False]


def test_the_oldest_come_first_whatever_shard_they_are_in(due):
    assert len({worklists.due_shard(ticket.ticket_id) for ticket in due}) > 1
    found = sweeping.find(LATE)
    assert found.ticket_ids == ids(due[:2])


def test_the_lag_is_how_long_the_oldest_waits(due, capsys):
    sweep(LATE)  # the first was due at eleven, half an hour ago
    assert told(capsys, "SweepLagSeconds") == [1800]
    work(advance_due_tickets, aws.queued("sweep"))
    sweep(LATE)
    assert told(capsys, "SweepLagSeconds") == [0]


def test_each_tick_tells_that_it_finished_and_how_much_it_did(due, capsys):
    sweep(LATE)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    (measured,) = lines
    names = ("TicketsSwept", "TicketsHandedOn", "SweepFinished")
    assert [measured[name] for name in names] == [[2], [7], [1]]


def told(capsys, metric: str) -> list[float]:
    """What was measured under a name, as the log carries it (CloudWatch's embedded format)."""
    lines = [line for line in capsys.readouterr().out.splitlines() if metric in line]
    return [value for line in lines for value in json.loads(line)[metric]]


def test_a_queue_that_fails_keeps_no_tick_from_the_oldest(due, monkeypatch):
    def fails(*_: object) -> None:
        raise RuntimeError("SQS is out of reach")

    with monkeypatch.context() as patch:
        patch.setattr(queues, "depth_now", fails)
        assert sweep(LATE) == {"swept": 2, "handed_on": 0}
    with monkeypatch.context() as patch:
        patch.setattr(queues, "send", fails)
        assert sweep(LATE) == {"swept": 2, "handed_on": 0}
    assert warned(due) == [True] * 4 + [False] * 5
