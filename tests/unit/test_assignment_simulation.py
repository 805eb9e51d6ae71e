"""The simulation of a day of assignment: it obeys the domain, loses nothing, and is repeatable."""

from collections import Counter
from statistics import fmean

import pytest

from bench import assignment_day, assignment_report, assignment_simulation
from bench.assignment_day import MIDNIGHT, Plan, on_shift
from bench.assignment_simulation import Way
from chalicelib.domain.workload import has_room

PLAN = Plan(tickets=300, agents=12)
DAY = assignment_day.make(PLAN)


@pytest.mark.parametrize("way", Way)
def test_every_ticket_is_given_once_or_still_waits(way):
    outcome = assignment_simulation.run(DAY, way)
    seen = Counter(one.ticket.number for one in outcome.given)
    seen.update(ticket.number for ticket in outcome.waiting)
    assert seen == Counter(range(PLAN.tickets))
    assert len(outcome.given) > PLAN.tickets / 2
    assert all(one.at >= one.ticket.at for one in outcome.given)


@pytest.mark.parametrize("way", Way)
def test_nobody_is_given_more_than_they_have_room_for_or_anything_off_shift(way):
    agents = {agent.start.id: agent for agent in DAY.agents}
    held = {one: [] for one in agents}
    for one in assignment_simulation.run(DAY, way).given:
        agent, weight = agents[one.agent], one.ticket.need.weight
        load = sum(other.ticket.need.weight for other in held[one.agent] if other.until > one.at)
        assert has_room(load, agent.start.capacity, weight)
        assert on_shift(agent.shift, int(one.at // 60))
        assert one.ticket.need.tier in agent.start.tiers
        held[one.agent].append(one)


@pytest.mark.parametrize("way", Way)
def test_the_same_seed_gives_the_same_day(way):
    again = assignment_day.make(PLAN)
    assert again == DAY
    assert assignment_simulation.run(again, way) == assignment_simulation.run(DAY, way)
    assert assignment_day.make(Plan(PLAN.tickets, PLAN.agents, seed=9)) != DAY


def test_balancing_spreads_the_load_better_than_chance():
    day = assignment_day.make(Plan(tickets=1_000, agents=24, shares=(1.0,)))
    balanced, chance = (
        assignment_simulation.run(day, way) for way in (Way.LOAD_BALANCED, Way.RANDOM)
    )
    assert _deviation(balanced) < 0.8 * _deviation(chance)


@pytest.mark.parametrize("way", [Way.LOAD_BALANCED, Way.ROUND_ROBIN])
def test_passing_those_on_shift_alone_changes_no_choice(way, monkeypatch):
    found = assignment_simulation.run(DAY, way)
    desk = assignment_simulation._Desk
    monkeypatch.setattr(desk, "_candidates", lambda self, need: self.everybody[need.tier].values())
    assert assignment_simulation.run(DAY, way) == found


def test_each_shift_lasts_nine_hours_and_somebody_is_always_there():
    shifts = {agent.shift for agent in DAY.agents}
    assert {assignment_day.hours_on_shift(one) for one in shifts} == {9}
    assert all(any(on_shift(one, minute) for one in shifts) for minute in range(24 * 60))
    assert MIDNIGHT.utcoffset().total_seconds() == 0


def test_jains_index():
    assert assignment_report.jain([2.0, 2.0, 2.0]) == 1
    assert assignment_report.jain([3.0, 0.0, 0.0]) == pytest.approx(1 / 3)


def _deviation(outcome):
    return fmean(one.deviation for one in outcome.samples)
