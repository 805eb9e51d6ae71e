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


def test_a_repeat_that_loses_to_the_resolve_does_not_show_firing_again(monkeypatch):
    deliver(delivery("firing"))
    resolved, save = queued(delivery("resolved")), alerts.save_together

    def save_too_late(*records, **more):
        monkeypatch.undo()
        alerts.receive(resolved, MONDAY_9)
        save(*records, **more)

    monkeypatch.setattr(alerts, "save_together", save_too_late)
    deliver(delivery("firing"))
    (ticket,) = incidents()
    assert (ticket.status, ticket.alert["firing"]) == ("resolved", False)
    assert ticket.alert["count"] == 1


def test_deliveries_that_cannot_be_read_are_one_incident():
    for _ in range(3):
        deliver(b"nonsense")
    (ticket,) = incidents()
    assert ticket.alert["count"] == 3
