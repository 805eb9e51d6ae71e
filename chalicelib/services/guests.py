"""People without an account: the links in their mails, what these open, whom we know by them."""

import secrets
from datetime import datetime, timedelta

from chalicelib.adapters import queues
from chalicelib.domain.links import LIVES, Action, Scope
from chalicelib.domain.people import Actor, normal_email
from chalicelib.domain.vocabulary import Role
from chalicelib.models.link import Link
from chalicelib.models.marker import Marker, Memory
from chalicelib.models.ticket import Ticket
from chalicelib.services import audit, limits, links
from chalicelib.services.retrying import retried

PASS_LIVES = LIVES[Action.FOLLOWING]
PROVEN_FOR = timedelta(days=365)  # addresses change hands
LINK_ASKED = "link_asked"


def follow_scope(ticket: Ticket) -> Scope:
    return Scope(Action.FOLLOW, ticket.requester_id, ticket.ticket_id)


def follow_key(ticket: Ticket, now: datetime) -> str:
    """The secret part of a follow-up link: this ticket, this person, for thirty days."""
    return links.issue(follow_scope(ticket), now)


@retried
def admit(ticket_id: str, key: str, now: datetime) -> str:
    """Exchange a link's key for a pass to keep in a cookie. Raises NotFound, TooMany."""
    link = links.find(Action.FOLLOW, key, now, ticket_id)
    limits.take(limits.LINK_PASSES, link.link_hash, now)
    return _come_in(link, Action.FOLLOWING, now)


def pass_for(ticket: Ticket, now: datetime) -> str:
    """A pass for a ticket that its requester has just made."""
    return links.issue(Scope(Action.FOLLOWING, ticket.requester_id, ticket.ticket_id), now)


def guest(ticket_id: str, guest_pass: str | None, now: datetime) -> Actor | None:
    """The guest that a pass lets see this ticket; None without one."""
    link = links.live(guest_pass, now, Action.FOLLOWING, Action.OWNING)
    if link is None or link.ticket_id not in (None, ticket_id):
        return None
    ticket = Ticket.find(ticket_id)
    if ticket is None or ticket.requester_id != link.person_id:
        return None
    asked = ticket.requester
    name = asked.get("name") or asked.get("email", "")
    return Actor(link.person_id, name, Role.REQUESTER, asked.get("email", ""))


def ask_for_link(email: str) -> None:
    """Whoever reads this address's mail may see what was asked from it.

    The same work for every address: whether we know it is looked up by who reads the queue.
    """
    message = {"kind": LINK_ASKED, "asked_id": secrets.token_urlsafe(12)}
    queues.send_one("notifications", {**message, "email": normal_email(email)})


@retried
def enter(key: str, now: datetime) -> str:
    """Exchange the link to all of somebody's requests, once, for a pass. Raises NotFound."""
    return _come_in(links.find(Action.OWN, key, now), Action.OWNING, now)


def owner(own_pass: str | None, now: datetime) -> Actor | None:
    """Whose requests a pass lets see; None without one."""
    link: Link | None = links.live(own_pass, now, Action.OWNING)
    return Actor(link.person_id, "", Role.REQUESTER) if link else None


def is_proven(requester_id: str, now: datetime) -> bool:
    """Whether a link that we mailed to this address was used: its owner knows of us."""
    return Marker.live(_proof(requester_id), now) is not None


def _come_in(link: Link, action: Action, now: datetime) -> str:
    """A new pass and that somebody came in with it, and at first what the link's use proves."""
    who, about = Actor(link.person_id, "", Role.REQUESTER), link.ticket_id or link.person_id
    told = audit.row("guest.came", who, about, now)
    proof = Memory.lasting(_proof(link.person_id), now, PROVEN_FOR)
    return links.exchange(link, action, now, told, *([] if link.used_at else [proof]))


def _proof(requester_id: str) -> str:
    return f"proven#{requester_id}"
