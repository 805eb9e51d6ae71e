"""Who gets a ticket: available, below capacity, then the least loaded."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.vocabulary import Availability


@dataclass(frozen=True)
class Candidate:
    """An agent of the tier with the number of open tickets they hold now."""

    id: str
    name: str
    availability: Availability
    capacity: int
    load: int


def is_eligible(candidate: Candidate) -> bool:
    return candidate.availability is Availability.AVAILABLE and candidate.load < candidate.capacity


def choose(candidates: Iterable[Candidate]) -> Candidate | None:
    """The eligible one with the least load, then by id; None when nobody is."""
    eligible = filter(is_eligible, candidates)
    return min(eligible, key=lambda c: (c.load / c.capacity, c.id), default=None)


def reason(candidate: Candidate) -> str:
    return f"{candidate.name}: available, {candidate.load} of {candidate.capacity} open tickets"
