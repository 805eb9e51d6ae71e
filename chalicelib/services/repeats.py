"""Repeats: what only says again what is known, counted for a whole batch in one write."""

from collections import defaultdict
from collections.abc import Mapping

from chalicelib.domain import alerts
from chalicelib.domain.alerts import Decision
from chalicelib.models.alert import AlertRecord
from chalicelib.models.base import Check, Record
from chalicelib.models.saving import NotSaved, save_together
from chalicelib.models.ticket import Ticket
from chalicelib.services import episodes
from chalicelib.services.cases import Case

TOGETHER = 30  # cases: each is up to three of the hundred actions of a transaction


def count_together(cases: list[Case], known: Mapping[str, AlertRecord]) -> dict[int, str]:
    """Count what can be counted without looking at a ticket; answers the tickets by `id(case)`.

    What comes in between by others leaves it all to be done one by one.
    """
    told: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        told[case.alert_id].append(case)
    plain = [some for name, some in told.items() if _is_plain(some, known.get(name))]
    counted: dict[int, str] = {}
    for batch in _batches(plain):
        if _count(batch, known):
            counted |= {id(c): str(known[c.alert_id].ticket_id) for some in batch for c in some}
    return counted


def _is_plain(cases: list[Case], record: AlertRecord | None) -> bool:
    """Whether all of them say of one identity only that it still fires."""
    if record is None or record.held or not record.ticket_id or len(cases) > TOGETHER:
        return False
    if len({(case.told_by, case.place) for case in cases}) < len(cases):  # the same one twice
        return False
    known = episodes.episode_of(record)
    return all(
        alerts.decide(case.alert, known, False, case.heard_at) is Decision.REPEAT
        and not alerts.is_worse(case.alert.severity, record.severity or "warning")
        for case in cases
    )


def _batches(plain: list[list[Case]]) -> list[list[list[Case]]]:
    found: list[list[list[Case]]] = [[]]
    for cases in plain:
        if sum(map(len, found[-1])) + len(cases) > TOGETHER:
            found.append([])
        found[-1].append(cases)
    return [batch for batch in found if batch]


def _count(batch: list[list[Case]], known: Mapping[str, AlertRecord]) -> bool:
    records: list[Record] = []
    checks: list[Check] = []
    for cases in batch:
        record = known[cases[0].alert_id]
        for case in cases:
            episodes.tell_again(record, case)
        proofs = [case.proof(Decision.REPEAT, record.ticket_id) for case in cases]
        records += [record, *{id(one): one for one in proofs}.values()]
        checks.append(Ticket.still_active(str(record.ticket_id)))
    try:
        save_together(*records, checks=checks)
    except NotSaved:
        return False
    return True
