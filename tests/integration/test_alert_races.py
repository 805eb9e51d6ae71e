"""Alerts that overtake each other, and storms whose parts come, go and are worked on meanwhile."""

import pytest

from chalicelib.adapters import clock
from chalicelib.domain.alerts import Signal
from chalicelib.domain.vocabulary import Status
from chalicelib.models.alert import AlertRecord
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import alert_watch, conversations, groups, parts, tallies, tickets
from chalicelib.services.alerts import receive
from tests import aws
from tests.cast import LEA, after
from tests.factories import employ_everyone
from tests.integration import whole_desk
from tests.integration.alert_scenes import act, disk, parent_and_parts, put_window, statuses, storm
from tests.integration.monitoring import (
    body,
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
ACTIVE = {"new", "open", "pending", "on_hold"}


def queued(found, sent: bytes, at) -> list:
    clock.use(lambda: at)
    assert post(found, sent).status == 202
    return aws.queued("alerts")


def ticks(*minutes) -> None:
    for one in minutes:
        tick(after(minutes=one))


def named(text: str) -> Ticket:
    return next(one for one in incidents() if one.subject.startswith(text))


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


# -- Storms: the parent ends while a part comes


def test_a_part_placed_while_its_parent_ends_is_not_resolved_while_it_fires(stormy, monkeypatch):
    """Between the question whether a part fires and the write of the parent's end."""
    storm(stormy)
    for n in range(1, 5):
        report(stormy, disk(n, "resolved"), at=after(minutes=31))
    real = parts.any_fires

    def just_before(ticket_id):
        answer = real(ticket_id)
        monkeypatch.setattr(parts, "any_fires", real)
        again = disk(4, began=after(minutes=34.5))
        assert receive(queued(stormy, body(again), after(minutes=34.5)), after(minutes=34.5)) == []
        return answer

    monkeypatch.setattr(parts, "any_fires", just_before)
    report(stormy, disk(0, "resolved"), at=after(minutes=35))
    ticks(36, 37, 38)
    assert named("Disk4").status in ACTIVE


def test_a_part_that_the_index_does_not_show_yet_is_not_resolved_while_it_fires(
    stormy, monkeypatch
):
    storm(stormy)
    for n in range(1, 5):
        report(stormy, disk(n, "resolved"), at=after(minutes=31))
    report(stormy, disk(4, began=after(minutes=34)), at=after(minutes=34))
    real = parts.any_fires
    monkeypatch.setattr(parts, "any_fires", lambda ticket_id: False)
    report(stormy, disk(0, "resolved"), at=after(minutes=34, seconds=1))
    monkeypatch.setattr(parts, "any_fires", real)
    ticks(36, 37, 38)
    assert named("Disk4").status in ACTIVE


def test_a_part_that_comes_while_a_look_ends_its_parent_is_not_resolved(stormy, monkeypatch):
    """The look finishes the parts, before it has written that their parent is finished."""
    storm(stormy)
    report(stormy, disk(0, "resolved"), at=after(minutes=31))
    for n in range(1, 5):
        report(stormy, disk(n, "resolved"), at=after(minutes=32))
    parent, _ = parent_and_parts()
    assert parent.status in ACTIVE
    real = parts.any_fires

    def just_before(ticket_id):
        answer = real(ticket_id)
        monkeypatch.setattr(parts, "any_fires", real)
        again = disk(4, began=after(minutes=40))
        assert receive(queued(stormy, body(again), after(minutes=40)), after(minutes=40)) == []
        return answer

    monkeypatch.setattr(parts, "any_fires", just_before)
    ticks(41, 42, 43)
    assert named("Disk4").status in ACTIVE


# -- Storms: a parent that stays open for what is not its part


def end_all_but(found, but: set[int], minutes: float = 31) -> None:
    for n in {0, 1, 2, 3, 4} - but:
        report(found, disk(n, "resolved"), at=after(minutes=minutes))


def test_a_cancelled_part_does_not_keep_its_parent_open(stormy):
    storm(stormy)
    tickets.cancel(named("Disk3").ticket_id, "A wrong rule.", LEA, after(minutes=3))
    end_all_but(stormy, {3})
    report(stormy, disk(3), at=after(minutes=32))
    ticks(33, 34, 35, 100, 1000)
    assert named("Disk0").status == "resolved"


def test_a_part_that_an_agent_made_its_own_does_not_keep_the_old_parent_open(stormy):
    storm(stormy)
    part = named("Disk3")
    tickets.resolve(part.ticket_id, "Done.", None, LEA, after(minutes=3))
    tickets.reopen(part.ticket_id, LEA, after(minutes=4))
    end_all_but(stormy, {3})
    ticks(33, 34, 35, 100, 1000)
    assert named("Disk0").status == "resolved"


def test_a_parent_that_was_followed_by_another_is_not_left_open():
    """Its part is told of again, and opens the old parent, whose alert is about another one now."""
    found = connect(storm_size=3, storm_within=300, reopen_within=3600)
    storm(found)
    report(found, disk(0, "resolved"), at=after(minutes=31))
    old = named("Disk0")
    tickets.resolve(old.ticket_id, "Done.", None, LEA, after(minutes=40))
    tick(after(minutes=41))
    back = after(minutes=100, seconds=30)
    report(found, disk(0, began=back), at=back)
    report(found, disk(4), at=after(minutes=100, seconds=45))
    late = after(minutes=110)
    report(found, disk(0, "resolved", began=back), at=after(minutes=140))
    for n in range(1, 5):
        report(found, disk(n, "resolved", began=late), at=after(minutes=141))
    ticks(142, 143, 144, 145, 200)
    assert Ticket.get(old.ticket_id).status == "resolved"


def test_a_worker_that_dies_after_it_opened_the_parent_leaves_nothing_open(stormy, monkeypatch):
    storm(stormy)
    end_all_but(stormy, set())
    ticks(32, 33, 40, 50)
    assert {one.status for one in incidents()} == {"resolved"}
    real = parts.lead

    def dies(*args):
        monkeypatch.setattr(parts, "lead", real)
        raise SystemError("killed")

    monkeypatch.setattr(parts, "lead", dies)
    began = after(minutes=60)
    message = queued(stormy, body(disk(4, began=began)), began)
    assert receive(message, began) == [0]
    report(stormy, disk(4, "resolved", began=began), at=after(minutes=90))
    ticks(92, 93, 94, 200)  # the firing comes again after that, and is over by then
    assert named("Disk0").status == "resolved"


def test_a_delivery_that_comes_twice_does_not_open_the_parent_again(stormy):
    storm(stormy)
    message = queued(stormy, body(disk(4)), after(minutes=3))
    assert receive(message, after(minutes=3)) == []
    parent, _ = parent_and_parts()
    tickets.resolve(parent.ticket_id, "Switched over.", None, LEA, after(minutes=4))
    ticks(5, 6)
    assert {one.status for one in incidents()} == {"resolved"}
    assert receive(message, after(minutes=7)) == []  # nobody had told the queue that it was done
    assert {one.status for one in incidents()} == {"resolved"}


# -- Storms: parts that are nobody's, doubled effects


def test_a_part_that_is_opened_by_a_reply_is_somebodys(stormy):
    employ_everyone()
    storm(stormy)
    end_all_but(stormy, set())
    ticks(32, 33)
    part = named("Disk3")
    assert part.status == "resolved"
    conversations.reply(part.ticket_id, "Not yet.", LEA, after(minutes=50), Status.OPEN)
    whole_desk.run(after(minutes=51))
    tick(after(minutes=52))
    part = Ticket.get(part.ticket_id)
    of = Ticket.find(part.parent) if part.parent else None
    assert part.assignee_id or part.unstaffed_since or (of and of.status in ACTIVE)


def test_a_parent_that_the_machine_opens_again_waits_for_no_answer(stormy):
    parent, _ = storm(stormy)
    tickets.resolve(parent.ticket_id, "Done.", None, LEA, after(minutes=3))
    ticks(4, 5)
    report(stormy, disk(4), at=after(minutes=6))
    parent = Ticket.get(parent.ticket_id)
    assert parent.status == "open"
    running = {one["kind"] for one in parent.sla["clocks"] if not one.get("met_at")}
    assert "next_response" not in running


def test_a_fold_that_comes_twice_does_not_undo_what_an_agent_did(stormy):
    storm(stormy)
    part = named("Disk1")
    tickets.resolve(part.ticket_id, "Done.", None, LEA, after(minutes=3))
    tickets.reopen(part.ticket_id, LEA, after(minutes=4))
    assert Ticket.get(part.ticket_id).parent is None
    relay_storm(after(minutes=5))
    assert Ticket.get(part.ticket_id).parent is None


def test_the_end_of_the_first_does_not_hide_a_storm_of_the_others(stormy):
    for n in range(3):
        report(stormy, disk(n), at=after(seconds=10 * n))
    over = {**disk(0, "resolved"), "endsAt": after(seconds=25).isoformat()}
    report(stormy, over, at=after(seconds=30))
    for n in (3, 4):
        report(stormy, disk(n), at=after(seconds=10 * n + 10))
    relay_storm(after(seconds=70))
    assert len([one for one in incidents() if one.status in ACTIVE and not one.parent]) == 1


def test_one_problem_told_often_in_one_body_is_no_storm(stormy):
    report(stormy, *[disk(0)] * 5)
    assert not [one for one in TimelineEntry.scan() if one.kind == "storm_began"]


def test_a_problem_whose_older_incident_leads_the_storm_becomes_its_part():
    """Its record is the leader's as well: one item twice in a transaction is refused for ever."""
    found = connect("generic", storm_size=3, storm_within=3600, reopen_within=0)
    shop, mail = {"service": "shop"}, {"service": "mail"}
    act(found, identity="a", title="A", labels=shop)
    old = incident()
    act(found, Signal.RESOLVED, identity="a", title="A", minutes=1)
    act(found, identity="a", title="A", labels=mail, minutes=2)
    tickets.reopen(old.ticket_id, LEA, after(minutes=3))
    act(found, Signal.RESOLVED, identity="a", title="A", minutes=4)
    act(found, identity="b", title="B", labels=shop, minutes=5)
    act(found, identity="c", title="C", labels=shop, minutes=6)
    decision, _ = act(found, identity="a", title="A", labels=shop, minutes=7)
    assert decision == "again"


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


def test_whether_a_part_fires_is_asked_in_few_calls(monkeypatch):
    found = connect(storm_size=3, on_resolve="quiet", quiet_for=3600)
    storm(found, 12)
    for n in range(12):
        report(found, disk(n, "resolved"), at=after(minutes=31))
    parent, children = parent_and_parts()
    assert len(children) == 11
    connection = AlertRecord._get_connection()
    calls, real = [], connection.query
    monkeypatch.setattr(connection, "query", lambda *a, **k: calls.append(1) or real(*a, **k))
    assert parts.any_fires(parent.ticket_id) is False
    assert len(calls) <= 2


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
