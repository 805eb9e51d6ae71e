"""Who gets a ticket: on shift, available, permitted, able, with room; then the best of those."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.languages import name_of
from chalicelib.domain.sight import EVERYTHING, Sight
from chalicelib.domain.vocabulary import Availability
from chalicelib.domain.workload import HEAVIEST, has_room

NEVER = datetime.min.replace(tzinfo=UTC)


class Strategy(StrEnum):
    """How a team's tickets find their agents."""

    LOAD_BALANCED = "load_balanced"
    ROUND_ROBIN = "round_robin"
    PULL = "pull"


class Hindrance(StrEnum):
    """Why somebody of the tier cannot take a ticket, in the order in which it is asked."""

    GAVE_IT_BACK = "gave it back"
    NOT_ABLE = "not able"
    OFF_SHIFT = "off shift"
    AWAY = "away or busy"
    FULL = "full"
    KEPT = "kept free for a more urgent one"


@dataclass(frozen=True)
class Candidate:
    """An agent at one instant: what they can do, whether they are there, what they hold.

    `load` and `capacity` are in weights of tickets; `takes_any` is false for those who work only
    on what is routed to their team; `place` is where they are, for people to read.
    """

    id: str
    name: str
    availability: Availability = Availability.AVAILABLE
    capacity: int = 8
    load: int = 0
    tiers: frozenset[int] = frozenset({1})
    team: str | None = None
    takes_any: bool = True
    on_shift: bool = True
    place: str | None = None
    branch: str | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    assigned_at: datetime | None = None
    sight: Sight = EVERYTHING


@dataclass(frozen=True)
class Need:
    """What a ticket asks of whoever takes it.

    `prefer` are ids in order, such as who helped this requester before; `lost_by` are those who
    did not accept it in time, who come last; `not_to` cannot have it at all. `kept` are those
    whom a more urgent ticket waits for that lacks nothing but room.
    """

    tier: int
    weight: int = 1
    team: str | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    language: str | None = None
    walk_in_at: str | None = None
    branch: str | None = None
    organisation: str | None = None
    prefer: tuple[str, ...] = ()
    lost_by: tuple[str, ...] = ()
    not_to: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Choice:
    """Who gets it and why; or nobody, with the reason."""

    candidate: Candidate | None
    reason: str


def choose(
    candidates: Iterable[Candidate], need: Need, strategy: Strategy = Strategy.LOAD_BALANCED
) -> Choice:
    """The best of those who can take it; the same whatever order they are given in."""
    group, need = group_for(candidates, need)
    hindrances = [hindrance(one, need) for one in group]
    able = [one for one, why in zip(group, hindrances, strict=True) if why is None]
    if not able:
        return Choice(None, why_nobody(need, hindrances))
    best = min(able, key=ORDERS[strategy](need))
    return Choice(best, reason(best, need))


def group_for(candidates: Iterable[Candidate], need: Need) -> tuple[list[Candidate], Need]:
    """Who works in the tier and team asked for, and what can be asked of them.

    A team without people in this tier, or a language that nobody there has said to speak, is no
    wish that waiting could fulfil: it is left out. Who gave it back does not count.
    """
    tier = [one for one in candidates if need.tier in one.tiers]
    left = [one for one in tier if one.id not in need.not_to]
    is_team = bool(need.team) and any(one.team == need.team for one in left)
    group = [one for one in tier if (one.team == need.team if is_team else one.takes_any)]
    asked = need.language
    if asked and not any(asked in one.languages for one in group if one.id not in need.not_to):
        need = replace(need, language=None)
    return group, need


def kept_for(candidates: Iterable[Candidate], need: Need) -> frozenset[str]:
    """Whom a waiting ticket lacks nothing of but room, so that lighter ones leave it to them."""
    group, need = group_for(candidates, need)
    return frozenset(one.id for one in group if hindrance(one, need) is Hindrance.FULL)


def hindrance(one: Candidate, need: Need) -> Hindrance | None:
    """What keeps somebody of the right group from taking it now; None when nothing does."""
    if one.id in need.not_to:
        return Hindrance.GAVE_IT_BACK
    if not is_able(one, need):
        return Hindrance.NOT_ABLE
    if not one.on_shift:
        return Hindrance.OFF_SHIFT
    if one.availability is not Availability.AVAILABLE:
        return Hindrance.AWAY
    if not has_room(one.load, one.capacity, need.weight):
        return Hindrance.FULL
    return Hindrance.KEPT if one.id in need.kept else None


def is_able(one: Candidate, need: Need) -> bool:
    """Whether they may see it, have every skill at the level asked for, and the language."""
    if not one.sight.covers(need.team, need.branch, need.organisation):
        return False
    if need.language is not None and not speaks(one, need.language):
        return False
    return not need.skills or all(
        one.skills.get(name, 0) >= level for name, level in need.skills.items()
    )


def speaks(one: Candidate, language: str) -> bool:
    """Who has not said what they speak is not left out for it."""
    return not one.languages or language in one.languages


def is_tight(one: Candidate, need: Need) -> bool:
    """Whether taking it would leave them without room for the heaviest ticket."""
    return not has_room(max(one.load + need.weight, 1), one.capacity, HEAVIEST)


def is_eligible(one: Candidate, tier: int) -> bool:
    """Whether they could take an ordinary ticket of a tier now."""
    return one.takes_any and tier in one.tiers and hindrance(one, Need(tier)) is None


def reason(one: Candidate, need: Need) -> str:
    """`Chi: on shift in Lisbon, speaks French, 3 of 8`, the load being that before."""
    return f"{one.name}: {', '.join(_reasons(one, need))}"


def why_nobody(need: Need, hindrances: Sequence[Hindrance | None]) -> str:
    """`2 off shift, 1 full`, or that there are no such people at all."""
    if not hindrances:
        return f"nobody works in tier {need.tier}"
    found = Counter(hindrances)
    return ", ".join(f"{found[why]} {why}" for why in Hindrance if found[why])


def _reasons(one: Candidate, need: Need) -> Iterable[str]:
    yield f"on shift in {one.place}" if one.place else "available"
    if one.id in need.prefer:
        yield "knows the requester"
    if need.walk_in_at and one.branch == need.walk_in_at:
        yield "at the same branch"
    if need.language and need.language in one.languages:
        yield f"speaks {name_of(need.language)}"
    for name in need.skills:
        yield f"{name} level {one.skills[name]}"
    yield f"{one.load} of {one.capacity}"


def _wishes(one: Candidate, need: Need) -> tuple[Any, ...]:
    """What comes before any strategy: not lost before, known to the requester, at the branch."""
    known = need.prefer.index(one.id) if one.id in need.prefer else len(need.prefer)
    elsewhere = bool(need.walk_in_at) and one.branch != need.walk_in_at
    return need.lost_by.count(one.id), known, elsewhere


def _match(one: Candidate, need: Need) -> int:
    """The better they are at what is asked, the higher."""
    levels = sum(one.skills.get(name, 0) for name in need.skills) if need.skills else 0
    return levels + bool(need.language and need.language in one.languages)


def _idle_since(one: Candidate) -> datetime:
    return one.assigned_at or NEVER


def _balanced(need: Need) -> Callable[[Candidate], Any]:
    return lambda one: (
        _wishes(one, need), -_match(one, need), one.load / one.capacity, _idle_since(one), one.id
    )  # fmt: skip


def _in_turn(need: Need) -> Callable[[Candidate], Any]:
    return lambda one: (_wishes(one, need), _idle_since(one), one.id)


ORDERS: dict[Strategy, Callable[[Need], Callable[[Candidate], Any]]] = {
    Strategy.LOAD_BALANCED: _balanced,
    Strategy.ROUND_ROBIN: _in_turn,
    Strategy.PULL: _in_turn,
}
