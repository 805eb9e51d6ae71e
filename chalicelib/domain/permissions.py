"""Who may do what: `can_x` for a button, `check_can_x` for the write behind it.

`Access` is what each route says of itself; what a route is about is asked of by the services.
"""

from collections.abc import Callable
from enum import StrEnum

from chalicelib.domain import people
from chalicelib.domain.errors import NotFound, NotPermitted
from chalicelib.domain.people import Actor
from chalicelib.domain.sight import About
from chalicelib.domain.vocabulary import Role


class Access(StrEnum):
    """Who may come to an address at all."""

    ANYONE = "anyone"
    KEY = "key"  # who knows the secret in the address
    GUEST = "guest"  # whose request it is, by a mailed link or signed in
    PERSON = "person"  # whoever is signed in; what they see there is their own
    STAFF = "staff"
    DESK = "desk"  # staff who see all of the desk
    LEAD = "lead"
    ADMIN = "admin"


def check_may_enter(actor: Actor, access: Access) -> None:
    """Raises NotPermitted."""
    CHECKS.get(access, check_nothing)(actor)


def check_nothing(actor: Actor) -> None:
    """Of who is known, or need not be."""


def is_requester(actor: Actor, requester_id: str) -> bool:
    """Whether it is their own: staff who ask the desk for help are requesters there."""
    return requester_id in (actor.id, people.requester_id(actor.email))


def can_read(actor: Actor, ticket: About) -> bool:
    """Staff see what their sight covers, those of an outside group what is their team's.

    Everybody sees what they asked for or work on.
    """
    if actor.id in (ticket.requester_id, ticket.assignee_id) or actor.role is Role.SYSTEM:
        return True
    is_theirs = not actor.outside or (ticket.team is not None and ticket.team == actor.team)
    covered = actor.sight.covers(ticket.team, ticket.branch, ticket.organisation)
    return actor.is_staff and is_theirs and covered


def check_can_read(actor: Actor, ticket: About) -> None:
    """Raises NotFound: what one may not see looks like what does not exist."""
    if not can_read(actor, ticket):
        raise NotFound("There is no such ticket.")


def can_work(actor: Actor) -> bool:
    """May note, assign, hold, resolve, escalate and change tickets."""
    return actor.is_staff or actor.role is Role.SYSTEM


def check_can_work(actor: Actor) -> None:
    if not can_work(actor):
        raise NotPermitted("Only the desk's staff may do this.")


def can_open_for(actor: Actor, requester_id: str) -> bool:
    """Staff open tickets for anyone; a requester only for themselves."""
    return can_work(actor) or actor.id == requester_id


def check_can_open_for(actor: Actor, requester_id: str) -> None:
    if not can_open_for(actor, requester_id):
        raise NotPermitted("You can open tickets in your own name only.")


def check_sees_desk(actor: Actor) -> None:
    """Raises NotPermitted for those who see a part of the desk's tickets only."""
    check_can_work(actor)
    if actor.is_limited:
        raise NotPermitted("You see a part of the desk's tickets only, and so not this.")


def can_configure(actor: Actor) -> bool:
    """May change policies, calendars and branches: admins, and operators on the command line."""
    return not actor.is_limited and actor.role in {Role.ADMIN, Role.SYSTEM}


def check_can_configure(actor: Actor) -> None:
    if not can_configure(actor):
        raise NotPermitted("Only admins may change this.")


def can_report(actor: Actor) -> bool:
    """May see how well promises are kept, and what a change would have done."""
    return not actor.is_limited and actor.role in {Role.LEAD, Role.ADMIN, Role.SYSTEM}


def check_can_report(actor: Actor) -> None:
    if not can_report(actor):
        raise NotPermitted("Only leads and admins may see this.")


CHECKS: dict[Access, Callable[[Actor], None]] = {
    Access.STAFF: check_can_work,
    Access.DESK: check_sees_desk,
    Access.LEAD: check_can_report,
    Access.ADMIN: check_can_configure,
}
