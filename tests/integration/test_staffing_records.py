"""People, loads, rotations and what a look costs, at their edges."""

import pytest

from chalicelib.domain.errors import Conflict, Invalid
from chalicelib.domain.vocabulary import Availability, Role
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.services import (
    desk_settings,
    members,
    ownership,
    people,
    sla_settings,
    staffing,
    transfers,
)
from tests.cast import ADA, ANA, BEN, LEA, MONDAY_9, OMAR, ROSA, after
from tests.factories import a_ticket, employ, put_policy
from tests.integration.staffing_tools import OFFICE, URGENT, holder, load_of
from tests.integration.whole_desk import run

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture(autouse=True)
def shifts(cloud) -> None:
    """An office; and no clock that moves tickets, for that is another story."""
    put_policy(ladder=[], warnings=[])
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)


def test_an_address_that_asked_for_help_before_is_given_to_one_person_only():
    people.add("Nia", "nia@desk.example", Role.REQUESTER)
    nia = {"name": "Nia", "email": "nia@desk.example", "role": "agent", "tiers": [1]}
    members.add(nia, ADA, MONDAY_9)
    assert len(list(Person.by_email.query("nia@desk.example"))) == 1


def test_coming_back_does_not_overwrite_what_was_counted_meanwhile(monkeypatch):
    employ(ANA, BEN, ADA)
    ticket = a_ticket()
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    members.remove(ANA.id, ADA, after(minutes=1))
    real = Person.with_email.__func__

    def with_email(cls, email):
        found = real(cls, email)  # read; then the hand-over comes through
        monkeypatch.setattr(Person, "with_email", classmethod(real))
        run(after(minutes=1))
        return found

    monkeypatch.setattr(Person, "with_email", classmethod(with_email))
    back = {"name": ANA.name, "email": ANA.email, "role": "agent", "tiers": [1]}
    members.add(back, ADA, after(minutes=1))
    held = sum(int(one.carried["weight"]) for one in Ticket.open_of(ANA.id))
    assert load_of(ANA) == held


def test_who_comes_back_is_not_away_by_what_they_said_before_leaving():
    employ(ANA, BEN, ADA)
    members.set_availability(
        ANA, Availability.OUT_OF_OFFICE, after(days=30), MONDAY_9, substitute=BEN.id, note="Bye."
    )
    members.remove(ANA.id, ADA, after(minutes=1))
    back = {"name": ANA.name, "email": ANA.email, "role": "agent", "tiers": [1]}
    members.add(back, ADA, after(minutes=2))
    stored = Person.get(ANA.id)
    assert (stored.away_until, stored.substitute, stored.away_note) == (None, None, None)


def test_a_calendar_that_is_somebodys_shift_is_not_deleted():
    """Without it they would be on shift for ever: `settings.calendar` answers 24x7."""
    employ(ANA, shift="lisbon")
    with pytest.raises(Conflict):
        sla_settings.delete_calendar("lisbon", ADA, MONDAY_9)


@pytest.mark.parametrize(
    "change",
    [
        {"people": [["P-ANA"]]},
        {"overrides": [{"person": ["x"], "starts": "2026-11-23T09:00:00Z",
                        "ends": "2026-11-24T09:00:00Z"}]},
        {"starts": "9999-12-31", "hand_off": "23:00", "zone": "America/New_York"},
    ],
)  # fmt: skip
def test_a_rotation_that_breaks_who_reads_it_is_refused(change):
    from chalicelib.services import on_call_views

    employ(ANA)
    data = {"id": "web", "name": "Web", "tier": 2, "zone": "UTC", "starts": "2026-11-23",
            "people": [ANA.id], **change}  # fmt: skip
    try:
        desk_settings.put_rotation(data, ADA, MONDAY_9)
    except Invalid:
        return
    on_call_views.now_and_next(MONDAY_9)


def test_a_team_that_pulls_is_handed_nothing_when_one_of_it_leaves():
    """docs/staffing.md: `a team that pulls is handed nothing at all`."""
    desk_settings.put_team({"id": "lab", "name": "Lab", "strategy": "pull"}, ADA, MONDAY_9)
    employ(ANA, BEN, team="lab")
    employ(ADA)
    ticket = a_ticket()
    transfers.to_team(ticket.ticket_id, "lab", "", LEA, MONDAY_9)
    ownership.assign(ticket.ticket_id, "me", ANA, MONDAY_9)
    members.remove(ANA.id, ADA, after(minutes=1))
    run(after(minutes=1))
    assert holder(ticket) is None


def test_a_ticket_that_only_leads_to_no_one_of_a_pull_team_keeps_nobody_free():
    """It is handed to nobody by the machine, so keeping people free for it is for ever."""
    desk_settings.put_team({"id": "lab", "name": "Lab", "strategy": "pull"}, ADA, MONDAY_9)
    employ(ANA, capacity=4, load=2)
    employ(BEN, team="lab", load=7)
    employ(ADA)
    urgent = a_ticket(OMAR, **URGENT)
    transfers.to_team(urgent.ticket_id, "lab", "", LEA, MONDAY_9)
    ownership.assign(urgent.ticket_id, "me", BEN, MONDAY_9)
    members.remove(BEN.id, ADA, after(minutes=1))
    run(after(minutes=1))
    calm = a_ticket(ROSA, now=after(minutes=2))
    run(after(minutes=2))
    assert holder(calm) == ANA.id


def test_one_event_does_not_read_every_waiting_ticket_one_by_one(monkeypatch):
    """Kept back behind an urgent one, each is read, and the urgent one again for each."""
    employ(ANA, capacity=5)
    [a_ticket() for _ in range(3)]
    run(MONDAY_9)
    a_ticket(OMAR, **URGENT)
    for _ in range(20):
        a_ticket(LEA, now=after(minutes=1))
    run(after(minutes=1))
    reads = []
    real_find, real_waiting = Ticket.find.__func__, Ticket.waiting_in.__func__
    monkeypatch.setattr(
        Ticket,
        "find",
        classmethod(lambda cls, *a, **k: (reads.append("get"), real_find(cls, *a, **k))[1]),
    )
    monkeypatch.setattr(
        Ticket,
        "waiting_in",
        classmethod(lambda cls, *a, **k: (reads.append("query"), real_waiting(cls, *a, **k))[1]),
    )
    staffing.look_after(ANA.id, after(minutes=2))
    assert len(reads) < 10, len(reads)
