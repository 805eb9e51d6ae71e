"""Who gets a ticket next, and what agents say about their own time."""

import pytest

from chalicelib.domain.vocabulary import Availability
from chalicelib.handlers.workers.tiers import work_tier1
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.services import dispatch, members, ownership
from tests import aws
from tests.cast import ANA, BEN, MONDAY_9, OMAR, after
from tests.factories import a_ticket, employ, now_of
from tests.integration.lambdas import relay, work

pytestmark = pytest.mark.usefixtures("cloud")


def serve(ticket: Ticket, kind: str) -> None:
    """Let tier 1 handle what the timeline told it of one ticket."""
    relay()
    told = [
        m for m in aws.queued("tier1") if (m["ticket_id"], m["kind"]) == (ticket.ticket_id, kind)
    ]
    assert len(told) == 1
    assert work(work_tier1, told) == {"batchItemFailures": []}


def test_a_ticket_given_back_is_not_given_to_the_same_agent_at_once():
    employ(ANA, BEN)
    ownership.assign(a_ticket(OMAR).ticket_id, BEN.id, BEN, MONDAY_9)
    ticket = a_ticket()
    serve(ticket, "opened")
    assert now_of(ticket).assignee_id == ANA.id
    ownership.unassign(ticket.ticket_id, ANA, after(minutes=1))
    serve(ticket, "unassigned")
    assert now_of(ticket).assignee_id == BEN.id


def test_who_was_away_until_a_date_gets_tickets_after_it():
    employ(ANA, availability="away", away_until=after(hours=1))
    ticket = a_ticket()
    dispatch.dispatch(ticket.ticket_id, 1, after(minutes=59))
    assert now_of(ticket).assignee_id is None
    dispatch.dispatch(ticket.ticket_id, 1, after(minutes=61))
    assert now_of(ticket).assignee_id == ANA.id


def test_setting_availability_undoes_no_change_that_was_made_meanwhile(monkeypatch):
    employ(ANA)
    as_read = Person.get(ANA.id)
    Person.get(ANA.id).update([Person.role.set("requester"), Person.tiers.remove()])
    monkeypatch.setattr(Person, "find", lambda person_id: as_read)
    members.set_availability(ANA, Availability.BUSY, None, MONDAY_9)
    stored = Person.get(ANA.id)
    assert (stored.role, stored.tiers, stored.availability) == ("requester", None, "busy")
