"""Limits of sight hold wherever a ticket is told of, and never shut the last admin out."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import Conflict
from chalicelib.domain.people import Actor, requester_id
from chalicelib.domain.vocabulary import Role
from chalicelib.models.person import Person
from chalicelib.services import (
    desk_settings,
    escalations,
    members,
    notifications,
    parts,
    staff,
    tokens,
    watching,
)
from tests.cast import ADA, ANA, LEA, MONDAY_9, ROSA, after
from tests.factories import a_ticket, employ, entries_of, now_of
from tests.integration.alert_scenes import disk
from tests.integration.api import Api
from tests.integration.browser import Browser
from tests.integration.monitoring import connect, incidents, report, work_off

pytestmark = pytest.mark.usefixtures("cloud")

CLINIC = {"organisations": ["clinic.example"]}
KIM = Actor("P-KIM", "Kim Lee", Role.LEAD, "kim@desk.example")
EVA = Actor("P-EVA", "Eva Holm", Role.ADMIN, "eva@desk.example")
PROFILE = {"name": ADA.name, "email": ADA.email, "role": "admin", "tiers": [1]}


def letters(ticket, kind):
    entry = entries_of(ticket, kind)[-1]
    event = {"kind": kind, "ticket_id": ticket.ticket_id, "entry_id": entry.entry_id}
    return [one.to for one in notifications.letters_for(event, MONDAY_9)]


def test_who_stops_watching_what_they_see_no_more_is_shown_nothing_of_it():
    employ(KIM)
    ticket = a_ticket()
    watching.watch(ticket.ticket_id, KIM, MONDAY_9)
    employ(ADA)
    members.change(KIM.id, {"name": KIM.name, "role": "lead", "sees": CLINIC}, ADA, MONDAY_9)
    api = Api(token=tokens.issue(KIM.id, "test", MONDAY_9))
    answer = api.delete(f"/tickets/{ticket.ticket_id}/watch")
    assert answer.status == 404
    assert ticket.subject not in answer.body.decode()
    assert now_of(ticket).watchers is None


def test_leads_hear_only_of_tickets_that_they_see():
    employ(KIM, sees=CLINIC)
    employ(LEA, ANA)
    ticket = a_ticket()
    escalations.tell(ticket.ticket_id, "lead", "Angry.", ANA, MONDAY_9)
    assert letters(ticket, "escalated") == [LEA.email]


def test_the_parts_of_a_storm_are_shown_by_what_one_sees():
    employ(ANA)
    found = connect(storm_size=3, storm_within=300)
    for n in range(6):
        report(found, disk(n), at=MONDAY_9 + timedelta(seconds=n))
    work_off()
    parent = next(one for one in incidents() if not one.parent)
    part = next(one for one in incidents() if one.parent)
    assert part.ticket_id in {one["ticket"] for one in parts.firing(parent.ticket_id, ANA, 50)}
    outside = Actor(KIM.id, KIM.name, KIM.role, KIM.email, "field", outside=True)
    assert parts.firing(parent.ticket_id, outside, 50) == []


def test_requesters_cannot_ask_for_what_is_hidden_from_them():
    employ(LEA, ANA)
    ticket = a_ticket()
    escalations.tell(ticket.ticket_id, "lead", "Angry.", ANA, MONDAY_9)
    rosa = Api(ROSA)
    for query in ("escalated_to=lead", "escalated_to=manager", "team=other", "unstaffed=true"):
        found = rosa.get(f"/tickets?{query}").json["items"]
        assert [one["id"] for one in found] == [ticket.ticket_id], query


def test_limited_staff_find_their_own_requests_as_requesters_only():
    employ(KIM, sees=CLINIC)
    ticket = a_ticket(Actor(requester_id(KIM.email), KIM.name, Role.REQUESTER, KIM.email))
    api = Api(token=tokens.issue(KIM.id, "test", MONDAY_9))
    assert api.get(f"/tickets?requester={KIM.email}").json["items"] == []
    assert ticket.subject in Browser().sign_in(KIM).get("/requests").text


def test_the_last_admin_cannot_limit_their_own_sight():
    employ(ADA)
    with pytest.raises(Conflict, match="needs an admin"):
        members.change(ADA.id, {**PROFILE, "sees": CLINIC}, ADA, MONDAY_9)
    employ(EVA)
    assert members.change(ADA.id, {**PROFILE, "sees": CLINIC}, EVA, MONDAY_9).sees == CLINIC
    with pytest.raises(Conflict, match="needs an admin"):  # Ada sees a part only
        members.change(EVA.id, {"name": EVA.name, "role": "agent", "tiers": [1]}, EVA, MONDAY_9)


def test_the_last_admins_team_stays_inside():
    desk_settings.put_team({"id": "shops", "name": "Shops"}, ADA, MONDAY_9)
    employ(ADA, team="shops")
    with pytest.raises(Conflict, match="needs an admin"):
        desk_settings.put_team({"id": "shops", "name": "S", "outside": True}, ADA, after(minutes=1))
    employ(EVA)
    desk_settings.put_team({"id": "shops", "name": "S", "outside": True}, ADA, after(minutes=2))


def test_two_admins_who_take_it_from_each_other_leave_one(monkeypatch):
    employ(ADA, EVA)
    known = dict(staff.rows())
    members.change(EVA.id, {"name": EVA.name, "role": "agent", "tiers": [1]}, ADA, MONDAY_9)
    monkeypatch.setattr(staff, "rows", lambda: known)  # another process has not heard of it
    with pytest.raises(Exception, match="at once"):
        members.change(ADA.id, {**PROFILE, "role": "agent"}, EVA, MONDAY_9)
    assert Person.get(ADA.id).role == "admin"
