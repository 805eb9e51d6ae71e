"""A ticket with all that happened to it, as the audit of the drill looks at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bench.drills.ledger import Ledger, written
from chalicelib.domain.sla import Clock
from chalicelib.domain.sla_records import clock_from_data
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import settings

EXPECTED, TAKEN = "expected", "taken"
LOST, DOUBLED, EARLY, JUMBLED = "lost", "doubled", "early", "out of order"


@dataclass(frozen=True)
class Finding:
    """One step that was expected, taken, lost, ...: of which kind, and where."""

    sort: str
    kind: str
    where: Any


@dataclass(frozen=True)
class Life:
    """`last` is the instant of a tick to which nothing happened, after everything else."""

    ticket: Ticket
    entries: list[TimelineEntry]
    last: datetime
    ledger: Ledger

    def tried_at(self, entry: TimelineEntry) -> datetime:
        """The true time at which somebody first tried to write this, whatever it says itself."""
        return self.ledger.first_tried_at[written(entry)]

    def ended(self) -> Iterator[tuple[TimelineEntry, Clock]]:
        """The past cycles of clocks, each with the entry that keeps it."""
        for entry in self.entries:
            for data in entry.cycles or ():
                yield entry, clock_from_data(data, settings.calendar_at)
