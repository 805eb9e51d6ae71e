"""What somebody may ask of the desk about themselves: all that it holds, or to be forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.errors import Conflict, FieldError, Invalid
from chalicelib.domain.instants import to_text
from chalicelib.domain.people import Actor, normal_email, requester_id
from chalicelib.domain.permissions import check_can_configure
from chalicelib.domain.privacy import new_pseudonym
from chalicelib.domain.vocabulary import ACTIVE, STAFF, Role
from chalicelib.models.job import Job
from chalicelib.models.person import Person
from chalicelib.models.saving import save_together
from chalicelib.models.ticket import Ticket
from chalicelib.services import audit, changing, jobs, journal, under_way
from chalicelib.services.once import Once, mark_for
from chalicelib.services.work import ERASURE, EXPORT

NEWEST = 20
AT_ONCE = 100  # requests, as many as DynamoDB gives for their keys
NAMED_AT_MOST = 5
UNKNOWN = "The desk holds nothing about this address."
UNLIKE = "Type the address once more, exactly as above: this cannot be undone."
RUNNING = "Work about this person is under way already; wait until it has finished."


@dataclass(frozen=True)
class Known:
    """Somebody whom the desk knows, by their address."""

    email: str
    requester_id: str
    person: Person | None

    @property
    def staff_id(self) -> str | None:
        """Under which they work or worked here, also of who was made somebody who only asks."""
        one = self.person
        if one is None:
            return None
        only_asked = one.person_id == self.requester_id and not (one.tiers or one.team)
        return None if one.role == Role.REQUESTER and only_asked else str(one.person_id)


@journal.retried
def export(
    email: str, notes: bool, actor: Actor, now: datetime, *, once: Once | None = None
) -> Job:
    """Begin to gather all about somebody, perhaps with what is noted internally on their requests.

    Raises NotPermitted, Invalid, Conflict.
    """
    changing.begin(actor, once)
    known = _known(email)
    about = {"person": known.requester_id, "staff": known.staff_id, "notes": notes,
             "_email": known.email}  # fmt: skip
    return _begin(EXPORT, about, "person.export_began", actor, now, once)


@journal.retried
def erase(
    email: str, confirm: str, also_open: bool, actor: Actor, now: datetime,
    *, once: Once | None = None,
) -> Job:  # fmt: skip
    """Begin to erase somebody, whose address has to be given twice.

    Raises NotPermitted, Invalid, and Conflict for who works here, and for requests that are open
    unless these may be cancelled.
    """
    changing.begin(actor, once)
    if normal_email(confirm) != normal_email(email):
        raise Invalid(FieldError("/confirm", UNLIKE))
    known = _known(email)
    _check_has_left(known)
    requests = list(_requests_of(known.requester_id))
    if not also_open:
        _check_closed(requests)
    about = {"person": known.requester_id, "staff": known.staff_id, "_as": new_pseudonym(),
             "_names": _names_of(known, requests), "_email": known.email}  # fmt: skip
    return _begin(ERASURE, about, "person.erasure_began", actor, now, once)


def latest(actor: Actor) -> list[Job]:
    """The last exports and erasures, newest first. Raises NotPermitted."""
    check_can_configure(actor)
    found = [job for kind in (EXPORT, ERASURE) for job in Job.latest(kind, NEWEST)]
    return sorted(found, key=lambda job: job.created_at, reverse=True)[:NEWEST]


def _begin(
    kind: str, about: dict[str, Any], action: str, actor: Actor, now: datetime, once: Once | None
) -> Job:
    _check_idle(about["person"], now)
    job = jobs.prepared(kind, about, actor, now)
    told = audit.row(action, actor, about["person"], now, after={"job": job.job_id})
    mark = mark_for(once, job)
    save_together(job, told, under_way.mark(job, now), *([mark] if mark else []))
    jobs.send_off(job)
    return job


def _known(email: str) -> Known:
    address = normal_email(email)
    asker, person = requester_id(address), Person.with_email(address)
    if person is None and not Ticket.asked_by(asker, None, 1):
        raise Invalid(FieldError("/email", UNKNOWN))
    return Known(address, asker, person)


def _requests_of(asker: str) -> Iterator[Ticket]:
    """All of them, the newest first."""
    rows = Ticket.asked_by(asker, None, AT_ONCE)
    while rows:
        yield from rows
        last = [to_text(rows[-1].created_at), rows[-1].ticket_id]
        rows = Ticket.asked_by(asker, last, AT_ONCE)


def _names_of(known: Known, requests: list[Ticket]) -> list[str]:
    """What they may be called by; who gave no name is called by the address."""
    given = {one.requester.get(name) for one in requests for name in ("name", "email")}
    given |= {known.person.name if known.person else None, known.email}
    return sorted(one for one in given if one)


def _check_has_left(known: Known) -> None:
    person = known.person
    if person is None or known.staff_id is None:
        return
    if person.role in STAFF and not person.left_at:
        raise Conflict(f"{person.name} works here. Let them leave first, under Settings, People.")
    if next(Ticket.open_of(person.person_id), None):
        raise Conflict(f"{person.name} holds open tickets still; wait until others have them.")


def _check_closed(requests: list[Ticket]) -> None:
    still = [one.ticket_id for one in requests if one.status in ACTIVE]
    if still:
        more = len(still) - NAMED_AT_MOST
        named = ", ".join(still[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")
        raise Conflict(f"Still open: {named}. Finish these first, or let them be cancelled too.")


def _check_idle(person_id: str, now: datetime) -> None:
    if under_way.is_marked(person_id, now):
        raise Conflict(RUNNING)
