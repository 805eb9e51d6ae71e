"""One day of assignment, event by event: tickets arrive, agents come and go, work is finished.

The domain decides: who could take a ticket, whether there is room, and, for the strategies, who
gets it. Here are only time, the list of those who wait, and what everybody holds. As at the desk,
waiting tickets are offered when somebody comes or has room again, highest priority first, then the
oldest, and each goes to whoever is best. Otherwise than there, tickets in hand stay with their
agent at the end of a shift: they are finished, nothing new comes, nothing is handed over.
"""

import heapq
from bisect import insort
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from itertools import count
from random import Random
from statistics import pstdev
from typing import Any

from bench.assignment_day import MIDNIGHT, MINUTE, MINUTES, Agent, Day, Ticket, on_shift
from chalicelib.domain.assignment import (
    Candidate,
    Need,
    Strategy,
    choose,
    group_for,
    hindrance,
    is_tight,
    kept_for,
    speaks,
)
from chalicelib.domain.workload import has_room

EXAMINED_AT_MOST = 200  # as services/staffing.py
LOOKS_EVERY = 2 * MINUTE  # how often an agent who pulls looks at the list
SAMPLED_EVERY = 5 * MINUTE


class Way(StrEnum):
    """How tickets find agents here: the strategies, and the baseline."""

    RANDOM = "random"
    LOAD_BALANCED = Strategy.LOAD_BALANCED.value
    ROUND_ROBIN = Strategy.ROUND_ROBIN.value
    PULL = Strategy.PULL.value


@dataclass(frozen=True, slots=True)
class Given:
    """In seconds since midnight; `until` may be after the agent's shift."""

    ticket: Ticket
    agent: str
    at: float
    until: float


@dataclass(frozen=True)
class Sample:
    """Load ratios of those on shift at one instant, and how many tickets waited."""

    mean: float
    deviation: float
    spread: float
    waiting: int


@dataclass
class Outcome:
    """What came of the day, by its midnight."""

    given: list[Given] = field(default_factory=list)
    waiting: list[Ticket] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)


Chooser = Callable[[Collection[Candidate], Need], Candidate | None]


def run(
    day: Day, way: Way, seed: int = 8, tell: Callable[[float], object] = lambda share: None
) -> Outcome:
    """`tell` hears now and then how much of the day has passed."""
    desk = _Desk(day, way, Random(seed))
    while desk.events:
        at, _, act, what = heapq.heappop(desk.events)
        if at >= MINUTES * MINUTE:
            break
        act(at, what)
        if act == desk.sample:
            tell(at / (MINUTES * MINUTE))
    desk.outcome.waiting = [one[-2] for tier in desk.waiting.values() for one in tier]
    return desk.outcome


class _Desk:
    """Everybody as they are now, by tier, those on shift by themselves, and the events to come."""

    def __init__(self, day: Day, way: Way, random: Random) -> None:
        self.way, self.random = way, random
        self.chooser = _chooser(way, random)
        self.outcome = Outcome()
        self.tier_of: dict[str, int] = {}
        self.everybody: dict[int, dict[str, Candidate]] = {}
        self.present: dict[int, dict[str, Candidate]] = {}
        self.waiting: dict[int, list[Any]] = {}
        self.asked: dict[tuple[int, str | None], str | None] = {}
        self.numbers = count()
        self.events: list[tuple[float, int, Callable[[float, Any], None], Any]] = []
        for tier in {ticket.need.tier for ticket in day.tickets}:
            self.everybody[tier], self.present[tier], self.waiting[tier] = {}, {}, []
        for agent in day.agents:
            self._employ(agent)
        for ticket in day.tickets:
            self._plan(ticket.at, self.arrive, ticket)
        for at in range(SAMPLED_EVERY, MINUTES * MINUTE, SAMPLED_EVERY):
            self._plan(at, self.sample, None)

    def _employ(self, agent: Agent) -> None:
        (tier,) = agent.start.tiers
        self.tier_of[agent.start.id] = tier
        self.everybody.setdefault(tier, {})[agent.start.id] = agent.start
        self.present.setdefault(tier, {})
        was = False
        for minute in range(MINUTES):
            if was != on_shift(agent.shift, minute):
                was = not was
                self._plan(minute * MINUTE, self.come if was else self.go, agent.start.id)

    def _plan(self, at: float, act: Callable[[float, Any], None], what: Any) -> None:
        heapq.heappush(self.events, (at, next(self.numbers), act, what))

    def arrive(self, at: float, ticket: Ticket) -> None:
        urgency = "" if self.way is Way.PULL else ticket.priority
        entry = (urgency, ticket.at, ticket.number, ticket, self._asked(ticket.need))
        found = self._chosen(entry, ticket.need)
        if found:
            self._give(at, ticket, found)
        else:
            insort(self.waiting[ticket.need.tier], entry)

    def come(self, at: float, agent: str) -> None:
        self._change(agent, on_shift=True)
        self._follow_up(at, agent)
        if self.way is Way.PULL:
            self._plan(at + self.random.uniform(0, LOOKS_EVERY), self.look, agent)

    def go(self, at: float, agent: str) -> None:
        self._change(agent, on_shift=False)

    def finish(self, at: float, done: tuple[str, int]) -> None:
        agent, weight = done
        self._change(agent, load=self._now(agent).load - weight)
        self._follow_up(at, agent)

    def look(self, at: float, agent: str) -> None:
        """Whoever pulls looks now and then for as long as they are there."""
        if self._now(agent).on_shift:
            self._take(at, agent)
            self._plan(at + LOOKS_EVERY, self.look, agent)

    def sample(self, at: float, _: None) -> None:
        present = (one for tier in self.present.values() for one in tier.values())
        ratios = [one.load / one.capacity for one in present]
        waiting = sum(map(len, self.waiting.values()))
        if ratios:
            mean, spread = sum(ratios) / len(ratios), max(ratios) - min(ratios)
            self.outcome.samples.append(Sample(mean, pstdev(ratios, mean), spread, waiting))

    def _follow_up(self, at: float, agent: str) -> None:
        if self.way is Way.PULL:
            self._take(at, agent)
        else:
            self._offer(at, agent)

    def _offer(self, at: float, agent: str) -> None:
        """What they could take now goes to whoever is best."""
        waiting = self._waiting_for(agent)
        for entry in waiting[:EXAMINED_AT_MOST]:
            one = self._now(agent)
            if not has_room(one.load, one.capacity, 1):
                break
            if hindrance(one, entry[-1]) is None:
                best = self._chosen(entry, entry[-1])
                if best:
                    waiting.remove(entry)
                    self._give(at, entry[-2], best)

    def _chosen(self, entry: Any, need: Need) -> Candidate | None:
        """As the desk does where room is short: behind the most urgent one that waits."""
        best = self.chooser(self._candidates(need), need)
        first = next(iter(self.waiting[need.tier]), None)
        if best is None or self.way is Way.RANDOM or first is None or first[0] >= entry[0]:
            return best
        if not is_tight(best, need):
            return best
        kept = kept_for(self._candidates(first[-1]), first[-1])
        return self.chooser(self._candidates(need), replace(need, kept=kept))

    def _take(self, at: float, agent: str) -> None:
        """The oldest that they can take, one at a look."""
        one, waiting = self._now(agent), self._waiting_for(agent)
        if not has_room(one.load, one.capacity, 1):
            return
        for position, entry in enumerate(waiting):
            if hindrance(one, entry[-1]) is None:
                del waiting[position]
                self._give(at, entry[-2], one)
                return

    def _give(self, at: float, ticket: Ticket, to: Candidate) -> None:
        weight, until = ticket.need.weight, at + ticket.takes
        self._change(to.id, load=to.load + weight, assigned_at=MIDNIGHT + timedelta(seconds=at))
        self.outcome.given.append(Given(ticket, to.id, at, until))
        self._plan(until, self.finish, (to.id, weight))

    def _candidates(self, need: Need) -> Collection[Candidate]:
        """Those of the tier on shift; all of it where only others speak the language.

        The choice is the same as with all of them, for it asks those off shift nothing else.
        """
        present = self.present[need.tier].values()
        if need.language and not any(speaks(one, need.language) for one in present):
            return self.everybody[need.tier].values()
        return present

    def _asked(self, need: Need) -> Need:
        """What can be asked of the tier; nobody learns a language on this day."""
        key = need.tier, need.language
        if key not in self.asked:
            self.asked[key] = group_for(self.everybody[need.tier].values(), need)[1].language
        return replace(need, language=self.asked[key])

    def _waiting_for(self, agent: str) -> list[Any]:
        return self.waiting.get(self.tier_of[agent], [])

    def _now(self, agent: str) -> Candidate:
        return self.everybody[self.tier_of[agent]][agent]

    def _change(self, agent: str, **changed: Any) -> None:
        tier, one = self.tier_of[agent], replace(self._now(agent), **changed)
        self.everybody[tier][agent] = one
        if one.on_shift:
            self.present[tier][agent] = one
        else:
            self.present[tier].pop(agent, None)


def _chooser(way: Way, random: Random) -> Chooser:
    if way is Way.PULL:
        return lambda candidates, need: None  # nobody is given anything
    if way is Way.RANDOM:
        return lambda candidates, need: _anyone(candidates, need, random)
    strategy = Strategy(way.value)
    return lambda candidates, need: choose(candidates, need, strategy).candidate


def _anyone(candidates: Collection[Candidate], need: Need, random: Random) -> Candidate | None:
    group, asked = group_for(candidates, need)
    able = [one for one in group if hindrance(one, asked) is None]
    return random.choice(able) if able else None
