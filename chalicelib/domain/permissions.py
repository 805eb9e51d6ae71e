"""Who may do what: `can_x` for a button, `check_can_x` for the write behind it."""

from chalicelib.domain import people
from chalicelib.domain.errors import NotFound, NotPermitted
from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import Role


def is_requester(actor: Actor, requester_id: str) -> bool:
    """Whether it is their own: staff who ask the desk for help are requesters there."""
    return requester_id in (actor.id, people.requester_id(actor.email))


def can_read(
    actor: Actor, requester_id: str, team: str | None = None, assignee_id: str | None = None
) -> bool:
    """Staff see every ticket; those of an outside group what is their team's or their own."""
    if actor.id in (requester_id, assignee_id) or actor.role is Role.SYSTEM:
        return True
    return actor.is_staff and (not actor.outside or (team is not None and team == actor.team))


def check_can_read(
    actor: Actor, requester_id: str, team: str | None = None, assignee_id: str | None = None
) -> None:
    """Raises NotFound: what one may not see looks like what does not exist."""
    if not can_read(actor, requester_id, team, assignee_id):
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
    """Raises NotPermitted for those who see their own team's tickets only."""
    check_can_work(actor)
    if actor.outside:
        raise NotPermitted("Your group sees the tickets of its own team only.")


def can_configure(actor: Actor) -> bool:
    """May change policies, calendars and branches: admins, and operators on the command line."""
    return not actor.outside and actor.role in {Role.ADMIN, Role.SYSTEM}


def check_can_configure(actor: Actor) -> None:
    if not can_configure(actor):
        raise NotPermitted("Only admins may change this.")


def can_report(actor: Actor) -> bool:
    """May see how well promises are kept, and what a change would have done."""
    return not actor.outside and actor.role in {Role.LEAD, Role.ADMIN, Role.SYSTEM}


def check_can_report(actor: Actor) -> None:
    if not can_report(actor):
        raise NotPermitted("Only leads and admins may see this.")
