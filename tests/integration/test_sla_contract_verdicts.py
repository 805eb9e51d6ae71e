"""The SLA contract, points 8 to 10: verdicts, calendars, what the requester sees."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import sla
from chalicelib.domain.people import Requester
from chalicelib.domain.vocabulary import HoldReason, Target
from chalicelib.services import (
    conversations,
    deadlines,
    escalations,
    guests,
    intake,
    reading,
    recompute,
    sla_settings,
    tickets,
)
from tests.cast import ADA, ANA, MONDAY_9, ROSA, after
from tests.factories import a_draft, a_ticket, clock_of, entries_of, put_policy
from tests.integration.lambdas import sweep
from tests.integration.promises import (
    FIRST,
    HOUR,
    RESOLUTION,
    WORKDAYS,
    all_targets,
    at,
    breached,
    cycles_of,
    due,
    resolved,
    urgent,
)

pytestmark = pytest.mark.usefixtures("cloud")


# 8. Verdicts are frozen with their amount; past cycles are kept.


def test_point_8_a_verdict_is_kept_in_the_timeline_with_its_amount():
    ticket = a_ticket()
    conversations.reply(ticket.ticket_id, "On it.", ANA, after(hours=1))
    tickets.hold(ticket.ticket_id, HoldReason.REQUESTER, None, ANA, after(hours=2))
    resolved(ticket, hours=5)
    (met,) = cycles_of(ticket, FIRST)
    facts = ("cycle", "verdict", "used", "within", "tier", "priority", "policy", "policy_version")
    assert [met[name] for name in facts] == [1, "met", HOUR, 4 * HOUR, 1, "P3", "standard", 1]
    (solved,) = cycles_of(ticket, RESOLUTION)
    assert (solved["verdict"], solved["used"]) == ("met", 2 * HOUR)


def test_point_8_every_cycle_is_kept_once_with_its_own_verdict():
    ticket = urgent()
    resolved(ticket, hours=1)
    tickets.reopen(ticket.ticket_id, ROSA, after(hours=2))
    resolved(ticket, hours=6)
    tickets.reopen(ticket.ticket_id, ROSA, after(hours=7))
    resolved(ticket, hours=7, minutes=30)
    told = [(c["cycle"], c["verdict"], c["used"]) for c in cycles_of(ticket, RESOLUTION)]
    assert told == [(1, "met", HOUR), (2, "breached", 5 * HOUR), (3, "breached", 5.5 * HOUR)]
    past = reading.explain(ticket.ticket_id, ANA, after(hours=8))["past"]
    again = [(c["cycle"], c["verdict"]) for c in past if c["kind"] == RESOLUTION]
    assert again == [(1, "met"), (2, "breached")]  # the third is the one that is shown


def test_point_8_no_later_change_moves_a_frozen_verdict():
    ticket = a_ticket()
    resolved(ticket, hours=5)
    frozen = clock_of(ticket, FIRST), clock_of(ticket, RESOLUTION)
    tickets.change(ticket.ticket_id, {"impact": "high", "urgency": "high"}, ANA, after(hours=6))
    put_policy(targets=all_targets(resolution=60))
    recompute.recompute(ticket.ticket_id, "", after(hours=7))
    assert (clock_of(ticket, FIRST), clock_of(ticket, RESOLUTION)) == frozen
    assert [sla.state(one) for one in frozen] == ["breached", "met"]


def test_point_8_a_tier_that_was_left_keeps_its_time_to_accept_with_its_amount_and_breach():
    ticket = a_ticket()
    escalations.escalate(ticket.ticket_id, "Up", "", None, ANA, after(hours=1))
    escalations.escalate(ticket.ticket_id, "Up", "", None, ANA, after(hours=6))
    told = [(c["cycle"], c["tier"], c["verdict"], c["used"])
            for c in cycles_of(ticket, Target.TIME_TO_ACCEPT)]  # fmt: skip
    assert told == [(1, 1, "none", HOUR), (2, 2, "breached", 5 * HOUR)]
    (late,) = entries_of(ticket, "sla_breached")
    assert (late.data["tier"], late.data["due_at"]) == (2, "2026-11-23T14:00:00.000Z")


def test_point_8_a_late_sweep_blames_no_tier_for_time_after_the_ticket_should_have_left_it():
    targets = {"first_response": 15 * 60, "time_to_accept": 20 * 60}
    put_policy(targets=all_targets(**targets))
    ticket = urgent()
    sweep(after(minutes=30))
    assert breached(ticket) == ["first_response"]
    (left,) = cycles_of(ticket, Target.TIME_TO_ACCEPT)
    assert (left["verdict"], left["used"]) == ("none", 15 * 60)


# 9. Calendars: zones, intervals, holidays by country, one-off openings, 24x7, the clocks turned.


def lisbon(**changes: object) -> None:
    day = [["09:00", "12:30"], ["13:30", "18:00"]]
    weekly = dict.fromkeys(WORKDAYS, day)
    data = {"id": "lisbon", "name": "Lisbon", "zone": "Europe/Lisbon", "weekly": weekly}
    sla_settings.put_calendar({**data, **changes}, ADA, MONDAY_9)
    put_policy(calendar="lisbon")


def test_point_9_a_day_may_have_several_intervals():
    lisbon()
    assert due(urgent(at("2026-11-23 12:20")), FIRST) == at("2026-11-23 13:35")


def test_point_9_public_holidays_come_by_country_and_given_ones_beside_them():
    lisbon(country="PT", holidays=["2026-12-07"])
    known = sla_settings.calendar("lisbon").public_holidays
    assert {"Immaculate Conception", "Christmas Day"} <= set(known.values())
    assert due(urgent(at("2026-12-04 17:50")), FIRST) == at("2026-12-09 09:05")  # 8 Dec is one


def test_point_9_a_one_off_opening_opens_a_holiday():
    lisbon(country="PT", openings={"2026-12-08": [["20:00", "21:00"]]})
    assert due(urgent(at("2026-12-07 17:50")), FIRST) == at("2026-12-08 20:05")


def test_point_9_around_the_clock_is_a_calendar_too():
    assert due(urgent(at("2026-12-25 02:00")), RESOLUTION) == at("2026-12-25 06:00")


@pytest.mark.parametrize(
    ("friday", "monday"),
    [("2026-03-27 17:50", "2026-03-30 08:05"), ("2026-10-23 16:50", "2026-10-26 09:05")],
    ids=["into summer time", "into winter time"],
)
def test_point_9_hours_are_those_of_the_wall_clock_when_the_clocks_are_turned(friday, monday):
    lisbon()
    assert due(urgent(at(friday)), FIRST) == at(monday)


def test_point_9_a_policy_may_take_the_hours_of_the_requesters_branch():
    lisbon()
    sla_settings.put_branch({"id": "b1", "name": "Lyon", "calendar": "lisbon"}, ADA, MONDAY_9)
    put_policy(calendar="branch")
    night = at("2026-11-23 22:00")
    here = urgent(night, branch="Lyon")
    assert due(here, FIRST) == at("2026-11-24 09:15")
    assert due(urgent(night), FIRST) == night + timedelta(minutes=15)


# 10. The requester sees what was promised, and nothing of what the desk does by itself.


def test_point_10_the_requester_sees_the_promised_times_and_none_of_the_desks_own():
    ticket = a_ticket()
    sweep(after(hours=2))
    deadlines.set_due_date(ticket.ticket_id, RESOLUTION, after(days=1), "Ana said", ANA, after())
    shown = reading.explain(ticket.ticket_id, ROSA, after(hours=2))
    assert [(one["kind"], one["due_at"]) for one in shown["targets"]] == [
        ("first_response", "2026-11-23T13:00:00.000Z"),
        ("resolution", "2026-11-24T09:00:00.000Z"),
    ]
    assert shown["next_step"] is None
    assert "Ana said" not in str(shown)
    assert "warned" not in str(shown)


def test_point_10_the_promised_time_is_shown_in_the_requesters_own_zone(guest):
    asker = Requester(ROSA.id, ROSA.email, time_zone="Asia/Kolkata")
    draft = replace(a_draft(), requester=asker)
    ticket = intake.open_ticket(draft, ROSA, MONDAY_9).ticket
    path = f"/requests/{ticket.ticket_id}"
    link = guest.get(f"{path}?key={guests.follow_key(ticket, MONDAY_9)}")
    page = guest.follow(guest.submit(link, f"{path}/pass"))
    assert due(ticket, FIRST) == after(hours=4)  # at one o'clock in UTC
    assert ">18:30</time>" in page.text
    assert ">13:00</time>" not in page.text
