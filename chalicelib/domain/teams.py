"""Teams: how their tickets are handed out, and what moves on when one of them goes."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from chalicelib.domain.assignment import Strategy
from chalicelib.domain.errors import FieldError
from chalicelib.domain.naming import names_wrong
from chalicelib.domain.vocabulary import Priority

SHIFT_END, AWAY, OUT_OF_OFFICE, LEFT = "shift_end", "away", "out_of_office", "left"
REASONS = (SHIFT_END, AWAY, OUT_OF_OFFICE)
URGENT = ("P1", "P2")
LONGEST_BREAK = 24 * 60  # minutes


def _hand_over() -> dict[str, list[str]]:
    return {reason: list(URGENT) for reason in REASONS}


@dataclass(frozen=True)
class Team:
    """A group of agents.

    `hand_over` says which priorities move on at a shift's end, when going away for longer than
    `short_break` minutes, and out of office. `dedicated` people take only what is routed to their
    team; those of an `outside` group besides see nothing else.
    """

    id: str
    name: str
    version: int = 1
    strategy: str = Strategy.LOAD_BALANCED.value
    hand_over: dict[str, list[str]] = field(default_factory=_hand_over)
    short_break: int = 30
    dedicated: bool = False
    outside: bool = False

    def moves(self, priority: str, reason: str) -> bool:
        """Whether an open ticket moves on when its agent goes for this reason."""
        return reason == LEFT or priority in self.hand_over.get(reason, ())

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Of data that `check` finds nothing wrong with."""
        return cls(**data)


NO_TEAM = Team(id="none", name="No team")
"""How those work who are in no team, and how tickets are handed out that name none."""


def check(data: Any) -> list[FieldError]:
    """What is wrong, field by field; nothing when the team can be used."""
    if not isinstance(data, dict):
        return [FieldError("", "Give a team as an object.")]
    return [
        *names_wrong(data, {one.name for one in fields(Team)}, {"new", NO_TEAM.id}),
        *_strategy_wrong(data.get("strategy", Strategy.LOAD_BALANCED)),
        *_hand_over_wrong(data.get("hand_over", {})),
        *_break_wrong(data.get("short_break", 0)),
        *(
            FieldError(f"/{name}", "Say true or false.")
            for name in ("dedicated", "outside")
            if not isinstance(data.get(name, False), bool)
        ),
    ]


def _strategy_wrong(strategy: Any) -> Iterator[FieldError]:
    if strategy not in list(Strategy):
        yield FieldError("/strategy", f"Choose of {', '.join(Strategy)}.")


def _hand_over_wrong(rule: Any) -> Iterator[FieldError]:
    if not isinstance(rule, dict) or not set(rule) <= set(REASONS):
        yield FieldError("/hand_over", f"Give lists of priorities for {', '.join(REASONS)}.")
        return
    for reason, priorities in rule.items():
        if not isinstance(priorities, list) or not set(map(str, priorities)) <= set(Priority):
            yield FieldError(f"/hand_over/{reason}", f"List some of {', '.join(Priority)}.")


def _break_wrong(minutes: Any) -> Iterator[FieldError]:
    if (
        isinstance(minutes, bool)
        or not isinstance(minutes, int)
        or minutes not in range(LONGEST_BREAK + 1)
    ):
        yield FieldError("/short_break", f"Give whole minutes from 0 to {LONGEST_BREAK}.")
