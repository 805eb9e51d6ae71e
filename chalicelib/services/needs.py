"""What a ticket asks of whoever takes it, and who helped its requester before."""

from datetime import datetime, timedelta

from chalicelib.domain.assignment import Need
from chalicelib.domain.vocabulary import Channel, Priority, Status
from chalicelib.domain.workload import weight_of
from chalicelib.models.marker import Marker, Memory
from chalicelib.models.ticket import Ticket
from chalicelib.services import staff
from chalicelib.services.sight import branch_of

REMEMBERED = timedelta(days=90)


def need_of(ticket: Ticket, now: datetime) -> Need:
    """As the ticket is; who is preferred is read apart."""
    walk_in = ticket.channel == Channel.WALK_IN and ticket.branch
    branch = branch_of(ticket)
    return Need(
        tier=int(ticket.tier),
        weight=weight_of(Status(ticket.status), Priority(ticket.priority)),
        team=ticket.team,
        skills=ticket.skills or {},
        language=ticket.language,
        walk_in_at=branch if walk_in else None,
        branch=branch,
        organisation=ticket.organisation,
        lost_by=tuple(ticket.lost_by or ()),
        not_to=frozenset(ticket.given_back_by or ()),
    )


def preferred(ticket: Ticket, now: datetime) -> tuple[str, ...]:
    """Who was last given a ticket of the same requester, then who stands in for them.

    A monitoring tool knows nobody.
    """
    if ticket.channel == Channel.MONITORING:
        return ()
    memory = Marker.live(_key(ticket), now)
    helper = memory.answer["person"] if memory and memory.answer else None
    return tuple(staff.stand_ins(helper, now)) if helper else ()


def remembered(ticket: Ticket, person_id: str, now: datetime) -> list[Memory]:
    """What is to be saved when somebody is given a ticket, so that they are preferred next time."""
    if ticket.channel == Channel.MONITORING:
        return []
    return [Memory.lasting(_key(ticket), now, REMEMBERED, answer={"person": person_id})]


def _key(ticket: Ticket) -> str:
    return f"helped#{ticket.requester_id}"
