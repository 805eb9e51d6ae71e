"""What of a ticket each role may read."""

from chalicelib.domain.events import PUBLIC, Kind
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import can_work


def is_public(kind: Kind) -> bool:
    return kind in PUBLIC


def may_read_entry(reader: Actor, public: bool) -> bool:
    """Internal notes and the desk's own steps never leave the desk."""
    return public or can_work(reader)
