"""The desk as it runs: both streams and all queues, until nothing is left to do."""

from datetime import datetime
from typing import Any

from chalicelib.adapters import clock
from tests import aws
from tests.integration.lambdas import Context, work

ROUNDS_AT_MOST = 60


def run(now: datetime) -> None:
    """Work off what was written: relays, tiers, staffing and mails, as often as it takes."""
    clock.use(lambda: now)
    for _ in range(ROUNDS_AT_MOST):
        if not any([_relayed(), _worked()]):
            return
    raise AssertionError("the desk does not come to rest")


def tick(now: datetime) -> None:
    """Both schedules at an instant, and what follows."""
    from chalicelib.handlers.schedules import change_shifts, escalate_overdue_tickets
    from chalicelib.services import staff
    from tests.integration.lambdas import tick_of

    clock.use(lambda: now)
    staff.forget()
    change_shifts(tick_of(now), Context())
    escalate_overdue_tickets(tick_of(now), Context())
    run(now)


def written(table: str) -> list[dict[str, Any]]:
    """What a table's stream carries now; it is taken out."""
    found = aws.stream_of(table)
    return [{"eventName": one["eventName"], "eventID": one["eventID"],
             "dynamodb": one["dynamodb"]} for one in found]  # fmt: skip


def _relayed() -> bool:
    from chalicelib.handlers.stream import relay_people, relay_timeline, seal_audit

    done = False
    for relay, table in (
        (relay_timeline, "timeline"),
        (relay_people, "people"),
        (seal_audit, "audit"),
    ):
        records = written(table)
        done = done or bool(records)
        if records:
            assert relay({"Records": records}, Context()) == {"batchItemFailures": []}
    return done


def _worked() -> bool:
    from chalicelib.handlers.workers.staffing import work_staffing
    from chalicelib.handlers.workers.tiers import work_tier1, work_tier2, work_tier3

    workers = {"tier1": work_tier1, "tier2": work_tier2, "tier3": work_tier3,
               "staffing": work_staffing}  # fmt: skip
    done = False
    for queue, worker in workers.items():
        told = aws.queued(queue)
        done = done or bool(told)
        if told:
            assert work(worker, told) == {"batchItemFailures": []}
    return done
