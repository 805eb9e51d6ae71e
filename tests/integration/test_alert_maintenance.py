"""Maintenance windows: alerts are kept and counted without a ticket, until the window ends."""

import pytest

from chalicelib.domain.maintenance import Window
from chalicelib.models.alert import AlertRecord
from chalicelib.services import settings
from tests.cast import after
from tests.integration.monitoring import (
    change,
    connect,
    incident,
    incidents,
    log,
    report,
    tick,
    told,
)

pytestmark = pytest.mark.usefixtures("cloud")
SHOP = {"service": "shop"}


@pytest.fixture
def prometheus():
    """With the shop maintained from nine to ten."""
    put_window(matchers=["service=shop"])
    return connect()


def put_window(minutes: int = 60, **changes) -> None:
    window = Window("w1", "Patch day", "2026-11-23T09:00", minutes, **changes)
    settings.put(settings.WINDOW, window.id, window.to_data())


def test_an_alert_in_the_window_is_kept_and_counted_and_opens_nothing(prometheus):
    for minute in (5, 10, 15):
        report(prometheus, told("Disk", labels=SHOP), at=after(minutes=minute))
    assert incidents() == []
    (record,) = AlertRecord.scan()
    assert (record.held_times, record.firing) == (3, True)
    assert [one.decisions for one in log(prometheus)] == [{"hold": 1}, {"repeat": 1}, {"repeat": 1}]


def test_what_fires_on_at_the_end_opens_one_with_all_its_occurrences(prometheus):
    for minute in (5, 10):
        report(prometheus, told("Disk", labels=SHOP), at=after(minutes=minute))
    tick(after(minutes=59))
    assert incidents() == []
    tick(after(minutes=60))
    tick(after(minutes=61))
    ticket = incident()
    assert (ticket.subject, ticket.service, ticket.alert["count"]) == ("Disk is broken", "shop", 2)


def test_what_ends_in_the_window_opens_none(prometheus):
    report(prometheus, told("Disk", labels=SHOP), at=after(minutes=5))
    report(prometheus, told("Disk", "resolved", labels=SHOP), at=after(minutes=30))
    tick(after(minutes=61))
    assert incidents() == []


def test_a_window_is_for_what_it_matches(prometheus):
    report(prometheus, told("Disk", labels={"service": "mail"}), at=after(minutes=5))
    assert incident().service == "mail"


def test_an_incident_from_before_the_window_goes_on_and_ends_in_it(prometheus):
    early = after(minutes=-10)
    report(prometheus, told("Disk", began=early, labels=SHOP), at=early)
    report(prometheus, told("Disk", began=early, labels=SHOP), at=after(minutes=5))
    assert incident().alert["count"] == 2
    report(prometheus, told("Disk", "resolved", began=early, labels=SHOP), at=after(minutes=25))
    assert incident().status == "resolved"


def test_a_window_that_was_made_longer_holds_for_longer(prometheus):
    report(prometheus, told("Disk", labels=SHOP), at=after(minutes=5))
    put_window(120, version=2, matchers=["service=shop"])
    tick(after(minutes=60))
    assert incidents() == []
    tick(after(minutes=120))
    assert incident().alert["firing"] is True


def test_the_end_of_maintenance_waits_for_room_as_well(prometheus):
    prometheus = change(prometheus, incidents_per_minute=1, storm_size=0)
    for n in range(3):
        report(prometheus, told(f"Disk{n}", labels=SHOP), at=after(minutes=5))
    for minute in range(60, 66):  # what is put off comes again within two minutes
        tick(after(minutes=minute))
    assert len(incidents()) == 3
