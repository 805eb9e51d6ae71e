"""The desk's people: added, changed, removed, and what they say about their own time."""

import pytest

from chalicelib.domain.errors import (
    Conflict,
    Invalid,
    NotAuthenticated,
    NotFound,
    NotPermitted,
    Stale,
)
from chalicelib.domain.vocabulary import Availability, Role
from chalicelib.models.audit import AuditRow
from chalicelib.models.person import Person
from chalicelib.services import accounts, members, ownership, people, sessions, staff, tokens
from tests.cast import ADA, ANA, BEN, CHI, LEA, MONDAY_9, after
from tests.factories import a_ticket, employ, token_for
from tests.integration.killing import cut_off, killed

pytestmark = pytest.mark.usefixtures("cloud")

ELI = {"name": "Eli Berg", "email": "Eli@Desk.example", "role": "agent", "tiers": [1, 2],
       "skills": {"network": 3}, "languages": ["sv", "en"]}  # fmt: skip


def test_somebody_new_is_there_at_once_and_found_by_address():
    new = members.add(ELI, ADA, MONDAY_9)
    assert new.person_id in staff.rows()
    stored = Person.with_email("eli@desk.example")
    assert (stored.name, stored.tiers, stored.skills) == ("Eli Berg", [1, 2], {"network": 3})
    assert (int(stored.load), int(stored.version)) == (0, 1)
    with pytest.raises(Conflict, match="Eli Berg has this address"):
        members.add({**ELI, "name": "Another"}, ADA, MONDAY_9)


def test_a_change_keeps_what_they_carry_and_is_refused_on_an_old_version():
    new = members.add(ELI, ADA, MONDAY_9)
    ownership.assign(a_ticket().ticket_id, new.person_id, LEA, MONDAY_9)
    changed = members.change(new.person_id, {**ELI, "capacity": 3}, ADA, MONDAY_9, seen=1)
    assert int(changed.version) == 2
    stored = Person.get(new.person_id)
    assert (int(stored.capacity), int(stored.load)) == (3, 1)
    with pytest.raises(Stale):
        members.change(new.person_id, ELI, ADA, MONDAY_9, seen=1)
    with pytest.raises(Invalid):
        members.change(new.person_id, {**ELI, "email": "other@desk.example"}, ADA, MONDAY_9)


def test_who_leaves_can_do_nothing_any_more_and_may_come_back():
    employ(ADA)
    token = token_for(ANA)
    members.remove(ANA.id, ADA, MONDAY_9)
    with pytest.raises(NotAuthenticated):
        tokens.bearer(token, MONDAY_9)
    with pytest.raises(Invalid):
        ownership.assign(a_ticket().ticket_id, ANA.id, LEA, MONDAY_9)
    back = {"name": "Ana Costa", "email": ANA.email, "role": "agent", "tiers": [1]}
    assert members.add(back, ADA, after(days=1)).person_id == ANA.id
    with pytest.raises(NotAuthenticated):  # what was revoked stays so
        tokens.bearer(token, after(days=1))


def test_a_leaving_that_was_cut_off_is_brought_to_its_end_by_the_next_try(monkeypatch):
    employ(ADA)
    token, session = token_for(ANA), sessions.start(Person.get(ANA.id), MONDAY_9)
    closed = []
    monkeypatch.setattr(accounts.pool, "disable", closed.append)
    assert not cut_off(lambda: members.remove(ANA.id, ADA, MONDAY_9), 2, killed, writes=True)
    assert Person.as_now(ANA.id).left_at and tokens.of(ANA.id)
    members.remove(ANA.id, ADA, after(minutes=1))
    assert (tokens.of(ANA.id), sessions.of(ANA.id, MONDAY_9)) == ([], [])
    assert closed == [ANA.email] * 2
    with pytest.raises(NotFound):  # nothing is left
        members.remove(ANA.id, ADA, after(minutes=2))
    left = [row for row in AuditRow.scan() if row.action == "person.left"]
    assert len(left) == 1 and token and session


@pytest.mark.parametrize("how", ["an admin", "an operator"])
def test_who_comes_back_after_such_a_leaving_begins_anew(how):
    employ(ADA)
    token, session = token_for(ANA), sessions.start(Person.get(ANA.id), MONDAY_9)
    cut_off(lambda: members.remove(ANA.id, ADA, MONDAY_9), 2, killed, writes=True)
    assert Person.as_now(ANA.id).left_at
    if how == "an admin":
        back = {"name": "Ana Costa", "email": ANA.email, "role": "agent", "tiers": [1]}
        members.add(back, ADA, after(minutes=1))
    else:
        people.add(ANA.name, ANA.email, ANA.role)
    assert Person.as_now(ANA.id).left_at is None
    assert sessions.by_secret(session, after(minutes=2)) is None
    with pytest.raises(NotAuthenticated):
        tokens.bearer(token, after(minutes=2))


def test_the_last_admin_and_oneself_stay():
    employ(ADA, ANA)
    with pytest.raises(Conflict, match="yourself"):
        members.remove(ADA.id, ADA, MONDAY_9)
    other = people.add("Root", "root@desk.example", ADA.role)
    members.remove(ADA.id, people.actor_of(other), MONDAY_9)
    with pytest.raises(Conflict, match="needs an admin"):
        members.change(other.person_id, {**ELI, "email": other.email}, people.actor_of(other),
                       MONDAY_9)  # fmt: skip


def test_only_admins_change_people():
    employ(LEA, ANA)
    for act in (
        lambda: members.add(ELI, LEA, MONDAY_9),
        lambda: members.change(ANA.id, ELI, LEA, MONDAY_9),
        lambda: members.remove(ANA.id, LEA, MONDAY_9),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_a_lead_may_say_of_others_that_they_are_away_and_an_agent_may_not():
    employ(ANA, BEN, LEA)
    members.set_availability(LEA, Availability.AWAY, None, MONDAY_9, person_id=ANA.id)
    assert Person.get(ANA.id).availability == "away"
    with pytest.raises(NotPermitted):
        members.set_availability(BEN, Availability.AVAILABLE, None, MONDAY_9, person_id=ANA.id)


def test_a_date_that_is_past_is_refused():
    employ(ANA)
    with pytest.raises(Invalid):
        members.set_availability(ANA, Availability.AWAY, MONDAY_9, MONDAY_9)


def out(actor, substitute) -> None:
    members.set_availability(
        actor, Availability.OUT_OF_OFFICE, None, MONDAY_9, substitute=substitute
    )


def test_nobody_stands_in_for_themselves_however_many_are_between():
    employ(ANA, BEN, CHI)
    out(ANA, BEN.id)
    out(BEN, CHI.id)
    for substitute in (ANA.id, CHI.id, "P-NOBODY"):
        with pytest.raises(Invalid):
            out(CHI, substitute)
    assert list(staff.stand_ins(ANA.id, MONDAY_9)) == [ANA.id, BEN.id, CHI.id]


def test_a_circle_that_two_made_at_the_same_moment_ends_where_it_began():
    employ(ANA, availability="out_of_office", substitute=BEN.id)
    employ(BEN, availability="out_of_office", substitute=ANA.id)
    assert list(staff.stand_ins(ANA.id, MONDAY_9)) == [ANA.id, BEN.id]


def test_being_available_again_forgets_date_substitute_and_note():
    employ(ANA, BEN)
    out(ANA, BEN.id)
    members.set_availability(ANA, Availability.AVAILABLE, after(hours=1), MONDAY_9)
    stored = Person.get(ANA.id)
    assert (stored.availability, stored.away_until, stored.substitute) == ("available", None, None)


def test_being_seen_is_noted_every_few_minutes_only(monkeypatch):
    employ(ANA)
    person = Person.get(ANA.id)
    people.note_seen(person, MONDAY_9)
    assert Person.get(ANA.id).seen_at == MONDAY_9
    people.note_seen(Person.get(ANA.id), after(minutes=4))
    assert Person.get(ANA.id).seen_at == MONDAY_9
    people.note_seen(Person.get(ANA.id), after(minutes=5))
    assert Person.get(ANA.id).seen_at == after(minutes=5)


def test_a_requester_who_comes_to_work_here_stays_one_person():
    asker = people.add("Eli Berg", ELI["email"], Role.REQUESTER)
    new = members.add(ELI, ADA, MONDAY_9)
    assert new.person_id == asker.person_id
    assert [one.person_id for one in Person.by_email.query("eli@desk.example")] == [new.person_id]


def test_two_who_add_one_address_at_once_add_one_person(monkeypatch):
    first = members.add(ELI, ADA, MONDAY_9)
    seen = iter([None, first])  # the index follows a moment later
    monkeypatch.setattr(Person, "with_email", lambda email: next(seen))
    with pytest.raises(Conflict):
        members.add(ELI, ADA, MONDAY_9)
