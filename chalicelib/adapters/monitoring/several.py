"""Bodies that hold several alerts: one that cannot be read does not spoil the others."""

from collections.abc import Callable, Iterable
from typing import Any

from chalicelib.adapters.monitoring.source import Unreadable
from chalicelib.domain.alerts import Alert, Report

SHOWN_AT_MOST = 3


def report_of(rows: Iterable[Any], read: Callable[[Any], Alert], what: str) -> Report:
    """What each says, and a note of those that say nothing.

    Raises Unreadable where none can be read.
    """
    told = [_tried(read, one) for one in rows]
    good = tuple(one for one in told if isinstance(one, Alert))
    bad = [f"{what}/{place}: {one}" for place, one in enumerate(told) if not isinstance(one, Alert)]
    if bad and not good:
        raise Unreadable(bad[0])
    return Report(good, note=_note(bad, len(told)))


def _tried(read: Callable[[Any], Alert], row: Any) -> Alert | Unreadable:
    try:
        return read(row)
    except Unreadable as error:
        return error


def _note(bad: list[str], count: int) -> str:
    shown = " ".join(bad[:SHOWN_AT_MOST])
    return f"{len(bad)} of {count} could not be read. {shown}" if bad else ""
