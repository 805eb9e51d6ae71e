"""What each agent carries: counted in the same write as the ticket, and counted anew on demand."""

from datetime import datetime

from chalicelib.domain.vocabulary import Priority, Status
from chalicelib.domain.workload import weight_of
from chalicelib.models.base import Update
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket


def settle(
    ticket: Ticket, now: datetime, chosen: Person | None = None, by_hand: bool = False
) -> list[Update]:
    """Bring a ticket's weight where it belongs; answers what is to be written with the ticket.

    `chosen` is an agent to whom the machine gives it: only if they have room for it still. Whoever
    is given it `by_hand` must not have left.
    """
    before, after = ticket.carried, _carried(ticket)
    if before == after:
        return []
    ticket.carried = after
    if before and after and before["by"] == after["by"]:
        return [Person.load_change(before["by"], int(after["weight"]) - before["weight"], None)]
    lighter = [Person.load_change(before["by"], -before["weight"], None)] if before else []
    return [*lighter, *([_heavier(after, now, chosen, by_hand)] if after else [])]


def recount(person_id: str) -> tuple[int, int]:
    """What somebody's load was and truly is, by the tickets they hold; the truth is stored.

    Only if the load stood still meanwhile. The index of who holds what lags behind by moments: on a
    busy desk, count again whatever it corrects.
    """
    before = _load_of(person_id)
    held = [one.ticket_id for one in Ticket.open_of(person_id)]
    now = Ticket.batch_get(held, consistent_read=True) if held else ()
    carried = (one.carried or {} for one in now)
    truth = sum(int(one["weight"]) for one in carried if one.get("by") == person_id)
    if truth != before and _load_of(person_id) == before:
        Person.set_load(person_id, before, truth)
    return before, truth


def _load_of(person_id: str) -> int:
    known = Person.as_now(person_id)
    return int(known.load or 0) if known else 0


def _carried(ticket: Ticket) -> dict[str, str | int] | None:
    weight = weight_of(Status(ticket.status), Priority(ticket.priority))
    return {"by": ticket.assignee_id, "weight": weight} if ticket.assignee_id and weight else None


def _heavier(
    carried: dict[str, str | int], now: datetime, chosen: Person | None, by_hand: bool
) -> Update:
    if chosen:
        return chosen.carries(int(carried["weight"]), now)
    return Person.load_change(str(carried["by"]), int(carried["weight"]), now, by_hand)
