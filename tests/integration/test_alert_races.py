"""Alerts that overtake each other: in maintenance, in groups and in the queue."""

import pytest

from chalicelib.domain.alerts import Signal
from chalicelib.domain.vocabulary import ACTIVE
from chalicelib.models.ticket import Ticket
from chalicelib.services import alert_watch, groups, tallies, tickets
from chalicelib.services.alerts import receive
from tests import aws
from tests.cast import LEA, after
from tests.integration.alert_scenes import (
    act,
    disk,
    parent_and_parts,
    put_window,
    queued,
    statuses,
    storm,
    ticks,
)
from tests.integration.monitoring import (
    body,
    connect,
    incident,
    incidents,
    report,
    send,
    tick,
    told,
    work_off,
)

pytestmark = pytest.mark.usefixtures("cloud")


# -- A resolve that comes before its firing, of a problem that is known


def test_a_resolve_overtakes_the_waiting_firing_of_a_known_problem():
    found = connect("generic", incidents_per_minute=1, reopen_within=60)
    send(found, b'{"id": "b", "title": "B", "status": "firing"}', after(minutes=-60))
    send(found, b'{"id": "b", "title": "B", "status": "resolved"}', after(minutes=-50))
    send(found, b'{"id": "a", "title": "A", "status": "firing"}')
    firing = queued(found, b'{"id": "b", "title": "B", "status": "firing"}', after(seconds=5))
    assert receive(firing, after(seconds=5)) == []
    waiting = aws.queued("alerts")
    assert len(waiting) == 1
    send(found, b'{"id": "b", "title": "B", "status": "resolved"}', after(seconds=10))
    assert receive(waiting, after(minutes=2)) == []
    assert [one.status for one in incidents() if one.subject == "B"] == ["resolved"]


def test_a_resolve_overtakes_the_firing_of_the_next_episode(prometheus):
    report(prometheus, told("Disk"))
    report(prometheus, told("Disk", "resolved"), at=after(minutes=30))
    began = after(minutes=60)
    firing = queued(prometheus, body(told("Disk", began=began)), began)  # its first try failed
    report(prometheus, told("Disk", "resolved", began=began), at=after(minutes=90))
    assert receive(firing, after(minutes=91)) == []
    assert incident().status == "resolved"


def test_a_resolve_overtakes_the_firing_of_the_next_named_episode():
    found = connect("nagios", storm_size=0)
    act(found, episode="17")
    act(found, Signal.RESOLVED, episode="17", minutes=5)
    act(found, Signal.RESOLVED, episode="18", minutes=20)
    act(found, episode="18", minutes=21)
    assert incident().status == "resolved"


# -- Maintenance


def test_what_was_quiet_and_came_and_went_in_a_window_is_resolved():
    found = connect(storm_size=0, on_resolve="quiet", quiet_for=300)
    report(found, told("Disk", began=after(minutes=-30)), at=after(minutes=-30))
    report(found, told("Disk", "resolved", began=after(minutes=-31)), at=after(minutes=-1))
    put_window()
    report(found, told("Disk", began=after(minutes=1)), at=after(minutes=1))
    report(found, told("Disk", "resolved", began=after(minutes=1)), at=after(minutes=2))
    ticks(7, 12, 30, 61, 70, 600)
    assert incident().status == "resolved"


def test_parts_are_finished_with_a_parent_that_is_held(stormy):
    storm(stormy)
    report(stormy, disk(0, "resolved"), at=after(minutes=31))
    put_window(7 * 24 * 60)
    report(stormy, disk(0, began=after(minutes=40)), at=after(minutes=40))
    parent, _ = parent_and_parts()
    assert parent.status in ACTIVE
    tickets.resolve(parent.ticket_id, "Switched over.", None, LEA, after(minutes=45))
    ticks(46, 47, 60, 120, 1000)
    _, children = parent_and_parts()
    assert {one.status for one in children} == {"resolved"}


def test_the_end_that_waits_in_the_queue_while_the_window_ends_counts():
    found = connect("generic", storm_size=0)
    put_window()
    send(found, b'{"id": "a", "title": "A", "status": "firing"}', after(minutes=5))
    over = queued(
        found, b'{"id": "a", "title": "A", "status": "resolved"}', after(minutes=59, seconds=58)
    )
    tick(after(minutes=60))
    assert receive(over, after(minutes=60, seconds=2)) == []
    assert {one.status for one in incidents()} <= {"resolved"}


def test_the_end_of_a_group_while_the_window_ends_counts():
    found = connect(storm_size=0)
    put_window()
    report(found, told("Disk"), at=after(minutes=5), groupKey="g", status="firing")
    ended = body(told("Fan", "resolved"), groupKey="g", status="resolved", truncatedAlerts=1)
    over = queued(found, ended, after(minutes=59, seconds=58))
    tick(after(minutes=60))
    assert receive(over, after(minutes=60, seconds=2)) == []
    work_off()
    assert {one.status for one in incidents()} <= {"resolved"}


def test_a_repeat_in_a_window_opens_nothing_again(prometheus):
    report(prometheus, told("Disk", began=after(minutes=-60)), at=after(minutes=-60))
    put_window()
    tickets.resolve(incident().ticket_id, "Patched.", None, LEA, after(minutes=5))
    report(prometheus, told("Disk", began=after(minutes=-60)), at=after(minutes=10))
    assert incident().status == "resolved"


# -- Groups


def test_an_older_end_of_a_group_that_comes_late_does_not_replace_the_newer():
    found = connect(storm_size=0, incidents_per_minute=1)
    ended = body(told("Fan", "resolved"), groupKey="g", status="resolved", truncatedAlerts=1)
    older = queued(found, ended, after(seconds=1))
    report(found, told("Lamp"), at=after(seconds=2))
    waiting = queued(found, body(told("Disk"), groupKey="g", status="firing"), after(seconds=5))
    assert receive(waiting, after(seconds=5)) == []
    waiting = aws.queued("alerts")
    send(found, ended, after(seconds=20))
    assert receive(older, after(seconds=30)) == []  # its first try failed
    work_off()
    assert receive(waiting, after(minutes=2)) == []
    assert "Disk is broken" not in statuses()


def test_a_firing_that_failed_once_ends_with_its_truncated_group(prometheus):
    """It comes again after the end; it has not waited for room."""
    late = queued(prometheus, body(told("Disk"), groupKey="g", status="firing"), after(seconds=5))
    report(prometheus, told("Fan", "resolved"), at=after(minutes=2), groupKey="g",
           status="resolved", truncatedAlerts=1)  # fmt: skip
    assert receive(late, after(minutes=3)) == []
    assert not [one for one in incidents() if one.status in ACTIVE]


def test_a_group_of_more_than_is_read_at_once_ends_wholly(prometheus, monkeypatch):
    monkeypatch.setattr(groups, "IN_A_MESSAGE", 2)
    report(prometheus, *(told(f"Disk{n}") for n in range(4)), groupKey="g", status="firing")
    report(prometheus, told("Disk0", "resolved"), at=after(minutes=40), groupKey="g",
           status="resolved", truncatedAlerts=3)  # fmt: skip
    assert {one.status for one in incidents()} == {"resolved"}


# -- What it costs, what is shown


def test_each_of_two_incidents_of_one_problem_is_shown_as_it_is():
    found = connect(storm_size=0, reopen_within=60)
    report(found, told("Disk"))
    report(found, told("Disk", "resolved"), at=after(minutes=31))
    late = after(hours=3)
    report(found, told("Disk", began=late), at=late)
    report(found, told("Disk", began=late), at=after(hours=4))
    old, new = sorted(Ticket.scan(), key=lambda one: one.created_at)
    tallies.refresh([new, old])
    assert new.alert["count"] == 2


def test_many_that_were_held_open_soon_after_their_window(monkeypatch):
    """All of them lie in one shard, so that no more than a shard's share is ever looked at."""
    monkeypatch.setattr(alert_watch, "IN_A_SHARD", 4)
    monkeypatch.setattr(alert_watch, "AT_ONCE", 12)
    found = connect(storm_size=0)
    put_window()
    report(found, *(told(f"Disk{n}") for n in range(10)), at=after(minutes=55))
    ticks(60)
    assert len(incidents()) == 10
