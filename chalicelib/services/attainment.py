"""How well promises are kept: each verdict is counted once, as it freezes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.domain.events import Kind
from chalicelib.domain.vocabulary import TARGETS
from chalicelib.models.attainment import Attainment
from chalicelib.models.marker import WHILE_QUEUED, Marker
from chalicelib.models.saving import save_together
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import journal

MET, BREACHED = "met", "breached"

Verdict = dict[str, Any]


def count_verdicts(message: dict[str, str], now: datetime) -> int:
    """Count what an entry of a timeline settled; answers how many verdicts. Safe to run again."""
    entry = TimelineEntry.find(message["ticket_id"], message["entry_id"])
    verdicts = list(_verdicts(entry)) if entry else []
    for outcome, verdict in verdicts:
        _count(message["ticket_id"], outcome, verdict, now)
    return len(verdicts)


def of_month(month: str) -> list[dict[str, Any]]:
    """`{target, policy, tier, priority, met, breached}` of a month (`2026-11`), in one query."""
    return [
        {**_facts(str(row.row_id)), "met": int(row.met), "breached": int(row.breached)}
        for row in Attainment.of(month)
    ]


def _verdicts(entry: TimelineEntry) -> Iterator[tuple[str, Verdict]]:
    """A breach counts when it happens; what was met counts when it is, unless it was late."""
    if entry.kind == Kind.SLA_BREACHED:
        yield BREACHED, {**entry.data, "at": entry.data["due_at"]}
    for cycle in entry.cycles or []:
        if cycle["verdict"] == MET and (cycle.get("within") or cycle.get("override")):
            yield MET, {**cycle, "target": cycle["kind"], "at": cycle["met_at"]}


@journal.retried
def _count(ticket_id: str, outcome: str, verdict: Verdict, now: datetime) -> None:
    mark_id = f"verdict#{ticket_id}#{verdict['target']}#{verdict['cycle']}"
    if Marker.live(mark_id, now):
        return
    mark = Marker.lasting(mark_id, now, WHILE_QUEUED)
    row_id = f"{verdict['target']}#{verdict['policy']}#{verdict['tier']}#{verdict['priority']}"
    save_together(mark, updates=[Attainment.one_more(verdict["at"][:7], row_id, outcome)])


def _facts(row_id: str) -> dict[str, Any]:
    target, policy, tier, priority = row_id.split("#")
    return {"target": target, "policy": policy, "tier": int(tier), "priority": priority}


def summed(rows: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    """Counts put together by some of their facts, targets in the order of a ticket's life."""
    sums: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(row[name] for name in names)
        one = sums.setdefault(key, {**dict(zip(names, key, strict=True)), MET: 0, BREACHED: 0})
        one[MET], one[BREACHED] = one[MET] + row[MET], one[BREACHED] + row[BREACHED]
    return sorted(sums.values(), key=lambda one: [_place(one[name]) for name in names])


def _place(value: Any) -> tuple[int, str]:
    return (TARGETS.index(value), "") if value in TARGETS else (0, str(value))
