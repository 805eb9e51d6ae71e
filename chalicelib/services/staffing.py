"""What follows when somebody comes, goes, or has room again: always by how things stand now.

Every message only says whom to look at, or which tier. So it does no harm when one comes late or
twice. The tick sends a message for each tier in which tickets wait: it makes good whatever no
event told.
"""

from datetime import datetime
from typing import Any

from chalicelib.adapters import queues
from chalicelib.domain.events import Kind
from chalicelib.domain.teams import LEFT
from chalicelib.domain.vocabulary import ACTIVE, TIERS, Role
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.observability import count, gauge
from chalicelib.services import dispatch, hand_over, offers, staff
from chalicelib.services.presence import Image, is_worth_a_look

QUEUE = "staffing"
AT_ONCE = 50  # tickets handed over in one run, which has thirty seconds
MAY_WAKE = frozenset({Kind.REOPENED, Kind.REPLY, Kind.RESUMED, Kind.CHANGED, Kind.ALERT_CHANGED})


def publish(changes: list[tuple[str, Image | None, Image | None]]) -> list[str]:
    """Tell the queue of everybody whose change matters: `(name, before, after)` as stored.

    Answers the names of the changes that the queue did not take, to be sent again.
    """
    worth = [(name, after) for name, before, after in changes if is_worth_a_look(before, after)]
    told = [{"person_id": after["person_id"]["S"]} for _, after in worth if after]
    refused = queues.send(QUEUE, told)
    return [worth[position][0] for position in refused]


def work(message: dict[str, Any], now: datetime) -> None:
    """Look after a person, a tier, or what was left to a team that pulled."""
    if "person_id" in message:
        look_after(message["person_id"], now)
    elif "team" in message:
        offers.tell_again(message["team"])
    else:
        offer_waiting(int(message["tier"]), now, message.get("after"))


def look_after(person_id: str, now: datetime) -> dict[str, int]:
    """Hand over what somebody leaves who is gone, or offer what waits to somebody who has room.

    Where there is more to do than fits into one run, another message says so.
    """
    person = Person.as_now(person_id)
    if person is None:
        return {"moved": 0, "offered": 0}
    now = max(now, person.shift_seen_at or now)  # clocks of machines differ; the tick is right
    staff.note_now(person)
    reason = hand_over.why_gone(person, now)
    moved = hand_over.move_all(person, reason, now, AT_ONCE) if reason else 0
    if moved == AT_ONCE:
        queues.send_one(QUEUE, {"person_id": person_id})
    offered = 0 if reason else sum(offer_waiting(int(one), now) for one in person.tiers or ())
    count("TicketsHandedOver", moved)
    return {"moved": moved, "offered": offered}


def offer_waiting(tier: int, now: datetime, after: str | None = None) -> int:
    """Offer what waits in a tier; a message goes on where there is more than fits into one run."""
    run = offers.offer(tier, now, after)
    if run.next:
        queues.send_one(QUEUE, {"tier": tier, "after": run.next})
    count("TicketsOffered", run.offered)
    return run.offered


def receive(ticket_id: str, tier: int, now: datetime, entry_id: str | None = None) -> Ticket | None:
    """What a tier does with a ticket that reached its queue; None if there was nothing to do.

    One that wakes may be somebody's who is gone: then it moves on like others of theirs.
    """
    given = dispatch.dispatch(ticket_id, tier, now)
    return given or _left_behind(ticket_id, now, entry_id)


def change_shifts(now: datetime) -> dict[str, int]:
    """See who comes and goes by the clock; what that means follows by the people's stream.

    By what was last noted of each, so a tick that did not run is made up by the next.
    """
    came = went = 0
    for row in list(staff.rows().values()):
        one, was = staff.candidate(row, now), row.on_shift
        is_on = one.on_shift if row.shift else None
        if is_on != was:
            row.note_shift(is_on, now)
            came, went = came + (is_on is not False), went + (is_on is False)
        if row.away_until and row.away_until <= now:
            row.come_back()
            came += 1
    return {"came": came, "went": went, "waiting": _look_at_tiers()}


def _look_at_tiers() -> int:
    waiting = {tier: Ticket.count_waiting_in(tier) for tier in TIERS}
    queues.send(QUEUE, [{"tier": tier} for tier, number in waiting.items() if number])
    gauge("UnstaffedTickets", sum(waiting.values()))
    return sum(waiting.values())


def _left_behind(ticket_id: str, now: datetime, entry_id: str | None) -> Ticket | None:
    ticket = Ticket.find(ticket_id)
    person = Person.as_now(ticket.assignee_id) if ticket and ticket.assignee_id else None
    reason = hand_over.why_gone(person, now) if person else None
    if ticket is None or person is None or reason is None or ticket.status not in ACTIVE:
        return None
    if reason != LEFT and not _wakes(ticket, entry_id):
        return None
    staff.note_now(person)
    return Ticket.find(ticket_id) if hand_over.move(ticket_id, person, reason, now) else None


def _wakes(ticket: Ticket, entry_id: str | None) -> bool:
    """Whether what happened asks for somebody at once, and its agent did not do it themselves."""
    entry = TimelineEntry.find(ticket.ticket_id, entry_id) if entry_id else None
    if entry is None or Kind(entry.kind) not in MAY_WAKE or entry.by["id"] == ticket.assignee_id:
        return False
    said = Kind(entry.kind) is Kind.REPLY
    return not said or (entry.by["role"] == Role.REQUESTER and bool(entry.data.get("woke")))
