"""What a ticket asks of whoever takes it, and who helped its requester before."""

from datetime import datetime, timedelta

from chalicelib.domain.assignment import Need
from chalicelib.domain.vocabulary import Channel, Priority, Status
from chalicelib.domain.workload import weight_of
from chalicelib.models.marker import Marker, Memory
from chalicelib.models.ticket import Ticket
from chalicelib.services import settings, staff

REMEMBERED = timedelta(days=90)


def need_of(ticket: Ticket, now: datetime, helper: str | None = None) -> Need:
    """`helper` is who helped the requester before; their stand-ins come after them."""
    walk_in = ticket.channel == Channel.WALK_IN and ticket.branch
    return Need(
        tier=int(ticket.tier),
        weight=weight_of(Status(ticket.status), Priority(ticket.priority)),
        team=ticket.team,
        skills=ticket.skills or {},
        language=ticket.language,
        walk_in_at=_branch_id(ticket.branch) if walk_in else None,
        prefer=tuple(staff.stand_ins(helper, now)) if helper else (),
        lost_by=tuple(ticket.lost_by or ()),
        not_to=frozenset({ticket.given_back_by} if ticket.given_back_by else ()),
    )


def helper_of(ticket: Ticket, now: datetime) -> str | None:
    """Who was last given a ticket of the same requester; a monitoring tool knows nobody."""
    if ticket.channel == Channel.MONITORING:
        return None
    memory = Marker.live(_key(ticket), now)
    return memory.answer["person"] if memory and memory.answer else None


def remembered(ticket: Ticket, person_id: str, now: datetime) -> list[Memory]:
    """What is to be saved when somebody is given a ticket, so that they are preferred next time."""
    if ticket.channel == Channel.MONITORING:
        return []
    return [Memory.lasting(_key(ticket), now, REMEMBERED, answer={"person": person_id})]


def _key(ticket: Ticket) -> str:
    return f"helped#{ticket.requester_id}"


def _branch_id(name: str) -> str:
    """Tickets name a branch as people do; agents belong to it by its id."""
    known = settings.branch(name)
    return str(known["id"]) if known else name
