"""Counts of alerts add up: across maintenance, episodes, and incidents that follow others."""

import pytest

from chalicelib.adapters.monitoring import source_of
from chalicelib.services import (
    deliveries,
    hooks,
    tickets,
)
from chalicelib.services.alerts import receive
from tests import aws
from tests.cast import LEA, MONDAY_9, after
from tests.integration.alert_scenes import (
    put_window,
)
from tests.integration.monitoring import (
    body,
    change,
    connect,
    incident,
    incidents,
    log,
    post,
    report,
    send,
    tick,
    told,
    work_off,
)

pytestmark = pytest.mark.usefixtures("cloud")


# -- maintenance


def test_a_repeat_right_after_the_window_does_not_open_a_second_incident():
    found = connect(storm_size=0, on_resolve="note")
    early = after(minutes=-60)
    report(found, told("Disk", began=early), at=early)
    report(found, told("Disk", "resolved", began=early), at=after(minutes=-20))
    put_window()
    report(found, told("Disk", began=after(minutes=5)), at=after(minutes=5))
    report(found, told("Disk", began=after(minutes=5)), at=after(minutes=60, seconds=20))
    tick(after(minutes=61))
    assert len([one for one in incidents() if one.status in ("new", "open")]) == 1


def test_a_repeat_right_after_the_window_keeps_what_was_counted_in_it(prometheus):
    put_window()
    for minute in (5, 10, 15):
        report(prometheus, told("Disk"), at=after(minutes=minute))
    report(prometheus, told("Disk"), at=after(minutes=60, seconds=20))
    tick(after(minutes=61))
    assert incident().alert["count"] == 4


def test_what_was_counted_before_and_in_the_window_adds_up(prometheus):
    early = after(minutes=-60)
    for minute in (-60, -50):
        report(prometheus, told("Disk", began=early), at=after(minutes=minute))
    report(prometheus, told("Disk", "resolved", began=early), at=after(minutes=-20))
    put_window()
    for minute in (5, 10):
        report(prometheus, told("Disk", began=after(minutes=5)), at=after(minutes=minute))
    tick(after(minutes=60))
    assert (incident().status, incident().alert["count"]) == ("open", 4)


def test_a_new_incident_after_a_window_counts_all_that_was_held(prometheus):
    found = change(prometheus, reopen_within=0)
    early = after(minutes=-60)
    report(found, told("Disk", began=early), at=early)
    report(found, told("Disk", "resolved", began=early), at=after(minutes=-20))
    put_window()
    for minute in (5, 10, 15):
        report(found, told("Disk", began=after(minutes=5)), at=after(minutes=minute))
    tick(after(minutes=60))
    assert [one.alert["count"] for one in incidents()] == [1, 3]


@pytest.mark.parametrize("how", ["shortened", "deleted"])
def test_what_is_held_opens_when_its_window_ends_before_it_was_to(prometheus, how):
    put_window(300, matchers=["alertname=Disk"])
    report(prometheus, told("Disk"), at=after(minutes=5))
    if how == "shortened":
        put_window(30, version=2, matchers=["alertname=Disk"])
    else:
        put_window(300, version=2, matchers=["alertname=Nothing"])
    for minutes in (31, 36, 45):
        tick(after(minutes=minutes))
    assert len(incidents()) == 1


def test_what_was_counted_in_two_episodes_of_a_window_adds_up(prometheus):
    put_window()
    report(prometheus, told("Disk"), at=after(minutes=5))
    report(prometheus, told("Disk", "resolved"), at=after(minutes=31))
    report(prometheus, told("Disk", began=after(minutes=40)), at=after(minutes=40))
    tick(after(minutes=60))
    assert incident().alert["count"] == 2


# -- counts


def test_the_count_of_an_incident_that_is_followed_by_another_is_kept(prometheus):
    found = change(prometheus, reopen_within=0)
    for minute in range(4):
        report(found, told("Disk"), at=after(minutes=minute))
    tickets.resolve(incident().ticket_id, "Done.", None, LEA, after(minutes=5))
    report(found, told("Disk"), at=after(minutes=10))
    old, new = incidents()
    assert (old.alert["count"], new.alert["count"]) == (4, 1)
    assert old.alert["firing"] is False


def test_a_part_of_a_large_delivery_that_is_handled_again_is_counted_once_in_the_log(prometheus):
    post(prometheus, body(*(told(f"Disk{n}") for n in range(30))))
    (whole,) = aws.queued("alerts")
    assert receive([whole], MONDAY_9) == []
    slices = aws.queued("alerts")
    assert receive(slices, MONDAY_9) == []
    assert receive(slices, MONDAY_9) == []
    (row,) = log(prometheus)
    decisions = deliveries.view(row)["decisions"]
    assert decisions == {"alerts": 30, "open": 30}


# -- tests and replays


def test_a_test_counts_nothing_where_its_example_is_firing(prometheus):
    example = source_of("alertmanager").examples[0].delivery
    send(prometheus, example.body)
    before = [one.alert["count"] for one in incidents()]
    hooks.send_test(prometheus.id, LEA, after(minutes=1))
    work_off()
    assert [one.alert["count"] for one in incidents()] == before
