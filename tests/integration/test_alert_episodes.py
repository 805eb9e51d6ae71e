"""Episodes: what ends them in any order, how long they are looked at, what comes back worse."""

import pytest

from chalicelib.adapters import clock
from chalicelib.domain.alerts import Signal
from chalicelib.services import (
    alert_watch,
    tickets,
)
from chalicelib.services.alerts import receive
from tests import aws
from tests.cast import LEA, MONDAY_9, after
from tests.integration.alert_scenes import (
    act,
    disk,
    parent_and_parts,
    put_window,
    shop,
    statuses,
    storm,
)
from tests.integration.monitoring import (
    body,
    change,
    connect,
    incident,
    incidents,
    post,
    relay_storm,
    report,
    send,
    tick,
    told,
    work_off,
)

pytestmark = pytest.mark.usefixtures("cloud")


# -- lost or kept for ever


def test_a_resolve_of_the_next_problem_counts_where_the_last_one_was_lost():
    """Nagios never tries again: the recovery of 17 was lost, 18 began and ended."""
    found = connect("nagios")
    act(found, episode="17")
    act(found, episode="18", minutes=10)
    act(found, Signal.RESOLVED, episode="18", minutes=20)
    assert incident().status == "resolved"


def test_a_problem_that_ends_in_the_second_of_its_start_ends(prometheus):
    report(prometheus, told("Disk"))
    over = {**told("Disk", "resolved"), "endsAt": MONDAY_9.isoformat()}
    report(prometheus, over, at=after(minutes=1))
    assert incident().status == "resolved"


def test_a_resolve_that_overtakes_a_firing_that_waits_for_room_leaves_nothing_open():
    found = connect("generic", incidents_per_minute=1)
    send(found, b'{"id": "a", "title": "A", "status": "firing"}')
    post(found, b'{"id": "b", "title": "B", "status": "firing"}')
    assert receive(aws.queued("alerts"), after(seconds=5)) == []
    waiting = aws.queued("alerts")
    assert len(waiting) == 1
    clock.use(lambda: after(seconds=10))
    post(found, b'{"id": "b", "title": "B", "status": "resolved"}')
    assert receive(aws.queued("alerts"), after(seconds=10)) == []
    assert receive(waiting, after(minutes=2)) == []
    assert statuses() == {"A": "new"}


def test_the_end_of_a_group_ends_what_was_told_under_another_key_before(prometheus):
    report(prometheus, told("Disk"), groupKey="old", status="firing")
    report(prometheus, told("Disk"), at=after(minutes=1), groupKey="new", status="firing")
    report(prometheus, told("Fan", "resolved"), at=after(minutes=40), groupKey="new",
           status="resolved", truncatedAlerts=1)  # fmt: skip
    assert incident().status == "resolved"


def test_the_end_of_a_group_that_comes_late_does_not_end_what_began_since(prometheus):
    """A slow answer makes the tool send it twice; the second one waited in the queue."""
    report(prometheus, told("Disk"), groupKey="g", status="firing")
    ended = body(told("Fan", "resolved"), groupKey="g", status="resolved", truncatedAlerts=1)
    for _ in range(2):
        post(prometheus, ended)
    first, second = aws.queued("alerts")
    assert receive([first], after(minutes=31)) == []
    work_off()
    assert incident().status == "resolved"
    again = told("Disk", began=after(minutes=40))
    report(prometheus, again, at=after(minutes=40), groupKey="g", status="firing")
    assert incident().status == "open"
    assert receive([second], after(minutes=41)) == []
    work_off()
    assert incident().status == "open"


def test_the_group_of_what_waits_for_room_ends_with_it():
    found = connect(storm_size=0, incidents_per_minute=1)
    report(found, told("Fan"), groupKey="g", status="firing")
    post(found, body(told("Disk"), groupKey="g", status="firing"))
    assert receive(aws.queued("alerts"), after(seconds=5)) == []
    waiting = aws.queued("alerts")
    report(found, told("Fan", "resolved"), at=after(seconds=20), groupKey="g",
           status="resolved", truncatedAlerts=1)  # fmt: skip
    assert receive(waiting, after(minutes=2)) == []
    assert statuses() == {"Fan is broken": "resolved"}


def test_an_end_in_the_tools_words_of_a_held_alert_is_not_forgotten_by_a_note():
    """Steady again, in a window, for an identity that had an incident before."""
    found = connect("icinga", storm_size=0)
    act(found, minutes=-60)
    act(found, Signal.RESOLVED, minutes=-30)
    put_window()
    act(found, minutes=5)
    act(found, Signal.STEADY, minutes=10)
    tick(after(minutes=60))
    assert incident().status == "open"


# -- looks that never end


def test_what_an_agent_resolved_is_not_looked_at_for_ever(prometheus):
    found = change(prometheus, stale_after=3600)
    report(found, told("Disk"))
    tickets.resolve(incident().ticket_id, "Done.", None, LEA, after(minutes=5))
    looked = []
    for hours in (2, 3, 4, 48):
        looked.append(alert_watch.look_at_all(after(hours=hours)))
    assert looked[-1] == 0


def test_parts_that_are_never_told_to_have_ended_are_not_looked_at_for_ever():
    parent, _ = storm(connect(storm_size=3, stale_after=30 * 24 * 3600))
    tickets.resolve(parent.ticket_id, "Switched over.", None, LEA, after(minutes=3))
    for minutes in range(4, 10):
        tick(after(minutes=minutes))
    tick(after(days=6))
    assert alert_watch.look_at_all(after(days=20)) == 0


def test_a_flapping_alert_in_maintenance_is_not_looked_at_each_minute():
    found = connect(storm_size=0, flap_changes=2, flap_within=600)
    report(found, told("Disk"), at=after(minutes=-3))
    report(found, told("Disk", "resolved"), at=after(minutes=-2))
    report(found, told("Disk", began=after(hours=1)), at=after(minutes=-1))
    report(found, told("Disk", "resolved", began=after(hours=1)), at=after(seconds=-30))
    put_window(300)
    report(found, told("Disk", began=after(hours=2)), at=after(minutes=1))
    looked = [alert_watch.look_at_all(after(minutes=m)) for m in range(20, 30)]
    assert sum(looked) <= 1


def test_what_waits_for_room_does_not_keep_others_from_being_looked_at(monkeypatch):
    monkeypatch.setattr(alert_watch, "AT_ONCE", 20)
    monkeypatch.setattr(alert_watch, "IN_A_SHARD", 7)
    quiet = connect("generic", id="quiet", on_resolve="quiet", quiet_for=3500, storm_size=0)
    small = connect(id="small", incidents_per_minute=1, storm_size=0)
    put_window(matchers=["integration=small"])
    for n in range(60):
        act(small, identity=f"disk{n}", minutes=1)
    for n in range(4):
        act(quiet, identity=f"fan{n}", title="Fan", minutes=2)
        act(quiet, Signal.RESOLVED, identity=f"fan{n}", title="Fan", minutes=3)
    for minutes in range(60, 68):
        tick(after(minutes=minutes))
    ended = [one.status for one in incidents() if one.subject == "Fan"]
    assert ended == ["resolved"] * 4


# -- severity


@pytest.mark.parametrize("policy", ["quiet", "resolve"])
def test_an_alert_that_comes_back_worse_raises_the_priority(policy):
    found = connect(storm_size=0, on_resolve=policy)
    report(found, shop("Disk"))
    assert incident().priority == "P3"
    report(found, shop("Disk", "resolved"), at=after(minutes=1))
    worse = shop("Disk", severity="critical", began=after(hours=1))
    report(found, worse, at=after(minutes=2))
    report(found, worse, at=after(minutes=3))
    assert incident().priority == "P1"


def test_a_held_alert_that_became_worse_opens_as_it_is_then(prometheus):
    put_window()
    report(prometheus, shop("Disk"), at=after(minutes=5))
    report(prometheus, shop("Disk", severity="critical"), at=after(minutes=10))
    tick(after(minutes=60))
    assert incident().priority == "P1"


def test_a_part_that_becomes_worse_makes_its_parent_worse(stormy):
    storm(stormy)
    report(stormy, disk(4, severity="critical"), at=after(minutes=3))
    parent, _ = parent_and_parts()
    assert parent.priority == "P1"


def test_an_urgent_incident_that_is_folded_makes_its_parent_as_urgent(stormy):
    for n in range(4):
        labels = {"severity": "critical"} if n == 1 else {}
        report(stormy, disk(n, **labels), at=after(seconds=10 * n))
    relay_storm(after(minutes=2))
    parent, children = parent_and_parts()
    assert len(children) == 3
    assert parent.priority == "P1"
