"""On-call rotations: who is called at an instant, who is next, and for how long."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Self
from zoneinfo import ZoneInfo

from chalicelib.domain.instants import from_text

LOOKS_AHEAD = timedelta(days=400)


@dataclass(frozen=True)
class Override:
    """Somebody else for a while: from an instant until, but not at, another."""

    person: str
    starts: str
    ends: str


@dataclass(frozen=True)
class Spell:
    """A stretch of time in which one person is called; nobody, if there is none to call."""

    starts: datetime
    ends: datetime
    person: str | None
    by_override: bool = False


@dataclass(frozen=True)
class Rotation:
    """Takes turns of `turn_days` from the date `starts` on, changing at `hand_off` in its zone.

    `pages_for` are the priorities for which it calls when nobody on shift can take a ticket of
    its tier; who does not acknowledge within `acknowledge_within` seconds passes it up.
    """

    id: str
    name: str
    tier: int
    zone: str
    people: tuple[str, ...]
    starts: str
    version: int = 1
    hand_off: str = "09:00"
    turn_days: int = 7
    overrides: tuple[Override, ...] = ()
    pages_for: tuple[str, ...] = ("P1", "P2")
    acknowledge_within: int = 600
    channels: tuple[str, ...] = ("mail",)

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Of data that `on_call_checks.check` finds nothing wrong with."""
        lists = {name: tuple(data[name]) for name in LISTS if name in data}
        overrides = tuple(Override(**one) for one in data.get("overrides", ()))
        return cls(**{**data, **lists, "overrides": overrides})


LISTS = ("people", "pages_for", "channels")


@dataclass(frozen=True)
class OnCall:
    """Who is called now and who next, with the instants between them."""

    now: Spell
    next: Spell | None = field(default=None)


def person_at(rotation: Rotation, at: datetime) -> str | None:
    """Who is called at an instant; an override comes first. None before the first turn."""
    override = _override_at(rotation, at)
    return override.person if override else _in_turn(rotation, at)


def spells(rotation: Rotation, start: datetime, end: datetime) -> Iterator[Spell]:
    """Who is called from one instant until another, cut wherever that changes."""
    at = start
    while at < end:
        until = min(_next_change(rotation, at), end)
        override = _override_at(rotation, at)
        yield Spell(at, until, person_at(rotation, at), override is not None)
        at = until


def on_call(rotation: Rotation, at: datetime) -> OnCall:
    """Who is called now, and who takes over from them."""
    run = spells(rotation, at, at + LOOKS_AHEAD)
    now = next(run)
    following = next((one for one in run if one.person not in (None, now.person)), None)
    return OnCall(now, following)


def backup_of(
    rotation: Rotation, at: datetime, not_to: str | None, here: Collection[str] | None = None
) -> str | None:
    """Who is called if they do not answer: the next in the order of turns, of those who are here.

    None before the first turn.
    """
    people, current = rotation.people, _in_turn(rotation, at)
    if current is None:
        return None
    first = people.index(current)
    order = [people[(first + step) % len(people)] for step in range(1, len(people) + 1)]
    fit = (one for one in order if one != not_to and (here is None or one in here))
    return next(fit, None)


def _override_at(rotation: Rotation, at: datetime) -> Override | None:
    spans = zip(rotation.overrides, _instants(rotation.overrides), strict=True)
    return next((one for one, (starts, ends) in spans if starts <= at < ends), None)


@lru_cache(maxsize=256)
def _instants(overrides: tuple[Override, ...]) -> tuple[tuple[datetime, datetime], ...]:
    """Read once, for they are looked at again and again."""
    return tuple((from_text(one.starts), from_text(one.ends)) for one in overrides)


def _in_turn(rotation: Rotation, at: datetime) -> str | None:
    turn = _turn_at(rotation, at)
    return rotation.people[turn % len(rotation.people)] if turn >= 0 and rotation.people else None


def _turn_at(rotation: Rotation, at: datetime) -> int:
    """Which turn an instant falls into, counted from 0; negative before the first."""
    local = at.astimezone(ZoneInfo(rotation.zone))
    before_hand_off = at < _hand_off_on(rotation, local.date())
    days = (local.date() - date.fromisoformat(rotation.starts)).days - before_hand_off
    return days // rotation.turn_days


def _next_change(rotation: Rotation, at: datetime) -> datetime:
    turn = _turn_at(rotation, at)
    days = max(turn + 1, 0) * rotation.turn_days
    next_turn = _hand_off_on(rotation, date.fromisoformat(rotation.starts) + timedelta(days=days))
    edges = (edge for span in _instants(rotation.overrides) for edge in span)
    return min(one for one in (next_turn, *edges) if one > at)


def _hand_off_on(rotation: Rotation, day: date) -> datetime:
    zone = ZoneInfo(rotation.zone)
    return datetime.combine(day, time.fromisoformat(rotation.hand_off), zone).astimezone(UTC)
