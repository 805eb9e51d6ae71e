"""Storms: many problems of one service are one incident with parts, and call people once."""

import pytest

from chalicelib.models.ticket import Ticket
from chalicelib.services import parts, tickets
from tests.cast import LEA, after
from tests.factories import employ_everyone, kinds_of
from tests.integration import whole_desk
from tests.integration.monitoring import change, connect, incidents, relay_storm, report, tick, told

pytestmark = pytest.mark.usefixtures("cloud")
SHOP = {"service": "shop", "severity": "warning"}


@pytest.fixture
def prometheus():
    return change(connect(), storm_size=3, storm_within=300)


def trickle(found, count: int, start: float = 0, **labels: str) -> None:
    """New problems of the shop, ten seconds apart."""
    for n in range(count):
        at = after(seconds=start + 10 * n)
        report(found, told(f"Disk{start}-{n}", began=at, labels={**SHOP, **labels}), at=at)


def parent_and_parts():
    found = incidents()
    (parent,) = [one for one in found if not one.parent]
    return parent, [one for one in found if one.parent == parent.ticket_id]


def test_few_are_incidents_of_their_own(prometheus):
    trickle(prometheus, 3)
    assert [one.parent for one in incidents()] == [None] * 3


def test_the_first_of_many_becomes_the_parent_of_those_before_and_after(prometheus):
    trickle(prometheus, 6)
    whole_desk.run(after(minutes=2))
    relay_storm(after(minutes=2))
    parent, children = parent_and_parts()
    assert parent.subject == "Disk0-0 is broken"
    assert len(children) == 5
    assert kinds_of(parent).count("storm_began") == 1
    assert sum(kinds_of(one).count("folded") for one in children) == 2


def test_a_fold_that_comes_twice_changes_nothing(prometheus):
    trickle(prometheus, 5)
    for _ in range(3):
        relay_storm(after(minutes=2))
    _, children = parent_and_parts()
    assert max(kinds_of(one).count("folded") for one in children) == 1


def test_parts_call_nobody_and_run_no_clock(prometheus):
    employ_everyone()
    trickle(prometheus, 8)
    whole_desk.run(after(minutes=2))
    relay_storm(after(minutes=2))
    parent, children = parent_and_parts()
    assert parent.assignee_id
    assert {one.assignee_id for one in children} == {None}
    assert {tuple(one.sla["clocks"]) for one in children} == {()}


def test_other_services_are_not_part_of_it(prometheus):
    trickle(prometheus, 5)
    trickle(prometheus, 1, start=60, service="mail")
    assert incidents()[-1].parent is None


def test_a_storm_that_is_over_takes_up_nothing_more(prometheus):
    trickle(prometheus, 5)
    trickle(prometheus, 1, start=3600)
    assert incidents()[-1].parent is None


def test_the_parent_matters_as_much_as_the_worst_of_its_parts(prometheus):
    trickle(prometheus, 4)
    trickle(prometheus, 1, start=50, severity="critical")
    relay_storm(after(minutes=2))
    parent, _ = parent_and_parts()
    assert parent.priority == "P1"


def test_whoever_resolves_the_parent_resolves_its_parts(prometheus):
    trickle(prometheus, 5)
    relay_storm(after(minutes=2))
    parent, _ = parent_and_parts()
    tickets.resolve(parent.ticket_id, "Switched over.", None, LEA, after(minutes=3))
    tick(after(minutes=5))
    assert {one.status for one in incidents()} == {"resolved"}


def test_a_part_that_fires_on_opens_its_parent_again(prometheus):
    trickle(prometheus, 5)
    relay_storm(after(minutes=2))
    parent, children = parent_and_parts()
    tickets.resolve(parent.ticket_id, "Switched over.", None, LEA, after(minutes=3))
    tick(after(minutes=5))
    at = after(minutes=10)
    report(prometheus, told("Disk0-4", began=after(seconds=40), labels=SHOP), at=at)
    again = {one.ticket_id: one.status for one in incidents()}
    assert again[parent.ticket_id] == "open"
    assert list(again.values()).count("open") == 2
    assert len(children) == 4


def test_parts_that_end_one_by_one_end_the_parent(prometheus):
    trickle(prometheus, 5)
    relay_storm(after(minutes=2))
    for n in range(5):
        over = told(f"Disk0-{n}", "resolved", began=after(seconds=10 * n), labels=SHOP)
        report(prometheus, over, at=after(minutes=40 + n))
    tick(after(minutes=46))
    assert {one.status for one in incidents()} == {"resolved"}


def test_parts_of_an_unknown_parent_are_none(prometheus):
    assert parts.finish_with(Ticket("HD-0000000"), False, after(minutes=1)) == 0
