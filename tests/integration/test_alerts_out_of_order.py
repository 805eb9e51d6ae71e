"""Deliveries that come late, twice, in the wrong order or at the same moment."""

import pytest

from chalicelib.handlers.workers.alerts import receive_alerts
from chalicelib.services import alerts
from tests.cast import MONDAY_9
from tests.integration.alertmanager import deliver, delivery, incidents, queued
from tests.integration.lambdas import work

pytestmark = pytest.mark.usefixtures("alertmanager")


def test_a_resolve_that_overtakes_its_firing_leaves_no_open_incident():
    deliver(delivery("resolved"))
    deliver(delivery("firing"))
    assert incidents() == []


def test_a_late_resolve_of_the_last_episode_does_not_close_the_next():
    deliver(delivery("firing"))
    deliver(delivery("firing", startsAt="2026-11-23T10:00:00Z"))
    deliver(delivery("resolved", endsAt="2026-11-23T09:30:00Z"))
    (ticket,) = incidents()
    assert ticket.status == "new"
    assert ticket.alert["firing"] is True


def test_an_older_repeat_that_comes_again_is_not_counted_again():
    deliver(delivery("firing"))
    first, second = queued(delivery("firing")), queued(delivery("firing"))
    work(receive_alerts, [first, second, first])
    assert incidents()[0].alert["count"] == 3


@pytest.mark.parametrize(("order", "count"), [("before", 1), ("after", 2)])
def test_a_resolve_around_the_save_of_a_repeat_is_not_undone(monkeypatch, order, count):
    deliver(delivery("firing"))
    resolved, save = queued(delivery("resolved")), alerts.save_together

    def save_beside_the_resolve(*records, **more):
        monkeypatch.undo()
        steps = [lambda: alerts.receive(resolved, MONDAY_9), lambda: save(*records, **more)]
        for step in steps if order == "before" else reversed(steps):
            step()

    monkeypatch.setattr(alerts, "save_together", save_beside_the_resolve)
    deliver(delivery("firing"))
    (ticket,) = incidents()
    assert (ticket.status, ticket.alert["firing"]) == ("resolved", False)
    assert ticket.alert["count"] == count


def test_deliveries_that_cannot_be_read_are_one_incident():
    for _ in range(3):
        deliver(b"nonsense")
    (ticket,) = incidents()
    assert ticket.alert["count"] == 3
