"""Erasing somebody as long work: their requests, what opens anything to them, and traces of both.

Every page may be done again. A request goes in one piece: it is theirs until all that was written
on it is gone, and the pseudonym's from then on.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.adapters import accounts, files
from chalicelib.domain.letters import LetterKind
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.privacy import ERASED, without_private
from chalicelib.domain.vocabulary import STAFF
from chalicelib.models.base import Record
from chalicelib.models.job import Job
from chalicelib.models.link import Link
from chalicelib.models.marker import Marker
from chalicelib.models.person import Person
from chalicelib.models.saving import save_together
from chalicelib.models.ticket import Ticket
from chalicelib.services import audit, journal, links, sessions, staff, tokens, under_way
from chalicelib.services.erasing import Erased, call_by_pseudonym, erase_request
from chalicelib.services.former_staff import lists, page_of, total_of
from chalicelib.services.work import ERASURE, EXPORT, RECOMPUTE, WHAT_IF, Page, Work

REQUESTS = "requests"  # the part that is not one of the desk's lists
ACCOUNT, TRACES = "account", "traces"  # what follows in it
KINDS = (RECOMPUTE, WHAT_IF, EXPORT, ERASURE)
PAGE = 5  # requests, each with all that was said on it
SETTLES_AFTER = 30  # seconds, until indexes have caught up
TOLD = (LetterKind.ACKNOWLEDGEMENT, LetterKind.WAITING)


def erase_requests(who: Erased, until: datetime, now: datetime) -> tuple[int, bool]:
    """Erase the oldest of somebody's requests; answers how many, and whether there may be more."""
    ids = Ticket.first_asked_by(who.requester_id, until, PAGE)
    return sum(erase_request(one, who, now) for one in ids), bool(ids)


def shut_out(who: Erased, now: datetime) -> None:
    """No link, session, token or account of theirs is left, and nothing that knows their id.

    Who works here by now keeps what that takes.
    """
    gone = [_shut_out(one, now) for one in who.ids]
    if who.email and all(gone):
        accounts.delete(who.email)
    asker = who.requester_id
    for name in (f"proven#{asker}", f"helped#{asker}", *(f"told#{one}#{asker}" for one in TOLD)):
        Marker(name).delete()
    staff.forget()


def _shut_out(person_id: str, now: datetime) -> bool:
    """The profile first: once it is gone, somebody who is hired again has a new one."""
    if not Person.forget(person_id):
        return False
    if next(Link.of_person(person_id), None):
        links.revoke_all_of_person(person_id, SYSTEM, now)
    sessions.end_all(person_id)
    tokens.end_all(person_id)
    return True


@journal.retried
def clean(job_id: str, who: Erased) -> None:
    """Let a job forget them: who began it, the subjects that a what-if kept, what was exported."""
    job = Job.find(job_id)
    if job is None:
        return
    before = (job.by, job.about, job.parts)
    job.by = call_by_pseudonym(job.by, who)
    if job.kind == EXPORT and job.about["person"] == who.requester_id:
        files.erase_below(f"exports/{job_id}/")
        job.about = {**job.about, "erased": True}
    if job.kind == WHAT_IF:
        job.parts = {name: _without_subjects(part) for name, part in job.parts.items()}
    if (job.by, job.about, job.parts) != before:
        save_together(job)


def _without_subjects(part: dict[str, object]) -> dict[str, object]:
    found: list[dict[str, object]] = part["found"]  # type: ignore[assignment]
    ids = {str(one["ticket"]) for one in found}
    gone = {one.ticket_id for one in Ticket.batch_get(list(ids)) if one.erased_at} if ids else set()
    kept = [{**one, "subject": ERASED} if one["ticket"] in gone else one for one in found]
    return {**part, "found": kept}


def _page(job: Job, name: str, cursor: str | None, now: datetime) -> Page:
    who = _as_now(Erased.of(job.about))
    if name != REQUESTS:
        return page_of(name, cursor, who) if who.staff_id else Page(0, 0, None)
    stage, _, number = (cursor or f"{REQUESTS}|0").partition("|")
    following = int(number) + 1
    if stage == REQUESTS:
        erased, more = erase_requests(who, job.created_at, now)
        return Page(erased, erased, f"{REQUESTS if more else ACCOUNT}|{following if more else 0}")
    if stage == ACCOUNT:
        shut_out(who, now)
        return Page(0, 0, f"{TRACES}|0")
    for one in list(Job.all_of(KINDS[int(number)])):
        clean(one.job_id, who)
    return Page(0, 0, f"{TRACES}|{following}" if following < len(KINDS) else None)


def _as_now(who: Erased) -> Erased:
    """Who was hired again is erased as somebody who asks: what they do here is theirs again."""
    found = Person.as_now(who.staff_id) if who.staff_id else None
    is_back = found is not None and found.role in STAFF and not found.left_at
    return replace(who, staff_id=None, email=None) if is_back else who


def _parts(job: Job) -> Iterable[str]:
    """Who worked here is named on tickets of others, which only all lists together find."""
    return [REQUESTS, *(lists(job.created_at) if job.about["staff"] else ())]


def _total(job: Job, name: str) -> int:
    if name != REQUESTS:
        return total_of(name)
    return Ticket.count_asked_by(job.about["person"], job.created_at)


def _ended(job: Job, now: datetime) -> Iterable[Record]:
    """From here on nothing leads from the person to the pseudonym."""
    requests = {"requests": Ticket.count_asked_by(job.about["_as"], job.created_at)}
    job.about = without_private(job.about)
    return [audit.row("person.erased", SYSTEM, job.about["person"], now, after=requests)]


WORK = Work(
    _parts, _total, _page, settles_after=SETTLES_AFTER, ended=_ended, frees=under_way.mark_of
)
