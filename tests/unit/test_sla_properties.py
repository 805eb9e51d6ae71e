"""SLA clocks under everything that can happen to them, in any order, to the second.

What a clock shows must be what a slow walk through every minute says.
"""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import sla
from chalicelib.domain.policies import STANDARD
from chalicelib.domain.sla_records import clock_from_data, clock_to_data
from chalicelib.domain.vocabulary import Target
from tests.unit.lives import (
    DAY,
    LOADED,
    RESTS,
    Ticket,
    anything,
    gaps,
    lived,
    no_new_targets,
    sweeps,
    swept,
    tickets,
)

YEAR = 366 * DAY


@settings(deadline=None, max_examples=150)
@given(tickets, anything, gaps)
def test_used_time_is_what_a_slow_walk_counts_whatever_happened_in_whatever_order(
    ticket, events, end
):
    lived(ticket, events, end)
    for clock in ticket.clocks:
        expected = ticket.lives[clock.kind].used(ticket.now)
        assert sla.used_seconds(clock, ticket.now) == expected.total_seconds()


@settings(deadline=None, max_examples=100)
@given(tickets, anything, gaps)
def test_a_deadline_is_where_a_slow_walk_ends_whatever_happened_in_whatever_order(
    ticket, events, end
):
    lived(ticket, events, end)
    for clock in ticket.clocks:
        within = STANDARD.within(ticket.priority, clock.kind, 1)
        if within is None or ticket.status in RESTS[clock.kind]:
            assert sla.due_at(clock) is None
        else:
            amount = timedelta(seconds=within)
            found = ticket.lives[clock.kind].reaches(amount, ticket.now + YEAR)
            assert sla.due_at(clock) == found


@settings(deadline=None)
@given(tickets, anything, gaps)
def test_clocks_survive_being_stored_whatever_happened_to_them(ticket, events, end):
    lived(ticket, events, end)
    known = {one.ref: one for one in LOADED.values()}
    again = [clock_from_data(clock_to_data(one), known.__getitem__) for one in ticket.clocks]
    assert again == list(ticket.clocks)


@settings(deadline=None)
@given(tickets, st.lists(st.tuples(gaps, st.sampled_from(["pending", "on_hold"]), gaps)))
def test_working_time_in_which_a_ticket_rested_is_given_back_whole(ticket, rests):
    """After each rest, what was left before it lies ahead: as if it began now with that much."""
    for gap, status, rest in rests:
        ticket.now += gap
        used = sla.used_seconds(resolution(ticket), ticket.now)
        ticket.suffer(f"status/{status}")
        ticket.now += rest
        ticket.suffer("status/open")
        clock = resolution(ticket)
        assert sla.used_seconds(clock, ticket.now) == used
        if used < clock.within:
            begun = (sla.Segment(ticket.now, LOADED[ticket.hours]),)
            fresh = replace(clock, segments=begun, within=clock.within - used)
            assert sla.due_at(clock) == sla.due_at(fresh)


def resolution(ticket: Ticket) -> sla.Clock:
    return next(one for one in ticket.clocks if one.kind is Target.RESOLUTION)


@settings(deadline=None, max_examples=40)
@given(tickets, no_new_targets)
def test_a_breach_is_at_the_instant_at_which_a_slow_walk_uses_the_target_up(ticket, events):
    lived(ticket, [*events, (20 * DAY, "status/open")], DAY).sweep()
    for clock in ticket.clocks:
        within = STANDARD.within(ticket.priority, clock.kind, 1)
        life, amount = ticket.lives[clock.kind], timedelta(seconds=within or 0)
        assert clock.breached_at == (life.reaches(amount, ticket.now) if within else None)


@settings(deadline=None)
@given(tickets, no_new_targets, sweeps)
def test_however_the_sweeps_fall_the_same_steps_are_taken_each_once(ticket, events, sweeps):
    taken, other, at_once = swept(ticket, events, sweeps)
    assert len(taken) == len(set(taken))
    assert set(taken) | breaches_told_by(ticket) == set(at_once) | breaches_told_by(other)


@settings(deadline=None)
@given(tickets, anything, sweeps)
def test_however_the_sweeps_fall_the_same_breaches_show_at_the_same_instants(
    ticket, events, sweeps
):
    """Also when a change of priority moves a deadline that passed before any sweep looked."""
    _, other, _ = swept(ticket, events, sweeps)
    assert [one.breached_at for one in ticket.clocks] == [one.breached_at for one in other.clocks]


def breaches_told_by(ticket: Ticket) -> set[str]:
    """Breaches show also when a clock is stopped; they count as told then."""
    return {f"{one.kind}/breached" for one in ticket.clocks if one.breached_at}


@settings(deadline=None, max_examples=50)
@given(tickets, no_new_targets, st.lists(gaps, min_size=1, max_size=6))
def test_no_step_is_taken_before_its_share_of_time_was_used(ticket, events, sweeps):
    lived(ticket, events, timedelta())
    shares = {"warned-50": 0.5, "warned-75": 0.75, "warned-90": 0.9, "breached": 1, "ladder-0": 1}
    for gap in sweeps:
        ticket.now += gap
        for name in ticket.sweep():
            kind, step = name.split("/")
            within = STANDARD.within(ticket.priority, Target(kind), 1)
            needed = shares.get(step, 0) * within or within + int(step.partition("-")[2])
            assert ticket.lives[Target(kind)].used(ticket.now).total_seconds() >= needed
