"""On-call: who is called when nobody on shift can take it, how it goes up, and who answers."""

import pytest

from chalicelib.domain.errors import Conflict, NotFound, NotPermitted
from chalicelib.domain.events import Kind
from chalicelib.domain.vocabulary import Level
from chalicelib.services import desk_settings, ownership, paging, transfers, worklist
from tests.cast import ADA, ANA, BEN, CHI, DEV, LEA, MONDAY_9, after
from tests.factories import a_ticket, employ, entries_of, kinds_of, now_of, put_policy
from tests.integration.whole_desk import run, tick

pytestmark = pytest.mark.usefixtures("cloud")

URGENT = {"impact": Level.HIGH, "urgency": Level.HIGH}
ROTATION = {
    "id": "web", "name": "Web", "tier": 2, "zone": "Europe/Berlin", "starts": "2026-11-02",
    "people": [CHI.id, BEN.id], "acknowledge_within": 600,
}  # fmt: skip


@pytest.fixture(autouse=True)
def nobody_on_shift(cloud) -> None:
    put_policy(ladder=[], warnings=[])
    employ(CHI, BEN, tiers=[2], availability="busy")
    employ(LEA, ADA, ANA)
    desk_settings.put_rotation(ROTATION, ADA, MONDAY_9)


def in_tier_2(**facts):
    ticket = a_ticket(**facts)
    transfers.to_tier(ticket.ticket_id, 2, "", LEA, MONDAY_9)
    run(MONDAY_9)
    return ticket


def called(ticket) -> list[list[str]]:
    return [[one["id"] for one in page.data["to"]] for page in entries_of(ticket, Kind.PAGED)]


def test_an_urgent_ticket_that_finds_nobody_calls_who_is_on_call():
    ticket = in_tier_2(**URGENT)
    assert kinds_of(ticket)[-2:] == ["unstaffed", "paged"]
    page = entries_of(ticket, Kind.PAGED)[0].data
    assert page["to"] == [{"id": BEN.id, "name": BEN.name}]  # the fourth week since the 2nd
    assert page["ack_by"] == "2026-11-23T09:10:00.000Z"
    assert now_of(ticket).page["called"] == [BEN.id]


def test_a_calm_one_calls_nobody_and_waits_visibly():
    ticket = in_tier_2()
    assert kinds_of(ticket)[-1] == "unstaffed"


def test_it_goes_up_to_the_backup_the_leads_and_the_managers_each_once():
    ticket = in_tier_2(**URGENT)
    for minutes in (9, 10, 10, 15, 20, 30, 40, 500):
        tick(after(minutes=minutes))
    assert called(ticket) == [[BEN.id], [CHI.id], [LEA.id], [ADA.id]]
    assert now_of(ticket).page["ack_by"] is None


def test_who_was_called_answers_by_the_link_or_the_console_and_it_is_theirs():
    ticket = in_tier_2(**URGENT)
    key = paging.link_key(ticket.ticket_id, BEN.id, MONDAY_9)
    assert paging.called_by(ticket.ticket_id, key, after(minutes=5)).person_id == BEN.id
    ownership.acknowledge(ticket.ticket_id, BEN, after(minutes=5), "link")
    stored = now_of(ticket)
    assert (stored.assignee_id, stored.page, stored.unstaffed_since) == (BEN.id, None, None)
    assert entries_of(ticket, Kind.PAGE_ACKNOWLEDGED)[0].data["via"] == "link"
    tick(after(minutes=11))
    assert called(ticket) == [[BEN.id]]
    ownership.acknowledge(ticket.ticket_id, BEN, after(minutes=12), "link")  # a second click
    assert kinds_of(ticket).count("page_acknowledged") == 1


def test_nobody_else_can_answer_for_them():
    ticket = in_tier_2(**URGENT)
    with pytest.raises(NotPermitted):
        ownership.acknowledge(ticket.ticket_id, ANA, after(minutes=5), "console")
    ownership.assign(ticket.ticket_id, "me", ANA, after(minutes=6))  # but take it by hand
    with pytest.raises(Conflict, match="Ana Costa has taken"):
        ownership.acknowledge(ticket.ticket_id, BEN, after(minutes=7), "link")


def test_a_link_of_another_ticket_or_an_old_or_forged_one_opens_nothing():
    ticket, other = in_tier_2(**URGENT), a_ticket()
    key = paging.link_key(ticket.ticket_id, BEN.id, MONDAY_9)
    for wrong_ticket, wrong_key, at in (
        (other.ticket_id, key, after(minutes=1)),
        (ticket.ticket_id, key, after(days=3)),
        (ticket.ticket_id, key[:-2] + "AA", after(minutes=1)),
        (ticket.ticket_id, "", after(minutes=1)),
    ):
        with pytest.raises(NotFound):
            paging.called_by(wrong_ticket, wrong_key, at)


def test_whoever_leaves_is_not_called_any_more():
    from chalicelib.services import members

    members.remove(BEN.id, ADA, MONDAY_9)
    ticket = in_tier_2(**URGENT)
    assert called(ticket) == [[CHI.id]]


def test_a_page_ends_when_somebody_comes_to_take_it():
    from chalicelib.domain.vocabulary import Availability
    from chalicelib.services import members

    ticket = in_tier_2(**URGENT)
    members.set_availability(CHI, Availability.AVAILABLE, None, after(minutes=2))
    run(after(minutes=2))
    assert (now_of(ticket).assignee_id, now_of(ticket).page) == (CHI.id, None)
    tick(after(minutes=10))
    assert called(ticket) == [[BEN.id]]


def test_a_rotation_that_is_gone_stops_calling():
    ticket = in_tier_2(**URGENT)
    desk_settings.delete_rotation("web", ADA, after(minutes=1))
    tick(after(minutes=10))
    tick(after(minutes=20))
    assert called(ticket) == [[BEN.id]]
    assert now_of(ticket).unstaffed_since


def test_the_queues_say_who_is_on_call():
    found = {one["tier"]: one["on_call"] for one in worklist.queues(MONDAY_9)}
    assert found == {1: [], 2: [{"id": BEN.id, "name": BEN.name}], 3: []}


def test_the_last_tier_calls_too_and_tells_the_managers():
    employ(DEV, availability="busy")
    desk_settings.put_rotation({**ROTATION, "id": "deep", "name": "Deep", "tier": 3,
                                "people": [DEV.id]}, ADA, MONDAY_9)  # fmt: skip
    ticket = a_ticket(**URGENT)
    transfers.to_tier(ticket.ticket_id, 3, "", LEA, MONDAY_9)
    run(MONDAY_9)
    assert kinds_of(ticket)[-3:] == ["unstaffed", "paged", "escalated"]
    tick(after(minutes=10))
    assert called(ticket) == [[DEV.id], [LEA.id]]  # who has no backup goes up at once
