"""An alert's life: one incident a problem, closed when the problem is, whatever comes late."""

from datetime import timedelta

import pytest

from chalicelib.adapters import clock
from chalicelib.handlers.workers.alerts import receive_alerts
from tests import aws
from tests.cast import after
from tests.factories import kinds_of
from tests.integration.lambdas import work
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


@pytest.fixture
def prometheus():
    return connect()


def told_by_alerts(ticket) -> list[str]:
    """What happened, without what the clocks had to say."""
    return [kind for kind in kinds_of(ticket) if not kind.startswith("sla")]


def test_firing_opens_an_incident_with_the_alerts_words(prometheus):
    report(prometheus, told("Disk", labels={"service": "shop"}))
    ticket = incident()
    assert (ticket.subject, ticket.priority, ticket.service) == ("Disk is broken", "P1", "shop")
    assert (ticket.channel, ticket.alert["firing"], ticket.alert["count"]) == (
        "monitoring",
        True,
        1,
    )
    assert kinds_of(ticket) == ["opened", "alert_fired"]


def test_told_again_it_is_counted_and_nothing_else_changes(prometheus):
    for _ in range(4):
        report(prometheus, told("Disk"))
    ticket = incident()
    assert (ticket.alert["count"], ticket.version) == (4, 1)
    assert [one.decisions for one in log(prometheus)] == [{"open": 1}] + [{"repeat": 1}] * 3


def test_resolved_closes_the_same_incident(prometheus):
    report(prometheus, told("Disk"))
    report(prometheus, told("Disk", "resolved"), at=after(minutes=30))
    ticket = incident()
    assert (ticket.status, ticket.alert["firing"]) == ("resolved", False)
    assert told_by_alerts(ticket)[-2:] == ["alert_resolved", "resolved"]


def test_resolved_for_the_unknown_opens_nothing_and_is_shown(prometheus):
    report(prometheus, told("Disk", "resolved"))
    assert incidents() == []
    assert [one.decisions for one in log(prometheus)] == [{"remember": 1}]


def test_a_late_firing_of_the_closed_episode_opens_nothing(prometheus):
    report(prometheus, told("Disk"))
    report(prometheus, told("Disk", "resolved"), at=after(minutes=30))
    report(prometheus, told("Disk"), at=after(minutes=31))
    assert incident().status == "resolved"
    assert log(prometheus)[-1].decisions == {"ignore": 1}


def test_a_new_episode_within_the_window_opens_the_same_incident_again(prometheus):
    report(prometheus, told("Disk"))
    report(prometheus, told("Disk", "resolved"), at=after(minutes=30))
    report(prometheus, told("Disk", began=after(hours=1)), at=after(hours=1))
    ticket = incident()
    assert (ticket.status, ticket.alert["count"]) == ("open", 2)
    assert kinds_of(ticket)[-2:] == ["reopened", "alert_fired"]


def test_a_later_episode_opens_a_linked_one(prometheus):
    report(prometheus, told("Disk"))
    report(prometheus, told("Disk", "resolved"), at=after(minutes=30))
    report(prometheus, told("Disk", began=after(days=2)), at=after(days=2))
    old, new = incidents()
    assert (new.follows, old.followed_by) == (old.ticket_id, new.ticket_id)
    assert (old.status, new.status, new.alert["count"]) == ("resolved", "new", 1)


def test_severity_raises_the_priority_and_says_so_and_never_lowers_it(prometheus):
    report(prometheus, told("Disk", labels={"severity": "warning"}))
    report(prometheus, told("Disk", labels={"severity": "critical"}))
    report(prometheus, told("Disk", labels={"severity": "info"}))
    ticket = incident()
    assert (ticket.priority, ticket.alert["count"]) == ("P1", 3)
    assert kinds_of(ticket) == ["opened", "alert_fired", "alert_changed"]


def test_firing_and_resolved_in_one_body_are_each_understood(prometheus):
    report(prometheus, told("Disk"))
    report(prometheus, told("Disk", "resolved"), told("Fan"), status="firing")
    assert sorted(one.status for one in incidents()) == ["new", "resolved"]


def test_after_a_quiet_period_it_is_resolved_and_not_before(prometheus):
    prometheus = change(prometheus, on_resolve="quiet", quiet_for=600)
    report(prometheus, told("Disk"))
    report(prometheus, told("Disk", "resolved"), at=after(minutes=30))
    tick(after(minutes=35))
    assert incident().status == "new"
    tick(after(minutes=40))
    assert incident().status == "resolved"


def test_what_fires_again_in_the_quiet_period_stays_open(prometheus):
    prometheus = change(prometheus, on_resolve="quiet", quiet_for=600)
    report(prometheus, told("Disk"))
    report(prometheus, told("Disk", "resolved"), at=after(minutes=30))
    report(prometheus, told("Disk", began=after(minutes=33)), at=after(minutes=33))
    for minute in range(34, 60):
        tick(after(minutes=minute))
    ticket = incident()
    assert (ticket.status, ticket.alert["count"]) == ("new", 2)


def test_an_integration_may_only_note_the_end(prometheus):
    prometheus = change(prometheus, on_resolve="note")
    report(prometheus, told("Disk"))
    report(prometheus, told("Disk", "resolved"), at=after(minutes=30))
    tick(after(days=1))
    ticket = incident()
    assert (ticket.status, kinds_of(ticket)[-1]) == ("new", "alert_resolved")


def test_a_group_that_ends_ends_what_its_body_left_out(prometheus):
    report(prometheus, *(told(f"Disk{n}") for n in range(3)), groupKey="g", status="firing")
    left_out = {"groupKey": "g", "status": "resolved", "truncatedAlerts": 2}
    report(prometheus, told("Disk0", "resolved"), at=after(minutes=30), **left_out)
    assert {one.status for one in incidents()} == {"resolved"}
    assert len(incidents()) == 3


def test_a_truncated_group_is_known_as_such(prometheus):
    report(prometheus, told("Disk"), groupKey="g", truncatedAlerts=15, status="firing")
    assert incident().alert["left_out"] == 15


def flap(found, times: int, start: int = 0) -> int:
    """Changes its state so many times, two minutes apart; answers the last minute."""
    minute = start
    for turn in range(times):
        minute = start + 2 * turn
        at, status = after(minutes=minute), ("firing", "resolved")[turn % 2]
        began = at - timedelta(minutes=30) if status == "resolved" else at
        report(found, told("Disk", status, began), at=at)
    return minute


def test_an_alert_that_comes_and_goes_holds_one_incident_open_and_says_so(prometheus):
    prometheus = change(prometheus, flap_changes=4, flap_within=1800)
    last = flap(prometheus, 8)
    ticket = incident()
    assert (ticket.status, ticket.alert.get("flapping")) == ("open", True)
    assert kinds_of(ticket).count("alert_flapping") == 1
    tick(after(minutes=last + 29))
    assert incident().status == "open"
    tick(after(minutes=last + 30))
    ticket = incident()
    assert (ticket.status, ticket.alert.get("flapping")) == ("resolved", None)
    assert told_by_alerts(ticket)[-2:] == ["alert_steady", "resolved"]


def test_what_is_not_told_of_any_more_is_shown_as_stale_and_never_closed(prometheus):
    prometheus = change(prometheus, stale_after=3600)
    report(prometheus, told("Disk"))
    report(prometheus, told("Disk"), at=after(minutes=30))
    tick(after(minutes=61))
    assert incident().alert.get("stale") is None
    for hour in range(2, 30):
        tick(after(hours=hour))
    ticket = incident()
    assert (ticket.status, ticket.alert["stale"]) == ("new", True)
    assert kinds_of(ticket).count("alert_stale") == 1
    report(prometheus, told("Disk"), at=after(hours=30))
    assert incident().alert.get("stale") is None


@pytest.mark.parametrize("sent", [b"<html>", b"", b"{", b"[]", b'{"alerts": 7}', b"[" * 50_000])
def test_what_cannot_be_read_is_kept_and_opens_nothing(prometheus, sent):
    send(prometheus, sent)
    (row,) = log(prometheus)
    assert (row.outcome, row.trouble, incidents()) == ("unreadable", "unreadable", [])
    assert row.detail


@pytest.mark.exhaustive
def test_three_thousand_alerts_come_in_one_body(prometheus):
    prometheus = change(prometheus, storm_size=0, incidents_per_minute=100_000)
    report(prometheus, *(told(f"Disk{n}") for n in range(300)))
    assert len(incidents()) == 300
    (row,) = log(prometheus)
    assert sum(one["decisions"]["open"] for one in row.parts) == 300


def test_the_same_body_twenty_times_is_one_incident(prometheus):
    for _ in range(20):
        report(prometheus, told("Disk"))
    ticket = incident()
    assert (ticket.version, kinds_of(ticket)) == (1, ["opened", "alert_fired"])


def test_ten_of_one_service_in_one_body_are_one_incident_with_parts(prometheus):
    report(prometheus, *(told(f"Disk{n}", labels={"service": "shop"}) for n in range(10)))
    found = incidents()
    (parent,) = [one for one in found if not one.parent]
    assert len(found) == 10
    assert {one.parent for one in found if one.parent} == {parent.ticket_id}
    assert kinds_of(parent) == ["opened", "alert_fired", "storm_began"]


def test_the_parent_resolves_when_all_have(prometheus):
    names = [f"Disk{n}" for n in range(10)]
    shop = {"service": "shop"}
    report(prometheus, *(told(name, labels=shop) for name in names))
    for name in names[:9]:
        report(prometheus, told(name, "resolved", labels=shop), at=after(minutes=30))
    tick(after(minutes=31))
    assert len([one for one in incidents() if one.status != "resolved"]) in (1, 2)
    (parent,) = [one for one in incidents() if not one.parent]
    assert parent.status != "resolved"
    report(prometheus, told(names[9], "resolved", labels=shop), at=after(minutes=32))
    tick(after(minutes=34))
    assert {one.status for one in incidents()} == {"resolved"}


def test_a_minute_has_room_for_so_many_incidents_and_the_rest_waits(prometheus):
    prometheus = change(prometheus, incidents_per_minute=3, storm_size=0)
    for n in range(5):
        post(prometheus, body(told(f"Disk{n}")))
    assert work(receive_alerts, aws.queued("alerts")) == {"batchItemFailures": []}
    assert len(incidents()) == 3
    clock.use(lambda: after(minutes=1))
    work_off()
    assert len(incidents()) == 5


def test_parts_of_a_large_delivery_wait_for_room_as_well(prometheus):
    change(prometheus, incidents_per_minute=10, storm_size=0)
    post(prometheus, body(*(told(f"Disk{n}") for n in range(30))))
    for minute in range(6):
        clock.use(lambda: after(minutes=minute))  # noqa: B023
        for _ in range(2):  # once as they come, and once as they come again
            assert work(receive_alerts, aws.queued("alerts")) == {"batchItemFailures": []}
    assert len(incidents()) == 30
