"""What of a ticket each role may read."""

from typing import Any

from chalicelib.domain.events import PUBLIC, Kind
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import can_work


def is_public(kind: Kind) -> bool:
    return kind in PUBLIC


# Of the data of an entry, what its requester may read.
READABLE: dict[Kind, frozenset[str]] = {
    Kind.OPENED: frozenset({"subject", "description", "channel"}),
    Kind.REPLY: frozenset({"body", "status"}),
    Kind.RESOLVED: frozenset({"summary"}),
    Kind.REOPENED: frozenset(),
    Kind.CLOSED: frozenset(),
}


def readable_data(reader: Actor, kind: Kind, data: dict[str, Any]) -> dict[str, Any]:
    if can_work(reader):
        return data
    return {name: value for name, value in data.items() if name in READABLE.get(kind, ())}


def may_read_entry(reader: Actor, public: bool) -> bool:
    """Internal notes and the desk's own steps never leave the desk."""
    return public or can_work(reader)
