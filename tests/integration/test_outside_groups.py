"""What groups outside the desk see and are told; and letters that cannot be sent."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.events import Kind
from chalicelib.domain.vocabulary import Role
from chalicelib.services import (
    conversations,
    desk_settings,
    escalations,
    journal,
    members,
    notifications,
    people,
    settings,
    sla_settings,
    transfers,
    watching,
)
from tests import aws
from tests.cast import ADA, ANA, CHI, LEA, MONDAY_9, after
from tests.factories import a_ticket, employ, entries_of, now_of, put_policy
from tests.integration.staffing_tools import FIA, OFFICE, URGENT, mails_of, outside
from tests.integration.whole_desk import run

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture(autouse=True)
def shifts(cloud) -> None:
    """An office; and no clock that moves tickets, for that is another story."""
    put_policy(ladder=[], warnings=[])
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)


def test_a_watcher_who_may_not_see_it_any_more_is_mailed_nothing():
    outside()
    employ(ANA, LEA)
    ticket = a_ticket()
    transfers.to_team(ticket.ticket_id, "field", "", LEA, MONDAY_9)
    watching.watch(ticket.ticket_id, FIA, after(minutes=1))
    desk_settings.put_team({"id": "shops", "name": "Shops"}, ADA, MONDAY_9)
    transfers.to_team(ticket.ticket_id, "shops", "", LEA, after(minutes=2))
    with pytest.raises(NotFound):
        journal.load(ticket.ticket_id, FIA)
    conversations.note(
        ticket.ticket_id, "The partner is too slow; sue them.", ANA, after(minutes=3)
    )
    note = entries_of(ticket, Kind.NOTE)[0]
    letters = notifications.letters_for(
        {"ticket_id": note.ticket_id, "entry_id": note.entry_id}, after(minutes=4)
    )
    assert [one.to for one in letters] == []


def test_a_lead_of_an_outside_group_is_not_told_of_the_desks_tickets():
    lead = replace(FIA, id="P-FLO", email="flo@partner.example", role=Role.LEAD)
    outside(lead)
    employ(LEA, ANA)
    ticket = a_ticket()
    escalations.tell(ticket.ticket_id, "lead", "A secret.", ANA, after(minutes=1))
    assert lead.email not in mails_of(ticket)


def test_a_page_does_not_go_to_somebody_who_may_not_see_the_ticket():
    outside(availability="busy")
    employ(CHI, tiers=[2], availability="busy")
    employ(LEA)
    rotation = {
        "id": "web", "name": "Web", "tier": 2, "zone": "UTC", "starts": "2026-11-23",
        "hand_off": "00:00", "people": [FIA.id],
    }  # fmt: skip
    try:
        desk_settings.put_rotation(rotation, ADA, MONDAY_9)
    except Invalid:
        return
    ticket = a_ticket(**URGENT)
    transfers.to_tier(ticket.ticket_id, 2, "", LEA, MONDAY_9)
    run(MONDAY_9)
    assert FIA.email not in mails_of(ticket)


def test_somebody_whose_team_is_gone_does_not_see_the_whole_desk():
    """Removed, the group dissolved, then added again on the command line, which keeps the team."""
    outside()
    employ(ADA, LEA)
    ticket = a_ticket()
    members.remove(FIA.id, ADA, MONDAY_9)
    desk_settings.delete_team("field", ADA, after(minutes=1))
    back = people.add(FIA.name, FIA.email, Role.AGENT)
    settings.forget()
    with pytest.raises(NotFound):
        journal.load(ticket.ticket_id, people.actor_of(back))


def test_who_watches_and_lost_sight_can_at_least_stop_watching():
    outside()
    employ(LEA)
    ticket = a_ticket()
    transfers.to_team(ticket.ticket_id, "field", "", LEA, MONDAY_9)
    watching.watch(ticket.ticket_id, FIA, after(minutes=1))
    transfers.to_tier(ticket.ticket_id, 2, "", LEA, after(minutes=2))
    desk_settings.put_team({"id": "shops", "name": "Shops"}, ADA, MONDAY_9)
    transfers.to_team(ticket.ticket_id, "shops", "", LEA, after(minutes=3))
    assert FIA.id not in (now_of(ticket).watchers or ())


def test_one_address_that_refuses_mail_keeps_nobody_else_from_being_paged(monkeypatch):
    from chalicelib.adapters import pagers
    from chalicelib.handlers.workers import notifications as worker
    from tests.integration.lambdas import work

    lead = replace(LEA, id="P-AAA", name="Aaron", email="gone@desk.example")
    employ(lead, LEA, ANA)
    ticket = a_ticket()
    escalations.tell(ticket.ticket_id, "lead", "Late.", ANA, after(minutes=1))
    real, sent = pagers.CHANNELS["mail"], []

    def mail(one):
        if one.to == "gone@desk.example":
            raise RuntimeError("MessageRejected")
        sent.append(one.to)
        return real(one)

    monkeypatch.setitem(pagers.CHANNELS, "mail", mail)
    aws.queued("notifications")
    entry = entries_of(ticket, Kind.ESCALATED)[0]
    message = {"ticket_id": entry.ticket_id, "entry_id": entry.entry_id, "kind": entry.kind}
    for _ in range(5):  # as often as the queue tries
        work(worker.send_notifications, [message])
    assert sent == [LEA.email]
