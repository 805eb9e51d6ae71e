"""Ticks doubled, skipped, late, overlapping and by skewed clocks: each step once, none early."""

import random
from datetime import timedelta

import pytest

from chalicelib.domain.instants import from_text
from chalicelib.domain.vocabulary import HoldReason, Level
from chalicelib.models.ticket import Ticket
from chalicelib.services import escalations, journal, tickets
from tests.cast import ANA, after
from tests.factories import a_ticket, entries_of, kinds_of, now_of, put_policy, steps_of
from tests.integration.lambdas import sweep
from tests.integration.promises import FIRST, RESOLUTION, answered, urgent

pytestmark = pytest.mark.usefixtures("cloud")

STEPS = [
    "warned-50",
    "warned-75",
    "warned-90",
    "breached",
    "ladder-0",
    "ladder-1800",
    "ladder-7200",
]


def early(ticket: Ticket) -> list[str]:
    """Steps that were taken before their instant."""
    taken = [one for one in entries_of(ticket) if "step" in one.data]
    return [one.data["step"] for one in taken if one.at < from_text(one.data["due_at"])]


def test_a_small_drill_of_bad_ticks_takes_each_step_once_and_none_early():
    """bench/ has the same over a thousand tickets; the seed makes it the same every time."""
    dice = random.Random(3)
    opened = [urgent(now=after(seconds=dice.randrange(3600))) for _ in range(12)]
    minute = 0
    while minute < 8 * 60:
        minute += dice.choice([1, 1, 5, 20, 47])  # skipped
        for _ in range(dice.choice([1, 1, 2])):  # doubled
            skew = timedelta(minutes=dice.choice([-10, 0, 10]))
            late = timedelta(minutes=dice.choice([0, 0, 3]))  # one that was started before
            sweep(after(minutes=minute) - late, skew)
    sweep(after(hours=9))
    for ticket in opened:
        assert steps_of(ticket, FIRST) == STEPS
        assert steps_of(ticket, RESOLUTION) == STEPS
        assert early(ticket) == []


def test_two_sweeps_that_overlap_take_each_step_once(monkeypatch):
    ticket, save, begun = urgent(), journal.save, []

    def overtaken(*args: object, **kwargs: object) -> None:
        """While one sweep decided, another has looked at the same ticket and saved."""
        if not begun:
            begun.append(True)
            escalations.advance(ticket.ticket_id, after(minutes=45))
        save(*args, **kwargs)

    monkeypatch.setattr(journal, "save", overtaken)
    escalations.advance(ticket.ticket_id, after(minutes=45))
    assert begun
    assert steps_of(ticket, FIRST) == STEPS[:-1]
    assert now_of(ticket).tier == 2


def test_more_steps_than_fit_into_one_write_are_taken_in_order_over_several_ticks():
    ladder = [{"after": 60 * n, "action": "tell_lead"} for n in range(20)]
    put_policy(warnings=list(range(5, 55, 5)), ladder=ladder)
    ticket = a_ticket()
    ticks = 0
    while sweep(after(days=30))["swept"]:
        ticks += 1
        assert ticks < 9
    taken = [(one.data["target"], one.data["step"]) for one in entries_of(ticket)
             if "step" in one.data]  # fmt: skip
    assert ticks > 1
    assert len(taken) == len(set(taken)) == 2 * (10 + 1 + 20) + 1
    due = [one.data["due_at"] for one in entries_of(ticket) if "step" in one.data]
    assert due == sorted(due)


def test_a_ticket_that_waits_no_more_resumes_and_takes_what_is_due_in_one_tick():
    ticket = a_ticket(impact=Level.HIGH, urgency=Level.HIGH)
    answered(ticket, minutes=1)
    tickets.hold(ticket.ticket_id, HoldReason.UNTIL, after(hours=2), ANA, after(hours=1))
    sweep(after(hours=4))
    assert now_of(ticket).status == "open"
    assert kinds_of(ticket)[-3:] == ["resumed", "sla_warned", "sla_warned"]
    told = [from_text(one.data["due_at"]) for one in entries_of(ticket, "sla_warned")]
    assert told == [after(hours=3), after(hours=4)]


def test_a_step_taken_meanwhile_by_a_person_is_not_taken_again(monkeypatch):
    """The requester's agent answers between the sweep's reading and its writing."""
    ticket, find, seen = urgent(), Ticket.find.__func__, []

    def answered_meanwhile(cls: type[Ticket], ticket_id: str) -> Ticket | None:
        found = find(cls, ticket_id)
        if not seen:
            seen.append(ticket_id)
            answered(ticket, minutes=14)
        return found

    monkeypatch.setattr(Ticket, "find", classmethod(answered_meanwhile))
    escalations.advance(ticket.ticket_id, after(minutes=15))
    assert "breached" not in steps_of(ticket, FIRST)
    assert now_of(ticket).tier == 1


def test_the_schedules_own_time_counts_and_not_the_machines():
    ticket = urgent()
    sweep(after(minutes=7), skew=timedelta(minutes=10))
    assert kinds_of(ticket) == ["opened"]
    sweep(after(minutes=8), skew=timedelta(minutes=-10))
    assert steps_of(ticket) == ["warned-50"]
