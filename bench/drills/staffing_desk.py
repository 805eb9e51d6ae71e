"""The desk of the drill of staffing: three sites, three tiers, teams, rules and thirty agents."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from bench.drills.plan import START
from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import Role
from chalicelib.models.person import STAFF_DESK, Person
from chalicelib.services import desk_settings, sla_settings

AGENTS = 30
OF_TIER = (1, 1, 1, 1, 1, 2, 2, 2, 3, 3)  # for each of a site's ten agents
CAPACITIES = (5, 6, 8, 8)
# The drill begins at 07:30 UTC. By its minutes, Osaka goes home at 90; Lisbon comes at 30 and has
# lunch from 210 to 230; Vancouver's early shift comes at 100.
SITES = {
    "osaka": ("Asia/Tokyo", [["09:00", "18:00"]]),
    "lisbon": ("Europe/Lisbon", [["09:00", "12:00"], ["12:20", "18:00"]]),
    "vancouver": ("America/Vancouver", [["02:10", "11:00"]]),
}
TEAMS: list[dict[str, Any]] = [
    {"id": "front", "name": "Front", "hand_over": {"shift_end": ["P1", "P2"], "away": ["P1"]}},
    {"id": "sun", "name": "Follow the sun", "strategy": "round_robin",
     "hand_over": {"shift_end": ["P1", "P2", "P3"], "away": ["P1", "P2"]}},
    {"id": "lab", "name": "Lab", "strategy": "pull"},
]  # fmt: skip
RULES: list[dict[str, Any]] = [
    {"id": "sun", "name": "Round the clock", "conditions": {"tag": ["sun"]}, "team": "sun"},
    {"id": "lab", "name": "Lab", "conditions": {"tag": ["lab"]}, "team": "lab"},
    {"id": "network", "name": "Network", "conditions": {"tag": ["network"]},
     "skills": {"network": 3}},
    {"id": "up", "name": "Specialists", "conditions": {"tag": ["up"]}, "tier": 2},
    {"id": "top", "name": "Engineering", "conditions": {"tag": ["top"]}, "tier": 3},
]  # fmt: skip

ADA = Actor("P-ADA", "Ada Novak", Role.ADMIN, "ada@desk.example")
LEA = Actor("P-LEA", "Lea Moreau", Role.LEAD, "lea@desk.example")


@dataclass(frozen=True)
class Agent:
    """As they begin; `number` names them in the plan."""

    number: int

    @property
    def actor(self) -> Actor:
        name = f"{self.site.capitalize()} {self.number}"
        return Actor(f"P-{self.number:02}", name, Role.AGENT, f"{self.number}@desk.example")

    @property
    def site(self) -> str:
        return list(SITES)[self.number % len(SITES)]

    @property
    def profile(self) -> dict[str, Any]:
        """As `members.change` takes it."""
        random = Random(self.number)
        return {
            "name": self.actor.name, "role": Role.AGENT.value, "shift": self.site,
            "tiers": [OF_TIER[self.number // len(SITES)]],
            "capacity": random.choice(CAPACITIES),
            "team": random.choice((None, None, None, "front", "sun", "lab")),
            "skills": {"network": random.randint(1, 5)} if random.random() < 0.5 else {},
            "languages": ["en", random.choice(("pt", "ja", "fr"))],
        }  # fmt: skip


def agents() -> list[Agent]:
    return [Agent(number) for number in range(AGENTS)]


def furnish() -> None:
    """Everything that a desk needs before the first ticket comes."""
    before = START - timedelta(days=1)
    for site, (zone, hours) in SITES.items():
        weekly = dict.fromkeys(("mon", "tue"), hours)
        calendar = {"id": site, "name": site, "zone": zone, "weekly": weekly}
        sla_settings.put_calendar(calendar, ADA, before)
    for team in TEAMS:
        desk_settings.put_team(team, ADA, before)
    for rule in RULES:
        desk_settings.put_rule(rule, ADA, before)
    for boss in (ADA, LEA):
        _employ(boss, {"role": boss.role.value})
    for agent in agents():
        _employ(agent.actor, agent.profile)
    called = [one.actor.id for one in agents() if one.profile["tiers"] == [2]]
    night = {"id": "night", "name": "Night", "tier": 2, "zone": "UTC", "starts": "2026-05-04",
             "people": called[:3]}  # fmt: skip
    desk_settings.put_rotation(night, ADA, before)


def _employ(actor: Actor, profile: dict[str, Any]) -> None:
    given = {"name": actor.name, **{name: value for name, value in profile.items() if value}}
    Person(actor.id, desk=STAFF_DESK, email=actor.email, **given).save()
