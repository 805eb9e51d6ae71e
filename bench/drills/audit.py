"""Reads every ticket and its timeline, and finds what is lost, doubled, early or out of order."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bench.drills import audit_rests, audit_steps
from bench.drills.ledger import Ledger, Written, written
from bench.drills.life import DOUBLED, EARLY, EXPECTED, JUMBLED, LOST, TAKEN, Finding, Life
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry

WRONG = (LOST, DOUBLED, EARLY, JUMBLED)
ACKNOWLEDGED = "acknowledged"
CHECKS: tuple[Callable[[Life], Iterator[Finding]], ...] = (
    audit_steps.steps,
    audit_steps.early,
    audit_steps.order,
    audit_rests.resumed,
    audit_rests.closed,
)


@dataclass(frozen=True)
class Found:
    """How many findings of each sort (expected, taken, lost, ...) there are for a kind of step."""

    counts: dict[str, Counter[str]]
    wrong: list[Finding]

    @property
    def kinds(self) -> list[str]:
        return list(self.counts)


def audit(last: datetime, ledger: Ledger) -> Found:
    """Of all tickets, after a tick at `last` to which nothing happened."""
    findings: list[Finding] = []
    stored: set[Written] = set()
    for ticket in Ticket.scan(consistent_read=True):
        entries = list(TimelineEntry.of(ticket.ticket_id, None, None))
        stored |= set(map(written, entries))
        life = Life(ticket, entries, last, ledger)
        findings += [finding for check in CHECKS for finding in check(life)]
    return _found([*findings, *_acknowledged(stored, ledger)])


def _acknowledged(stored: set[Written], ledger: Ledger) -> Iterator[Finding]:
    """What was said to be written must be there, whoever wrote it."""
    for one in ledger.done:
        yield Finding(EXPECTED, ACKNOWLEDGED, one)
        yield Finding(TAKEN if one in stored else LOST, ACKNOWLEDGED, one)


def _found(findings: list[Finding]) -> Found:
    counts: dict[str, Counter[str]] = {}
    for one in findings:
        counts.setdefault(one.kind, Counter())[one.sort] += 1
    return Found(dict(sorted(counts.items())), [one for one in findings if one.sort in WRONG])
