"""Alerts and their workers, killed at whichever call: in the end all is as if nobody had died.

Each story is told once undisturbed; then its worker is killed before each of its calls, or gets no
answer to each, and whatever lies in the queue comes again together with what it had in hand.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib.domain.maintenance import Window
from chalicelib.handlers.schedules import watch_alerts
from chalicelib.handlers.workers.alerts import receive_alerts
from chalicelib.models.alert import AlertRecord
from chalicelib.services import settings
from tests import aws
from tests.cast import after
from tests.factories import kinds_of
from tests.integration.killing import Work, copy_of_all, cut_off, killed, put_back, unanswered
from tests.integration.lambdas import Context, tick_of, work
from tests.integration.monitoring import (
    body,
    change,
    clock,
    connect,
    incidents,
    log,
    post,
    report,
    told,
)

pytestmark = pytest.mark.usefixtures("cloud")

STORIES: dict[str, Callable[[], Work]] = {}
SHOP = {"service": "shop"}


def story(tell: Callable[[], Work]) -> Callable[[], Work]:
    STORIES[tell.__name__] = tell
    return tell


LATER = after(minutes=40)


def the_batch(*bodies: bytes, at: datetime = LATER) -> Work:
    """These deliveries, as one batch of the worker."""
    clock.use(lambda: at)
    for one in bodies:
        assert post(settings.integrations()[0], one).status == 202
    messages = aws.queued("alerts")
    return lambda: work(receive_alerts, messages)


@story
def new_alerts_open_incidents() -> Work:
    connect()
    return the_batch(body(told("Disk")), body(told("Fan"), told("Lamp")))


@story
def known_ones_are_counted_beside_a_new_one() -> Work:
    found = connect()
    report(found, told("Disk"), told("Fan"))
    return the_batch(body(told("Disk")), body(told("Fan"), told("Disk")), body(told("Lamp")))


@story
def they_end() -> Work:
    found = connect()
    report(found, told("Disk"), told("Fan"))
    return the_batch(body(told("Disk", "resolved"), told("Fan", "resolved")))


@story
def one_becomes_worse_and_one_comes_back() -> Work:
    found = connect()
    report(found, told("Disk", labels={"severity": "info"}), told("Fan"))
    report(found, told("Fan", "resolved"), at=after(minutes=30))
    return the_batch(body(told("Disk"), told("Fan", began=after(minutes=35))))


@story
def one_comes_back_after_days() -> Work:
    found = connect()
    report(found, told("Fan"))
    report(found, told("Fan", "resolved"), at=after(minutes=30))
    return the_batch(body(told("Fan", began=after(days=3))), at=after(days=3))


@story
def a_large_delivery_is_cut_into_parts() -> Work:
    change(connect(), storm_size=0)
    return the_batch(body(*(told(f"Disk{n}") for n in range(27))))


@story
def a_service_storms_in_one_delivery() -> Work:
    change(connect(), storm_size=2)
    return the_batch(body(*(told(f"Disk{n}", labels=SHOP) for n in range(4))))


@story
def a_service_storms_one_by_one() -> Work:
    found = change(connect(), storm_size=2)
    for n in range(2):
        report(found, told(f"Disk{n}", labels=SHOP), at=after(minutes=39))
    return the_batch(body(told("Disk3", labels=SHOP)), body(told("Disk4", labels=SHOP)))


@story
def a_group_ends_with_what_it_left_out() -> Work:
    found = connect()
    report(found, *(told(f"Disk{n}") for n in range(3)), groupKey="g")
    return the_batch(body(told("Disk0", "resolved"), groupKey="g", status="resolved"))


@story
def an_integration_has_opened_its_share() -> Work:
    change(connect(), incidents_per_minute=1)
    return the_batch(body(told("Disk")), body(told("Fan"), told("Lamp")))


@story
def a_quiet_period_is_over() -> Work:
    found = change(connect(), on_resolve="quiet", quiet_for=300)
    report(found, told("Disk"), told("Fan"))
    report(found, told("Disk", "resolved"), told("Fan", "resolved"), at=after(minutes=30))
    return the_tick(minutes=36)


@story
def maintenance_is_over() -> Work:
    window = Window("w", "Patch day", "2026-11-23T09:00", 60)
    settings.put(settings.WINDOW, window.id, window.to_data())
    report(connect(), told("Disk"), told("Fan"))
    return the_tick(minutes=61)


@story
def a_storm_is_over() -> Work:
    found = change(connect(), storm_size=2)
    names = [f"Disk{n}" for n in range(4)]
    report(found, *(told(name, labels=SHOP) for name in names))
    for name in names:
        report(found, told(name, "resolved", labels=SHOP), at=after(minutes=30))
    return the_tick(minutes=32)


def the_tick(**span: float) -> Work:
    at = after(**span)
    clock.use(lambda: at)
    return lambda: watch_alerts(tick_of(at), Context())


@pytest.mark.parametrize("how", [killed, pytest.param(unanswered, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("name", STORIES)
def test_a_worker_that_dies_loses_and_doubles_nothing(name, how):
    piece, at = STORIES[name](), clock.now()
    kept = copy_of_all()
    piece()
    expected = settled(at)
    for call in count(1):
        put_back(kept)
        clock.use(lambda: at)
        settings.forget()
        done = cut_off(piece, call, how)
        piece()
        assert settled(at) == expected, f"died at call {call}"
        if done:
            break
    assert call > 2


ROUNDS = 6  # of the queue in a minute: what was postponed comes again at once here


def settled(at: datetime) -> list[Any]:
    """What there is when everything has been worked off, and the minutes after have passed."""
    for minute in range(5):
        clock.use(lambda: at + timedelta(minutes=minute))  # noqa: B023
        for _ in range(ROUNDS):
            work(receive_alerts, aws.queued("alerts"))
        watch_alerts(tick_of(clock.now()), Context())
    found = incidents()
    tickets = sorted((one.subject, one.status, one.alert["count"], one.alert["firing"],
                      bool(one.follows)) for one in found)  # fmt: skip
    # apart, for whichever of a storm's incidents comes first is the parent
    tickets += sorted((bool(one.parent), *sorted(kinds_of(one))) for one in found)
    alerts = sorted((one.alert_id, int(one.times or 0)) for one in AlertRecord.scan()
                    if not one.alert_id.startswith("storm#"))  # fmt: skip
    deliveries = len({one.delivery_id for one in log(settings.integrations()[0])})
    return [tickets, alerts, deliveries]
