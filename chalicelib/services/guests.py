"""Following a request without an account: the link in a mail, and what it opens."""

from datetime import datetime, timedelta

from chalicelib.domain.errors import NotFound
from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import Role
from chalicelib.models.ticket import Ticket
from chalicelib.services.signing import FOLLOW, GUEST, Forged, sign, unsign

LINK_LIVES = timedelta(days=30)
PASS_LIVES = timedelta(hours=8)


def follow_key(ticket: Ticket, now: datetime) -> str:
    """The secret part of a follow-up link: this ticket, this person, for thirty days."""
    return sign(FOLLOW, [ticket.ticket_id, ticket.requester_id], now, LINK_LIVES)


def admit(ticket_id: str, key: str, now: datetime) -> str:
    """Exchange a link's key for a pass to keep in a cookie. Raises NotFound."""
    try:
        linked_ticket, requester_id = unsign(FOLLOW, key, now)
    except Forged as error:
        raise NotFound("This link is not valid or has expired.") from error
    if linked_ticket != ticket_id:
        raise NotFound("This link is not valid for this request.")
    return sign(GUEST, [ticket_id, requester_id], now, PASS_LIVES)


def pass_for(ticket: Ticket, now: datetime) -> str:
    """A pass for a ticket that its requester has just made."""
    return sign(GUEST, [ticket.ticket_id, ticket.requester_id], now, PASS_LIVES)


def guest(ticket_id: str, guest_pass: str | None, now: datetime) -> Actor | None:
    """The guest that a pass lets see this ticket; None without one."""
    try:
        passed_ticket, requester_id = unsign(GUEST, guest_pass or "", now)
    except Forged:
        return None
    if passed_ticket != ticket_id:
        return None
    ticket = Ticket.find(ticket_id)
    asked = ticket.requester if ticket else {}
    name = asked.get("name") or asked.get("email", "")
    return Actor(requester_id, name, Role.REQUESTER, asked.get("email", ""))
