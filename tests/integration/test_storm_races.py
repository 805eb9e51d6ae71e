"""Storms whose parts come, go and are worked on while their parent ends."""

import pytest

from chalicelib.domain.alerts import Signal
from chalicelib.domain.vocabulary import ACTIVE, Status
from chalicelib.models.alert import AlertRecord
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import conversations, parts, tickets
from chalicelib.services.alerts import receive
from tests.cast import LEA, after
from tests.factories import employ_everyone
from tests.integration import whole_desk
from tests.integration.alert_scenes import (
    act,
    disk,
    named,
    parent_and_parts,
    queued,
    storm,
    ticks,
)
from tests.integration.monitoring import (
    body,
    connect,
    incident,
    incidents,
    relay_storm,
    report,
    tick,
)

pytestmark = pytest.mark.usefixtures("cloud")


def fires_after_it_was_asked(found, monkeypatch, at) -> None:
    """A part fires between the question whether one does and the write of its parent's end."""
    real = parts.any_fires

    def just_before(ticket_id):
        answer = real(ticket_id)
        monkeypatch.setattr(parts, "any_fires", real)
        assert receive(queued(found, body(disk(4, began=at)), at), at) == []
        return answer

    monkeypatch.setattr(parts, "any_fires", just_before)


# -- Storms: the parent ends while a part comes


def test_a_part_placed_while_its_parent_ends_is_not_resolved_while_it_fires(stormy, monkeypatch):
    """Between the question whether a part fires and the write of the parent's end."""
    storm(stormy)
    for n in range(1, 5):
        report(stormy, disk(n, "resolved"), at=after(minutes=31))
    fires_after_it_was_asked(stormy, monkeypatch, after(minutes=34.5))
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
    fires_after_it_was_asked(stormy, monkeypatch, after(minutes=40))
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
    real = parts.under

    def dies(*args):
        monkeypatch.setattr(parts, "under", real)
        raise SystemError("killed")

    monkeypatch.setattr(parts, "under", dies)
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
