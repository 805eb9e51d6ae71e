"""What the drill of the clocks does and when, drawn from a seed: nothing here reads a clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

START = datetime(2026, 6, 1, 7, 30, tzinfo=UTC)  # a Monday; in Berlin, half past nine
MINUTES = 240
TICKETS = 1_000
OUTAGE = range(140, 165)  # no tick at all
SKIPPED, DOUBLED, LATE, DYING = 0.15, 0.25, 0.3, 0.12
LATEST = 12  # minutes
CALLS = 40  # a dying sweeper dies at one of so many
SKEWS = {"ahead": 10, "behind": -10, "right": 0, "right too": 0}  # minutes

RESTED = timedelta(days=5)
BEFORE = 3 * 60  # minutes before the start within which tickets may have been opened
CHANGES = {
    "reply": 5, "message": 4, "hold": 1, "hold_until": 2, "pending": 2, "resume": 2, "accept": 2,
    "resolve": 1.5, "reopen": 1, "date": 1, "no_date": 0.5, "escalate": 0.5, "de_escalate": 0.5,
}  # fmt: skip
PACE = 100  # minutes between two changes of a ticket, on average


@dataclass(frozen=True)
class Delivery:
    """A tick of the schedule's minute, given to a sweeper at a later one or at once.

    With `dies_at`, whoever runs it is killed at that call, before it was made or `after`.
    """

    minute: int
    delivered_at: int
    is_second: bool = False
    dies_at: int | None = None
    after: bool = False


@dataclass(frozen=True)
class Change:
    """What somebody does to a ticket at a minute, negative before the start, for some minutes."""

    minute: float
    ticket: int
    what: str
    span: int

    @property
    def at(self) -> datetime:
        return at(self.minute)


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def deliveries(seed: int) -> list[Delivery]:
    """Those of all minutes; a minute that has none is skipped."""
    random = Random(f"ticks {seed}")
    return [one for minute in range(MINUTES) for one in _of_minute(minute, random)]


def _of_minute(minute: int, random: Random) -> Iterator[Delivery]:
    if random.random() < SKIPPED or minute in OUTAGE:
        return
    for is_second in (False, True) if random.random() < DOUBLED else (False,):
        late = random.randint(1, LATEST) if random.random() < LATE else 0
        dies_at = random.randint(1, CALLS) if random.random() < DYING else None
        delivered_at = min(minute + late, MINUTES)
        yield Delivery(minute, delivered_at, is_second, dies_at, random.random() < 0.5)


def changes(seed: int) -> list[Change]:
    """The lives of all tickets, each from its opening on, in order of time."""
    random = Random(f"tickets {seed}")
    lives = (_life(ticket, random) for ticket in range(TICKETS))
    return sorted((one for life in lives for one in life), key=lambda one: one.minute)


def _life(ticket: int, random: Random) -> Iterator[Change]:
    if random.random() < 0.04:
        yield from _rested(ticket, random)
        return
    minute = random.uniform(-BEFORE, MINUTES * 0.8)
    yield Change(minute, ticket, "open", 0)
    while (minute := minute + random.expovariate(1 / PACE)) < MINUTES:
        (what,) = random.choices(list(CHANGES), list(CHANGES.values()))
        yield Change(minute, ticket, what, random.randint(5, 90))


def _rested(ticket: int, random: Random) -> Iterator[Change]:
    """Solved so long ago that it closes by itself while the drill runs."""
    solved = random.uniform(0, MINUTES) - RESTED / timedelta(minutes=1)
    yield Change(solved - 100, ticket, "open", 0)
    yield Change(solved, ticket, "resolve", 0)
