"""What a secret that we hand out opens: for whom, where, for how long and how often."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

KEY = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 bits, as `secrets.token_urlsafe(32)` writes them


class Action(StrEnum):
    """The first three are mailed; the others are kept in cookies and come of the first ones."""

    FOLLOW = "follow"
    OWN = "own"
    CALL = "call"
    FOLLOWING = "following"
    OWNING = "owning"
    CALLED = "called"


LIVES: dict[Action, timedelta] = {
    Action.FOLLOW: timedelta(days=30),
    Action.OWN: timedelta(minutes=10),
    Action.CALL: timedelta(days=2),
    Action.FOLLOWING: timedelta(hours=8),
    Action.OWNING: timedelta(hours=8),
    Action.CALLED: timedelta(hours=1),
}
ONCE = frozenset({Action.OWN, Action.CALL})


@dataclass(frozen=True)
class Scope:
    """One action, for one person; about one ticket, or about all that they asked."""

    action: Action
    person_id: str
    ticket_id: str | None = None


def is_key(text: str | None) -> bool:
    """Whether it is worth looking up: nothing empty, short or odd ever is."""
    return bool(text and KEY.fullmatch(text))
