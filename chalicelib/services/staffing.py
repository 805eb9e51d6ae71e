"""What follows when somebody comes, goes, or has room again: always by how things stand now.

Every message only says whom to look at. So it does no harm when one comes late or twice.
"""

from datetime import datetime
from itertools import chain
from typing import Any

from chalicelib.adapters import queues
from chalicelib.domain.vocabulary import ACTIVE, TIERS
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.observability import count, gauge
from chalicelib.services import dispatch, hand_over, needs, staff

QUEUE = "staffing"
EXAMINED_AT_MOST = 200  # waiting tickets in a tier; whom these do not need, others will offer
AT_ONCE = 50  # tickets in one run, which has thirty seconds
CHANGES = ("tiers", "team", "skills", "languages", "branch", "shift")

Image = dict[str, Any]


def publish(changes: list[tuple[str, Image | None, Image | None]]) -> list[str]:
    """Tell the queue of everybody whose change matters: `(name, before, after)` as stored.

    Answers the names of the changes that the queue did not take, to be sent again.
    """
    worth = [(name, after) for name, before, after in changes if _is_worth_a_look(before, after)]
    told = [{"person_id": after["person_id"]["S"]} for _, after in worth if after]
    refused = queues.send(QUEUE, told)
    return [worth[position][0] for position in refused]


def look_after(person_id: str, now: datetime) -> dict[str, int]:
    """Hand over what somebody leaves who is gone, or offer what waits to somebody who has room.

    Where there is more to do than fits into one run, another message says so.
    """
    person = Person.find(person_id)
    if person is None:
        return {"moved": 0, "offered": 0}
    staff.forget()
    reason = hand_over.why_gone(person, now)
    moved = hand_over.move_all(person, reason, now, AT_ONCE) if reason else 0
    offered = 0 if reason else _offer_waiting(person_id, now)
    if AT_ONCE in (moved, offered):
        queues.send_one(QUEUE, {"person_id": person_id})
    return {"moved": moved, "offered": offered}


def receive(ticket_id: str, tier: int, now: datetime) -> Ticket | None:
    """What a tier does with a ticket that reached its queue; None if there was nothing to do.

    One that was opened again may be somebody's who is gone: then it moves on like others of theirs.
    """
    return dispatch.dispatch(ticket_id, tier, now) or _left_behind(ticket_id, now)


def change_shifts(now: datetime) -> dict[str, int]:
    """See who comes and goes by the clock; what that means follows by the people's stream.

    By what was last noted of each, so a tick that did not run is made up by the next.
    """
    came = went = 0
    for row in list(staff.rows().values()):
        one, was = staff.candidate(row, now), row.on_shift
        is_on = one.on_shift if row.shift else None
        if is_on != was:
            row.note_shift(is_on)
            came, went = came + (is_on is not False), went + (is_on is False)
        if row.away_until and row.away_until <= now:
            row.come_back()
            came += 1
    waiting = sum(Ticket.count_waiting_in(tier) for tier in TIERS)
    gauge("UnstaffedTickets", waiting)
    return {"came": came, "went": went, "waiting": waiting}


def _left_behind(ticket_id: str, now: datetime) -> Ticket | None:
    ticket = Ticket.find(ticket_id)
    person = Person.find(ticket.assignee_id) if ticket and ticket.assignee_id else None
    reason = hand_over.why_gone(person, now) if person else None
    if ticket is None or person is None or reason is None or ticket.status not in ACTIVE:
        return None
    return Ticket.find(ticket_id) if hand_over.move(ticket_id, person, reason, now) else None


def _offer_waiting(person_id: str, now: datetime) -> int:
    """Hand out the waiting tickets of their tiers, most urgent first, to whoever is best."""
    row = staff.rows().get(person_id)
    tiers = sorted(staff.candidate(row, now).tiers) if row else []
    offered = 0
    for ticket in chain.from_iterable(Ticket.waiting_in(tier, EXAMINED_AT_MOST) for tier in tiers):
        offered += _offered(ticket, now)
        if offered == AT_ONCE:
            break
    return offered


def _offered(ticket: Ticket, now: datetime) -> bool:
    if dispatch.choose(ticket, needs.need_of(ticket, now), now).candidate is None:
        return False
    given = dispatch.dispatch(ticket.ticket_id, int(ticket.tier), now)
    return given is not None and given.assignee_id is not None


def _is_worth_a_look(before: Image | None, after: Image | None) -> bool:
    """Whether they went, or could take more than before."""
    if not after or "name" not in after:
        return False
    was, now = _seen(before), _seen(after)
    if now["gone"]:
        return before is not None and "name" in before and not was["gone"]
    changed = any((before or {}).get(name) != after.get(name) for name in CHANGES)
    return was["gone"] or not was["free"] or now["room"] > was["room"] or changed


def _seen(image: Image | None) -> dict[str, Any]:
    """What an image of the stream says of somebody's presence and room."""
    if not image or "name" not in image:
        return {"gone": True, "free": False, "room": 0}
    said = image.get("said", {}).get("S", "available")
    off = image.get("on_shift", {}).get("BOOL") is False
    load, capacity = (int(float(image.get(name, {}).get("N", 0))) for name in ("load", "capacity"))
    gone = "desk" not in image or off or said in staff.GONE
    return {"gone": gone, "free": said == "available", "room": capacity - load}


def note_counts(done: dict[str, int]) -> None:
    """For the dashboards."""
    count("TicketsHandedOver", done["moved"])
    count("TicketsOffered", done["offered"])
