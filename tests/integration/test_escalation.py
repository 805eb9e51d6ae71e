"""Escalation by hand: up, back, and to the management; and what an unstaffed last tier does."""

import email

import pytest

from chalicelib.domain import sla
from chalicelib.domain.errors import Conflict, Invalid, NotPermitted
from chalicelib.handlers.workers.notifications import send_notifications
from chalicelib.services import dispatch, escalations, ownership, tickets
from tests import aws
from tests.cast import ADA, ANA, BEN, CHI, DEV, LEA, MONDAY_9, ROSA, after
from tests.factories import (
    a_ticket,
    clock_of,
    employ,
    employ_everyone,
    entries_of,
    kinds_of,
    now_of,
)
from tests.integration.lambdas import relay, work
from tests.integration.promises import ACCEPT, ASSIGNMENT, breached, cycles_of, due, urgent

pytestmark = pytest.mark.usefixtures("cloud")


def up(ticket, to_tier=None, actor=ANA, now=MONDAY_9):
    return escalations.escalate(
        ticket.ticket_id, "Needs a specialist", "Restarted it", to_tier, actor, now
    )


def down(ticket, to_tier=None, now=MONDAY_9):
    return escalations.de_escalate(ticket.ticket_id, "It is simple", to_tier, CHI, now)


def mailed() -> list[str]:
    """To whom the management's mails went."""
    relay()
    told = [one for one in aws.queued("notifications") if one["kind"] == "escalated"]
    work(send_notifications, told)
    mails = [email.message_from_string(one.raw_data) for one in aws.sent_mail_store()]
    return sorted(mail["To"] for mail in mails)


def test_a_ticket_goes_up_with_the_reason_and_what_was_tried_and_is_nobodys_there():
    employ_everyone()
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    _, entry = up(ticket, now=after(minutes=5))
    facts = ("reason", "tried", "from_tier", "tier", "moved", "told")
    assert [entry.data[name] for name in facts] == [
        "Needs a specialist", "Restarted it", 1, 2, True, None,
    ]  # fmt: skip
    assert (now_of(ticket).tier, now_of(ticket).assignee_id) == (2, None)
    assert clock_of(ticket, ASSIGNMENT).segments[0].started_at == after(minutes=5)


def test_each_tier_has_to_accept_it_anew_within_its_own_time():
    ticket = urgent()
    assert due(ticket, ACCEPT) == after(minutes=10)
    up(ticket, now=after(minutes=1))
    assert due(ticket, ACCEPT) == after(minutes=1 + 20)
    ownership.accept(ticket.ticket_id, CHI, after(minutes=2))
    up(ticket, now=after(minutes=3))
    clock = clock_of(ticket, ACCEPT)
    assert (clock.cycle, sla.due_at(clock)) == (3, after(minutes=3 + 40))
    told = [(c["tier"], c["verdict"], c["used"]) for c in cycles_of(ticket, ACCEPT)]
    assert told == [(1, "none", 60), (2, "met", 60)]


def test_going_up_by_hand_does_not_hide_that_nobody_accepted_it_in_time():
    ticket = urgent()
    up(ticket, now=after(minutes=11))
    assert breached(ticket) == ["time_to_accept"]
    assert [c["verdict"] for c in cycles_of(ticket, ACCEPT)] == ["breached"]


def test_a_tier_can_be_left_out_but_there_is_none_beyond_the_last():
    ticket = a_ticket()
    with pytest.raises(Invalid):
        up(ticket, 4)
    with pytest.raises(Invalid):
        up(ticket, 1)
    up(ticket, 3)
    assert now_of(ticket).tier == 3
    with pytest.raises(Conflict):
        up(ticket)


def test_a_ticket_goes_back_down_and_its_old_tier_hears_of_it():
    employ_everyone()
    ticket = urgent()
    up(ticket, 3)
    escalations.tell(ticket.ticket_id, "lead", "Angry", ANA, MONDAY_9)
    ownership.accept(ticket.ticket_id, DEV, MONDAY_9)
    down(ticket, now=after(minutes=5))
    now = now_of(ticket)
    assert (now.tier, now.assignee_id, now.escalated_to) == (2, None, None)
    assert due(ticket, ACCEPT) == after(minutes=5 + 20)
    relay()
    assert [one["kind"] for one in aws.queued("tier2")] == ["de_escalated"]
    down(ticket, 1)
    assert now_of(ticket).tier == 1
    assert entries_of(ticket, "de_escalated")[-1].data["reason"] == "It is simple"


def test_there_is_no_tier_below_the_first_and_down_is_not_up():
    ticket = a_ticket()
    with pytest.raises(Conflict):
        down(ticket)
    up(ticket)
    with pytest.raises(Invalid):
        down(ticket, 3)
    with pytest.raises(Invalid):
        down(ticket, 0)


def test_only_staff_escalate_and_only_what_is_open():
    ticket = a_ticket()
    with pytest.raises(NotPermitted):
        up(ticket, actor=ROSA)
    with pytest.raises(NotPermitted):
        escalations.tell(ticket.ticket_id, "lead", "Now!", ROSA, MONDAY_9)
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, MONDAY_9)
    for attempt in (up, down):
        with pytest.raises(Conflict):
            attempt(ticket)


def test_a_lead_is_told_and_the_ticket_stays_where_it_is():
    employ_everyone()
    employ(ADA)
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    _, entry = escalations.tell(ticket.ticket_id, "lead", "They call daily", ANA, MONDAY_9)
    assert (entry.data["told"], entry.data["moved"]) == ("lead", False)
    now = now_of(ticket)
    assert (now.tier, now.assignee_id, now.escalated_to) == (1, ANA.id, "lead")
    assert mailed() == [LEA.email]


def test_managers_are_leads_and_admins_and_who_was_told_of_a_manager_stays_so():
    employ_everyone()
    employ(ADA)
    ticket = a_ticket()
    for whom in ("manager", "lead"):
        escalations.tell(ticket.ticket_id, whom, "They call daily", ANA, MONDAY_9)
    assert now_of(ticket).escalated_to == "manager"
    assert mailed() == [ADA.email, LEA.email, LEA.email]
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, MONDAY_9)
    assert now_of(ticket).escalated_to is None


def test_a_last_tier_without_anybody_goes_to_the_managers_visibly_and_once():
    employ(ANA, BEN, CHI, LEA, ADA)  # nobody in tier 3
    ticket = a_ticket()
    up(ticket, 3)
    for minute in range(3):
        dispatch.dispatch(ticket.ticket_id, 3, after(minutes=minute))
    now = now_of(ticket)
    assert (now.unstaffed_since, now.escalated_to) == (MONDAY_9, "manager")
    assert kinds_of(ticket)[-2:] == ["unstaffed", "escalated"]
    told = entries_of(ticket, "escalated")[-1].data
    assert (told["told"], told["reason"]) == ("manager", "Nobody in the last tier can take it.")
    assert mailed() == [ADA.email, LEA.email]


def test_an_earlier_tier_without_anybody_tells_no_manager_yet():
    ticket = a_ticket()
    dispatch.dispatch(ticket.ticket_id, 1, MONDAY_9)
    assert kinds_of(ticket) == ["opened", "unstaffed"]
    assert now_of(ticket).escalated_to is None
