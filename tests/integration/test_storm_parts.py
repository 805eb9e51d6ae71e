"""Parents and parts of storms: they hold together, and somebody has each of them."""

import pytest

from chalicelib.domain.vocabulary import HoldReason
from chalicelib.models.ticket import Ticket
from chalicelib.services import (
    escalations,
    parts,
    tickets,
    worklist,
)
from tests.cast import LEA, after
from tests.factories import employ_everyone
from tests.integration import whole_desk
from tests.integration.alert_scenes import (
    disk,
    parent_and_parts,
    statuses,
    storm,
)
from tests.integration.monitoring import (
    connect,
    incidents,
    relay_storm,
    report,
    tick,
)

pytestmark = pytest.mark.usefixtures("cloud")


def test_a_part_that_fires_again_after_its_storm_does_not_leave_its_parent_open(stormy):
    storm(stormy)
    for n in range(5):
        report(stormy, disk(n, "resolved"), at=after(minutes=40 + n))
    tick(after(minutes=46))
    tick(after(minutes=47))
    assert {one.status for one in incidents()} == {"resolved"}
    later = after(hours=2)
    report(stormy, disk(4, began=later), at=later)
    assert statuses()["Disk0 is broken"] == "open"
    report(stormy, disk(4, "resolved", began=later), at=after(hours=3))
    for minutes in (181, 182, 183):
        tick(after(minutes=minutes))
    assert {one.status for one in incidents()} == {"resolved"}


@pytest.mark.parametrize("size", [6, 8])
def test_whoever_resolves_the_parent_resolves_its_parts_however_many(stormy, monkeypatch, size):
    monkeypatch.setattr(parts, "AT_ONCE", 4)
    parent, children = storm(stormy, size)
    assert len(children) == size - 1
    tickets.resolve(parent.ticket_id, "Switched over.", None, LEA, after(minutes=3))
    for minutes in range(4, 10):
        tick(after(minutes=minutes))
    assert {one.status for one in incidents()} == {"resolved"}


def test_a_part_that_has_ended_is_resolved_with_its_parent_too():
    found = connect(storm_size=3, on_resolve="note")
    parent, _ = storm(found)
    report(found, disk(4, "resolved"), at=after(minutes=40))
    tickets.resolve(parent.ticket_id, "Switched over.", None, LEA, after(minutes=41))
    for minutes in (42, 43, 44):
        tick(after(minutes=minutes))
    assert {one.status for one in incidents()} == {"resolved"}


def test_a_part_that_an_agent_opened_again_is_not_resolved_with_its_old_parent(stormy):
    storm(stormy)
    for n in range(5):
        report(stormy, disk(n, "resolved"), at=after(minutes=40))
    _, children = parent_and_parts()
    tickets.reopen(children[0].ticket_id, LEA, after(minutes=42))
    for minutes in (43, 44, 60):
        tick(after(minutes=minutes))
    part = Ticket.get(children[0].ticket_id)
    assert (part.parent, part.status) == (None, "open")


def test_what_an_agent_cancelled_as_a_storm_is_cancelled_with_its_parts(stormy):
    parent, _ = storm(stormy)
    tickets.cancel(parent.ticket_id, "A test.", LEA, after(minutes=3))
    tick(after(minutes=4))
    assert {one.status for one in incidents()} == {"cancelled"}
    for n in range(5):
        report(stormy, disk(n), at=after(minutes=5))
    assert {one.status for one in incidents()} == {"cancelled"}


def test_what_comes_back_after_its_storm_was_given_up_gathers_anew(stormy):
    parent, _ = storm(stormy)
    for n in range(1, 5):
        report(stormy, disk(n, "resolved"), at=after(minutes=3))
    tickets.cancel(parent.ticket_id, "A test.", LEA, after(minutes=4))
    tick(after(minutes=5))
    back = [disk(n, began=after(minutes=50)) for n in range(1, 5)]
    report(stormy, *back, at=after(minutes=50))
    relay_storm(after(minutes=51))
    opened = [one for one in incidents() if one.status in ("new", "open")]
    assert (len(opened), sum(one.parent is None for one in opened)) == (4, 1)


def test_a_parent_that_ends_in_the_body_that_makes_it_one_does_not_end_its_parts(stormy):
    for n in range(3):
        report(stormy, disk(n), at=after(seconds=10 * n))
    report(stormy, disk(3), disk(0, "resolved"), at=after(seconds=40))
    relay_storm(after(seconds=45))
    for minutes in (2, 3, 4):
        tick(after(minutes=minutes))
    still = {name: status for name, status in statuses().items() if "Disk0" not in name}
    assert "resolved" not in still.values()


def test_a_part_that_comes_back_in_its_quiet_time_is_somebodys():
    """Its parent has been resolved meanwhile."""
    found = connect(storm_size=3, on_resolve="quiet", quiet_for=300)
    storm(found)
    for n in range(4):
        report(found, disk(n, "resolved"), at=after(minutes=40))
    report(found, disk(4, "resolved"), at=after(minutes=44))
    tick(after(minutes=45))
    parent, _ = parent_and_parts()
    report(found, disk(4, began=after(minutes=46)), at=after(minutes=46))
    for minutes in (47, 48):
        tick(after(minutes=minutes))
    parent, _ = parent_and_parts()
    part = next(one for one in incidents() if one.subject.startswith("Disk4"))
    assert part.status in ("new", "open")
    assert parent.status in ("new", "open") or part.sla["clocks"]


def test_a_part_that_an_agent_escalates_runs_no_clocks(stormy):
    employ_everyone()
    _, children = storm(stormy)
    escalations.escalate(children[0].ticket_id, "Look.", "", None, LEA, after(minutes=3))
    part = Ticket.get(children[0].ticket_id)
    assert not part.sla["clocks"]


def test_a_part_that_an_agent_opens_again_is_somebodys(stormy):
    employ_everyone()
    storm(stormy)
    for n in range(5):
        report(stormy, disk(n, "resolved"), at=after(minutes=40))
    tick(after(minutes=41))
    _, children = parent_and_parts()
    tickets.reopen(children[0].ticket_id, LEA, after(minutes=50))
    whole_desk.run(after(minutes=51))
    tick(after(minutes=52))
    part = Ticket.get(children[0].ticket_id)
    of = Ticket.find(part.parent) if part.parent else None
    assert part.assignee_id or part.unstaffed_since or (of and of.status == "open")


def test_parts_do_not_wait_in_the_figures_of_a_queue(stormy):
    employ_everyone()
    storm(stormy, 6)
    whole_desk.run(after(minutes=2))
    assert worklist.counts(after(minutes=3))[0]["waiting"] == 0


def test_a_folded_incident_calls_nobody_any_more(stormy):
    """It was waiting for somebody, and had called who is on call."""
    report(stormy, disk(0))
    report(stormy, disk(1), at=after(seconds=10))
    whole_desk.run(after(seconds=15))
    called = Ticket.get(next(o.ticket_id for o in incidents() if o.subject.startswith("Disk1")))
    called.page = {"rotation": "r", "step": 0, "called": ["P-ANA"], "at": "2026-11-23T09:00:15Z",
                   "ack_by": "2026-11-23T09:15:15.000000Z"}  # fmt: skip
    called.save()
    for n in (2, 3):
        report(stormy, disk(n), at=after(seconds=10 * n))
    relay_storm(after(minutes=1))
    part = Ticket.get(called.ticket_id)
    assert part.parent
    assert (part.page, part.due_at) == (None, None)


def test_a_parent_that_waits_for_a_third_party_is_not_looked_at_in_vain(stormy):
    parent, _ = storm(stormy)
    tickets.hold(parent.ticket_id, HoldReason.THIRD_PARTY, None, LEA, after(minutes=3))
    for n in range(5):
        report(stormy, disk(n, "resolved"), at=after(minutes=40))
    tick(after(minutes=41))
    assert {one.status for one in incidents()} == {"resolved"}


def test_a_part_that_is_placed_while_its_parent_is_resolved_is_not_orphaned(stormy, monkeypatch):
    from chalicelib.services import storms

    storm(stormy)
    for n in range(1, 5):
        report(stormy, disk(n, "resolved"), at=after(minutes=4))
    report(stormy, disk(9), at=after(minutes=4))
    report(stormy, disk(9, "resolved"), at=after(minutes=4, seconds=10))
    real = storms.place

    def place_beside_the_end(case, ticket, record):
        placed = real(case, ticket, record)
        monkeypatch.undo()
        report(stormy, disk(0, "resolved"), at=after(minutes=5))
        tick(after(minutes=6))
        return placed

    monkeypatch.setattr(storms, "place", place_beside_the_end)
    report(stormy, disk(7, began=after(minutes=5)), at=after(minutes=5))
    for minutes in (7, 8):
        tick(after(minutes=minutes))
    new = next(one for one in incidents() if one.subject.startswith("Disk7"))
    of = Ticket.find(new.parent) if new.parent else None
    assert new.status in ("new", "open")
    assert of is None or of.status in ("new", "open")
