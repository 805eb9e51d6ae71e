"""Tickets that go elsewhere by hand, one or many, and who follows them."""

import pytest

from chalicelib.domain.errors import Conflict, Invalid, NotFound, NotPermitted
from chalicelib.domain.events import Kind
from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import Role
from chalicelib.services import desk_settings, ownership, tickets, transfers, watching, worklist
from chalicelib.services.transfers import Goal
from chalicelib.services.worklist import Wanted
from tests.cast import ADA, ANA, BEN, CHI, LEA, MONDAY_9, OMAR, ROSA, after
from tests.factories import a_ticket, employ, entries_of, kinds_of, now_of
from tests.integration.whole_desk import run

pytestmark = pytest.mark.usefixtures("cloud")

FIELD = {"id": "field", "name": "Field engineers", "outside": True, "dedicated": True}
FIA = Actor("P-FIA", "Fia Lund", Role.AGENT, "fia@partner.example", "field", outside=True)


@pytest.fixture(autouse=True)
def desk(cloud) -> None:
    desk_settings.put_team(FIELD, ADA, MONDAY_9)
    employ(ANA, BEN, CHI, LEA)


def test_to_a_person_with_a_note():
    ticket = a_ticket()
    transfers.transfer(ticket.ticket_id, Goal(person=BEN.id), "You know it.", ANA, MONDAY_9)
    assigned = entries_of(ticket, Kind.ASSIGNED)[0].data
    assert (assigned["assignee"]["id"], assigned["note"]) == (BEN.id, "You know it.")


def test_taking_over_says_from_whom():
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, BEN.id, LEA, MONDAY_9)
    ownership.assign(ticket.ticket_id, "me", ANA, after(minutes=1))
    assert entries_of(ticket, Kind.ASSIGNED)[1].data["was"]["id"] == BEN.id


def test_to_a_team_which_then_gives_it_to_one_of_its_own():
    employ(FIA, tiers=[1], team="field")
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    transfers.transfer(ticket.ticket_id, Goal(team="field"), "On site.", ANA, MONDAY_9)
    assert (now_of(ticket).team, now_of(ticket).assignee_id) == ("field", None)
    run(after(minutes=1))
    assert now_of(ticket).assignee_id == FIA.id
    assert entries_of(ticket, Kind.TRANSFERRED)[0].data["was"]["id"] == ANA.id


def test_to_a_higher_and_back_to_a_lower_tier():
    ticket = a_ticket()
    transfers.transfer(ticket.ticket_id, Goal(tier=2), "", ANA, MONDAY_9)
    run(after(minutes=1))
    assert (int(now_of(ticket).tier), now_of(ticket).assignee_id) == (2, CHI.id)
    transfers.transfer(ticket.ticket_id, Goal(tier=1), "", CHI, after(minutes=2))
    run(after(minutes=3))
    assert int(now_of(ticket).tier) == 1
    assert now_of(ticket).assignee_id in {ANA.id, BEN.id}


@pytest.mark.parametrize(
    "goal", [Goal(), Goal(person=ANA.id, tier=2), Goal(team="ghosts"), Goal(tier=9)]
)
def test_where_there_is_no_such_place_it_is_refused(goal):
    ticket = a_ticket()
    with pytest.raises(Invalid):
        transfers.transfer(ticket.ticket_id, goal, "", ANA, MONDAY_9)
    assert kinds_of(ticket) == ["opened"]


def test_where_it_is_already_is_no_transfer():
    ticket = a_ticket()
    with pytest.raises(Conflict):
        transfers.transfer(ticket.ticket_id, Goal(tier=1), "", ANA, MONDAY_9)


def test_many_go_together_and_one_that_cannot_keeps_no_other():
    first, done, last = a_ticket(ROSA), a_ticket(OMAR), a_ticket(LEA)
    tickets.resolve(done.ticket_id, "Done.", None, ANA, MONDAY_9)
    ids = [first.ticket_id, done.ticket_id, "HD-0000000", last.ticket_id, first.ticket_id]
    outcomes = transfers.transfer_all(ids, Goal(tier=2), "Too many.", LEA, after(minutes=1))
    assert [(one.ticket_id, one.problem is None) for one in outcomes] == [
        (first.ticket_id, True), (done.ticket_id, False), ("HD-0000000", False),
        (last.ticket_id, True),
    ]  # fmt: skip
    assert "resolved" in outcomes[1].problem


def test_too_many_or_none_at_once_are_refused():
    for ids in ([], ["HD-0000000"] * 51):
        with pytest.raises(Invalid):
            transfers.transfer_all(ids, Goal(tier=2), "", LEA, MONDAY_9)


def test_a_requester_moves_and_watches_nothing():
    ticket = a_ticket()
    with pytest.raises(NotPermitted):
        transfers.transfer(ticket.ticket_id, Goal(tier=2), "", ROSA, MONDAY_9)
    with pytest.raises(NotPermitted):
        watching.watch(ticket.ticket_id, ROSA, MONDAY_9)


def test_watching_is_once_each_and_ends():
    ticket = a_ticket()
    for who in (LEA, BEN, LEA):
        watching.watch(ticket.ticket_id, who, MONDAY_9)
    assert now_of(ticket).watchers == [LEA.id, BEN.id]
    watching.unwatch(ticket.ticket_id, LEA, after(minutes=1))
    watching.unwatch(ticket.ticket_id, LEA, after(minutes=1))
    assert now_of(ticket).watchers == [BEN.id]
    assert kinds_of(ticket) == ["opened", "watched", "watched", "unwatched"]


def test_an_outside_group_sees_its_teams_tickets_and_its_own_and_nothing_else():
    ours, theirs, mine = a_ticket(ROSA), a_ticket(OMAR), a_ticket(LEA)
    transfers.to_team(ours.ticket_id, "field", "", LEA, MONDAY_9)
    employ(FIA, tiers=[1], team="field")
    ownership.assign(mine.ticket_id, FIA.id, LEA, MONDAY_9)
    found = worklist.page(Wanted(), FIA, MONDAY_9, 50, None).tickets
    assert [one.ticket_id for one in found] == [ours.ticket_id]
    own = worklist.page(Wanted(assignee=FIA.id), FIA, MONDAY_9, 50, None).tickets
    assert [one.ticket_id for one in own] == [mine.ticket_id]
    assert worklist.page(Wanted(requester=OMAR.id), FIA, MONDAY_9, 50, None).tickets == []
    from chalicelib.services import journal

    for visible in (ours, mine):
        journal.load(visible.ticket_id, FIA)
    with pytest.raises(NotFound):
        journal.load(theirs.ticket_id, FIA)
    with pytest.raises(NotFound):
        transfers.transfer(theirs.ticket_id, Goal(person=FIA.id), "", FIA, MONDAY_9)
