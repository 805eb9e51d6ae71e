"""Which status may follow which, as one table."""

from chalicelib.domain.errors import Conflict
from chalicelib.domain.vocabulary import Status

_S = Status

TRANSITIONS: dict[Status, frozenset[Status]] = {
    _S.NEW: frozenset({_S.OPEN, _S.PENDING, _S.ON_HOLD, _S.RESOLVED, _S.CANCELLED}),
    _S.OPEN: frozenset({_S.PENDING, _S.ON_HOLD, _S.RESOLVED}),
    _S.PENDING: frozenset({_S.OPEN, _S.RESOLVED}),
    _S.ON_HOLD: frozenset({_S.OPEN, _S.RESOLVED}),
    _S.RESOLVED: frozenset({_S.OPEN, _S.CLOSED}),
    _S.CLOSED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.MERGED: frozenset(),
}

WITH_REPLY = frozenset({_S.OPEN, _S.PENDING, _S.ON_HOLD, _S.RESOLVED})

# What the requester reads instead of our words.
PLAIN_LABELS = {
    _S.NEW: "Received",
    _S.OPEN: "In progress",
    _S.PENDING: "Waiting for you",
    _S.ON_HOLD: "In progress",
    _S.RESOLVED: "Solved",
    _S.CLOSED: "Solved",
    _S.CANCELLED: "Cancelled",
    _S.MERGED: "Merged",
}


def can_become(now: Status, then: Status) -> bool:
    return then in TRANSITIONS[now]


def check_can_become(now: Status, then: Status) -> None:
    """Raises Conflict unless the table allows the step."""
    if not can_become(now, then):
        raise Conflict(f"A ticket that is {now} cannot become {then}.")


def is_final(status: Status) -> bool:
    return not TRANSITIONS[status]


def after_requester_message(status: Status) -> Status:
    """A requester's message wakes a ticket that waits for them or was solved."""
    return Status.OPEN if status in {Status.PENDING, Status.RESOLVED} else status


def after_agent_reply(status: Status, wanted: Status | None) -> Status:
    """A public answer takes a new ticket up; the agent may set a status with it.

    Raises Conflict for a status that is no answer's to set.
    """
    if wanted is not None and wanted not in WITH_REPLY:
        raise Conflict(f"A reply can set {', '.join(sorted(WITH_REPLY))}; not {wanted}.")
    taken_up = Status.OPEN if status is Status.NEW else status
    return wanted or taken_up
