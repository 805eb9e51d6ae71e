"""Who does what when in the drill of staffing, drawn from a seed: nothing here reads a clock."""

from collections.abc import Iterator
from random import Random

from bench.drills.plan import MINUTES, Change
from bench.drills.staffing_desk import AGENTS

TICKETS = 600
BURSTS, IN_BURSTS = (20, 88, 150), 0.3  # minutes at which much comes at once, and how much of all
LAST_OPENED = 215
LAST_CHANGE = MINUTES - 2

# What happens to a ticket, mostly by its agent; and to an agent, by themselves or by the admin.
OF_TICKETS = {
    "accept": 8, "resolve": 12, "reply": 3, "give_back": 1.5, "hold": 1, "resume": 1, "ease": 1.5,
    "take": 0.7, "to_tier": 1, "to_team": 1, "escalate": 0.7, "de_escalate": 0.7, "reopen": 0.2,
}  # fmt: skip
OF_AGENTS = {
    "away": 4, "out": 1, "busy": 3, "back": 14, "other_hours": 1, "other_room": 1.5, "leave": 0.4,
    "return": 0.6,
}  # fmt: skip
TICKETS_PACE, AGENTS_PACE = 8, 40  # minutes from one to the next, on average


def changes(seed: int) -> list[Change]:
    """All that people do, in order of time; tickets and agents are named by their numbers."""
    random = Random(f"people {seed}")
    stories = [
        *(_of_ticket(number, random) for number in range(TICKETS)),
        *(_of_agent(number, random) for number in range(AGENTS)),
    ]
    return sorted((one for story in stories for one in story), key=lambda one: one.minute)


def _of_ticket(number: int, random: Random) -> Iterator[Change]:
    in_burst = random.random() < IN_BURSTS
    minute = random.choice(BURSTS) if in_burst else random.uniform(0, LAST_OPENED)
    yield Change(minute, number, "open", 0)
    yield from _following(minute, number, TICKETS_PACE, OF_TICKETS, (1, 2, 3), random)


def _of_agent(number: int, random: Random) -> Iterator[Change]:
    yield from _following(0, number, AGENTS_PACE, OF_AGENTS, (5, 18, 61, 180), random)


def _following(
    minute: float, number: int, pace: float, weights: dict[str, float], spans: tuple[int, ...],
    random: Random,
) -> Iterator[Change]:  # fmt: skip
    while (minute := minute + random.expovariate(1 / pace)) < LAST_CHANGE:
        (what,) = random.choices(list(weights), list(weights.values()))
        yield Change(minute, number, what, random.choice(spans))
