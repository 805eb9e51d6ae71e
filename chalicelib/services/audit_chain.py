"""The chain of the audit: each link covers some rows and the link before it.

Whoever alters a row, takes one away or a link, breaks it; `verify` names where. Rows are sealed by
the table's stream within seconds, in whatever order they come; one that comes twice is covered
twice, which says nothing else. Once an hour or more often the last link's hash is noted in a bucket
that nobody can write anew, so that the whole chain cannot be made again either.

A link is saved before it is noted, so that rows are covered while the bucket cannot be reached.
What was noted is known to the process that noted it alone: each notes the first link that it comes
to in an hour, and tries again with every link until that is done. So no hour is left out because
one failed, however many seal.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.adapters import heads
from chalicelib.domain.audit import START, link_hash
from chalicelib.models.audit import AuditLink, AuditRow
from chalicelib.models.saving import save_together
from chalicelib.services import journal
from chalicelib.services.audit_rows import Broken, Rows

HOUR = len("2026-11-23T09")  # of the instant with which a row's id begins

Head = tuple[int, str]  # the number of a link, and its hash

_noted: dict[str, int] = {}  # the hour in which this process noted a link, and its number


@dataclass(frozen=True)
class Verdict:
    """How far the chain holds. `fault` says what is wrong with which row or link, if anything is;
    `head` is the hash of the last link, to be compared with one that was noted elsewhere.
    """

    links: int
    rows: int
    head: str
    fault: str | None = None
    noted: int = 0


@journal.retried
def seal(rows: Sequence[AuditRow]) -> None:
    """Add a link that covers these rows. Safe to run again."""
    last = AuditLink.last()
    covered = [[one.day, one.row_id, one.digest()] for one in rows]
    came_again = last is not None and last.rows == covered
    _note_hourly(last if last and came_again else _added(last, covered))


def head() -> dict[str, Any] | None:
    """`{links, hash}` of the chain as it ends now; None before its first link."""
    last = AuditLink.last()
    return {"links": int(last.number), "hash": last.hash} if last else None


def noted_heads() -> set[Head]:
    """What the chain ended with, as noted in the locked bucket."""
    return {(int(one["number"]), str(one["hash"])) for one in heads.noted()}


def verify(now: datetime, noted: Set[Head] = frozenset()) -> Verdict:
    """Walk the chain from its first link, and look for rows that it does not cover.

    Every head that was noted elsewhere has to be found in it.
    """
    before, links, rows, missing = START, 0, Rows(now), set(noted)
    try:
        for link in AuditLink.all():
            links += 1
            if fault := _link_fault(link, links, before) or _other(link, missing):
                rows.compare()  # what those before it cover comes first
                raise Broken(links, fault)
            rows.take(link)
            before = link.hash
        rows.compare()
    except Broken as found:
        return Verdict(found.link, rows.covered, before, str(found))
    fault = _cut_off(missing) or rows.past_the_chain()
    return Verdict(links, rows.covered, before, fault, len(noted))


def _added(last: AuditLink | None, covered: list[list[str]]) -> AuditLink:
    number, before = (int(last.number) + 1, last.hash) if last else (1, START)
    link = AuditLink(row_id=AuditLink.name_of(number), number=number, before=before,
                     hash=link_hash(number, before, covered), rows=covered)  # fmt: skip
    save_together(link)
    return link


def _note_hourly(link: AuditLink) -> None:
    hour, number = _hour_of(link.rows), int(link.number)
    if number > _noted.get(hour, number):  # it follows on one that was noted
        return
    _noted.clear()
    heads.note(hour, {"number": number, "hash": link.hash})
    _noted[hour] = number


def _other(link: AuditLink, missing: set[Head]) -> str | None:
    """Whether another was noted in its place; what was found is not missing."""
    number = int(link.number)
    missing.discard((number, link.hash))
    is_other = any(known == number for known, _ in missing)
    return f"Link {number} is not the one that was noted." if is_other else None


def _cut_off(missing: Set[Head]) -> str | None:
    return f"Link {min(missing)[0]} was noted and is missing." if missing else None


def _hour_of(rows: Sequence[Sequence[str]]) -> str:
    return max(row_id for _, row_id, _ in rows)[:HOUR]


def _link_fault(link: AuditLink, number: int, before: str) -> str | None:
    if int(link.number) != number:
        return f"Link {number} is missing."
    is_whole = link.before == before and link.hash == link_hash(number, before, link.rows)
    return None if is_whole else f"Link {number} was altered."
