"""A day of a follow-the-sun desk: its sites, who works when, what is filed and how long it takes.

Everything comes from the seed, so that each strategy meets the same day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from math import log
from random import Random
from zoneinfo import ZoneInfo

from chalicelib.domain.assignment import Candidate, Need
from chalicelib.domain.business_hours import is_open
from chalicelib.domain.calendars import Calendar
from chalicelib.domain.vocabulary import Priority
from chalicelib.domain.workload import WEIGHTS

MIDNIGHT = datetime(2026, 1, 14, tzinfo=UTC)  # a Wednesday
MINUTE, HOUR, MINUTES = 60, 3_600, 24 * 60
CAPACITY = 8
PEAK_UTILISATION = 0.85

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SHIFTS = {"early": ["07:00", "16:00"], "late": ["08:00", "17:00"]}
BY_LOCAL_HOUR = (1, 1, 1, 1, 1, 1, 2, 5, 9, 12, 12, 10, 7, 9, 11, 10, 8, 5, 3, 2, 2, 2, 1, 1)
BURSTS, IN_BURSTS, BURST_FADES = 8, 0.04, 4 * MINUTE  # their share of all tickets

PRIORITIES = dict(zip(Priority, (3, 12, 45, 30, 10), strict=True))
TAKES = dict(zip(Priority, (60, 45, 30, 20, 15), strict=True))  # medians, before they are scaled
SPREAD = 0.8  # sigma of the lognormal times
LANGUAGES = ("en", "ja", "pt", "es", "fr", "de")
ASKS_LANGUAGE, ASKS_OWN, SPEAKS_OTHER = 0.3, 0.6, 0.35
SKILLS = ("network", "database", "accounts", "printing", "mail")
ASKS_SKILL, HAS_SKILL = 0.1, 0.5


@dataclass(frozen=True)
class Site:
    """Where agents sit, and whose requesters file tickets by their own clock."""

    name: str
    zone: str
    language: str
    requesters: float


SITES = (
    Site("Osaka", "Asia/Tokyo", "ja", 0.35),
    Site("Lisbon", "Europe/Lisbon", "pt", 0.35),
    Site("Vancouver", "America/Vancouver", "fr", 0.30),
)


@dataclass(frozen=True)
class Plan:
    """How large the day is; shares are those of the tiers, of agents and of tickets alike."""

    tickets: int = 100_000
    agents: int = 500
    shares: tuple[float, ...] = (0.7, 0.2, 0.1)
    seed: int = 8


@dataclass(frozen=True, slots=True)
class Ticket:
    """`at` and `takes` in seconds: since midnight, and from assignment until it is finished."""

    number: int
    at: float
    priority: Priority
    need: Need
    takes: float


@dataclass(frozen=True)
class Agent:
    """One who is off shift and holds nothing, and the calendar of their shift."""

    start: Candidate
    shift: Calendar


@dataclass(frozen=True)
class Day:
    """`hourly` is the work that comes in each hour against all that those on shift can hold."""

    agents: list[Agent]
    tickets: list[Ticket]
    hourly: list[float]
    mean_minutes: float


def make(plan: Plan) -> Day:
    """The handling times are scaled so that the busiest hour has the utilisation wanted."""
    random = Random(plan.seed)
    agents = agents_of(plan, random)
    drawn = sorted(_arrivals(plan, random))
    tickets = [_ticket(number, *one, plan, random) for number, one in enumerate(drawn)]
    hourly = _hourly(agents, tickets)
    scale = PEAK_UTILISATION / max(hourly)
    scaled = [
        Ticket(one.number, one.at, one.priority, one.need, one.takes * scale) for one in tickets
    ]
    mean = sum(one.takes for one in scaled) / len(scaled) / MINUTE
    return Day(agents, scaled, [one * scale for one in hourly], mean)


@lru_cache(maxsize=100_000)
def on_shift(shift: Calendar, minute: int) -> bool:
    """As the calendar says, asked once a minute as the desk's schedule does."""
    return is_open(shift, MIDNIGHT + timedelta(minutes=minute))


def hours_on_shift(shift: Calendar) -> float:
    return sum(on_shift(shift, minute) for minute in range(MINUTES)) / 60


@lru_cache
def shift_of(site: Site, name: str) -> Calendar:
    """Every day of the week, for a desk that follows the sun has no Sunday."""
    return Calendar.from_data(
        {
            "id": f"{site.name.lower()}-{name}",
            "name": f"{site.name} {name}",
            "zone": site.zone,
            "weekly": {day: [SHIFTS[name]] for day in WEEK},
        }
    )


def agents_of(plan: Plan, random: Random) -> list[Agent]:
    """Dealt out evenly: each shift has its part of each tier."""
    shifts = [(site, name) for site in SITES for name in SHIFTS]
    found: list[Agent] = []
    for tier, count in enumerate(_split(plan.agents, plan.shares), start=1):
        for _ in range(count):
            site, name = shifts[len(found) % len(shifts)]
            start = _candidate(len(found), tier, site, random)
            found.append(Agent(start, shift_of(site, name)))
    return found


def _split(count: int, shares: tuple[float, ...]) -> list[int]:
    ends = [round(count * part) for part in accumulate(shares)]
    return [end - before for before, end in zip([0, *ends], ends, strict=False)]


def _candidate(number: int, tier: int, site: Site, random: Random) -> Candidate:
    """Who works in a higher tier is better at what they know. All speak English."""
    known = [one for one in SKILLS if random.random() < HAS_SKILL]
    own = ("en", site.language)
    spoken = (one for one in LANGUAGES if one in own or random.random() < SPEAKS_OTHER)
    return Candidate(
        id=f"agent-{number:04}",
        name=f"Agent {number}",
        capacity=CAPACITY,
        tiers=frozenset({tier}),
        on_shift=False,
        place=site.name,
        skills={name: min(random.randint(1, 2) + tier // 2, 3) for name in known},
        languages=tuple(spoken),
    )


def _arrivals(plan: Plan, random: Random) -> Iterator[tuple[float, str]]:
    """(seconds since midnight, language of the place): by each site's clock, and in bursts."""
    slots = [(minute, site) for minute in range(MINUTES) for site in SITES]
    weights = [site.requesters * BY_LOCAL_HOUR[_local_hour(site, minute)] for minute, site in slots]
    in_bursts = round(plan.tickets * IN_BURSTS)
    for minute, site in random.choices(slots, weights, k=plan.tickets - in_bursts):
        yield (minute + random.random()) * MINUTE, site.language
    bursts = random.choices(slots, weights, k=BURSTS)
    for number in range(in_bursts):
        minute, site = bursts[number % BURSTS]
        at = minute * MINUTE + random.expovariate(1 / BURST_FADES)
        yield min(at, MINUTES * MINUTE - 1.0), site.language


def _local_hour(site: Site, minute: int) -> int:
    return (MIDNIGHT + timedelta(minutes=minute)).astimezone(ZoneInfo(site.zone)).hour


def _ticket(number: int, at: float, local: str, plan: Plan, random: Random) -> Ticket:
    (priority,) = random.choices(list(PRIORITIES), list(PRIORITIES.values()))
    (tier,) = random.choices(range(1, len(plan.shares) + 1), plan.shares)
    takes = random.lognormvariate(log(TAKES[priority] * MINUTE), SPREAD)
    skills = {}
    if random.random() < ASKS_SKILL:
        skills = {random.choice(SKILLS): random.choice((1, 1, 2))}
    language = None
    if random.random() < ASKS_LANGUAGE:
        language = local if random.random() < ASKS_OWN else random.choice(LANGUAGES)
    need = Need(tier, WEIGHTS[priority], skills=skills, language=language)
    return Ticket(number, at, priority, need, takes)


def _hourly(agents: list[Agent], tickets: list[Ticket]) -> list[float]:
    work, room = [0.0] * 24, [0.0] * 24
    for ticket in tickets:
        work[int(ticket.at // HOUR)] += ticket.takes * ticket.need.weight
    for agent in agents:
        for minute in range(MINUTES):
            room[minute // 60] += MINUTE * agent.start.capacity * on_shift(agent.shift, minute)
    return [one / other if other else 0.0 for one, other in zip(work, room, strict=True)]
