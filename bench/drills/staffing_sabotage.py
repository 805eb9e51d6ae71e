"""Breaks the workers on purpose, to see that the drill of staffing finds it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pynamodb.transactions import TransactWrite

from chalicelib.models.base import Update
from chalicelib.models.person import Person
from chalicelib.services import loads

FORGETFUL = "forgetful"


def begin(sabotage: str | None) -> bool:
    """Break this process as asked; answers whether it deletes messages before it works on them."""
    if sabotage in BREAKS:
        BREAKS[sabotage]()
    return sabotage == FORGETFUL


def _no_room_asked() -> None:
    """Whoever was chosen gets the ticket, whatever they hold by now."""

    def carries(person: Person, weight: int, now: datetime) -> Update:
        return Person.load_change(person.person_id, weight, now)

    Person.carries = carries  # type: ignore[assignment, method-assign]


def _loads_apart() -> None:
    """Loads are counted before the transaction, and not in it."""
    settle = loads.settle

    def apart(*given: Any) -> list[Update]:
        for one in settle(*given):
            one.record.update(list(one.actions), condition=one.condition)
        return []

    loads.settle = apart  # type: ignore[assignment]


def _unguarded() -> None:
    """A ticket is written over whatever it has become."""
    original = TransactWrite.save

    def save(transaction: Any, model: Any, **given: Any) -> None:
        original(transaction, model)
        transaction._put_items[-1].pop("condition", None)

    TransactWrite.save = save  # type: ignore[assignment, method-assign]


BREAKS: dict[str, Callable[[], None]] = {
    "no-room": _no_room_asked,
    "loads-apart": _loads_apart,
    "unguarded-writes": _unguarded,
}
SABOTAGE = (*BREAKS, FORGETFUL)
