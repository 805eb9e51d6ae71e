"""Long work in the background: cut into parts and pages that travel through a queue.

A page is worked on, noted under the job's version, and only then the next one is sent, by the run
that noted it. Should that run die in between, its message comes again, finds its page to be the
last one done, and sends the next. A copy that comes later still finds the work gone on, and sends
nothing. So none is lost, few are doubled, and what a page does may be done again.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from ulid import ULID

from chalicelib.adapters import queues
from chalicelib.domain.errors import NotFound
from chalicelib.domain.instants import to_text
from chalicelib.domain.people import Actor
from chalicelib.domain.privacy import without_private
from chalicelib.models.base import Record
from chalicelib.models.job import Job
from chalicelib.models.saving import save_together
from chalicelib.services import audit, erasure, exports, journal, recompute, settings, what_if
from chalicelib.services.job_parts import Part, after_page, is_last, is_next, new_part
from chalicelib.services.once import Once, mark_for, raise_what_was_done
from chalicelib.services.work import ERASURE, EXPORT, RECOMPUTE, WHAT_IF, Page, Work

QUEUE = "jobs"
KEPT_FOR = timedelta(days=90)
STALLS_AFTER = timedelta(minutes=5)
NEWEST = 20

KINDS: dict[str, Work] = {
    RECOMPUTE: recompute.WORK, WHAT_IF: what_if.WORK, EXPORT: exports.WORK, ERASURE: erasure.WORK,
}  # fmt: skip
MOST_FOUND = 100  # of all parts together, since they are written with every page


def prepared(kind: str, about: dict[str, Any], actor: Actor, now: datetime) -> Job:
    """A job to be saved, perhaps together with what it follows from."""
    job = Job(
        f"J-{ULID()}", kind=kind, created_at=now, moved_at=now, about=about, parts={},
        by={"id": actor.id, "name": actor.name},
        expires_at=int((now + KEPT_FOR).timestamp()),
    )  # fmt: skip
    job.parts = {name: new_part() for name in KINDS[kind].parts(job)}
    return job


@journal.retried
def start(
    kind: str, about: dict[str, Any], actor: Actor, now: datetime, *, once: Once | None = None
) -> Job:
    """Save a job that somebody asks for, and send it off. Raises AlreadyDone."""
    if once:
        raise_what_was_done(once)
    job = prepared(kind, about, actor, now)
    mark = mark_for(once, job)
    told = audit.row("job.started", actor, job.job_id, now, after={"kind": kind})
    save_together(job, told, *([mark] if mark else []))
    send_off(job)
    return job


def send_off(job: Job) -> None:
    """Send each part's next page to the queue; sending again does no harm."""
    for name, part in job.parts.items():
        if not part["done"]:
            _send(job, name, part)


def send_again(job_id: str, actor: Actor, now: datetime) -> None:
    """Send off what somebody takes to be lost. Raises NotFound."""
    job = find(job_id)
    save_together(audit.row("job.sent_again", actor, job_id, now))
    send_off(job)


def resume_stalled(now: datetime) -> int:
    """Send off again what has not moved for minutes, for its message was lost or never sent.

    Answers how many; looks at the newest of each kind only.
    """
    stalled = [
        job
        for kind in KINDS
        for job in Job.latest(kind, NEWEST)
        if job.finished_at is None and job.moved_at < now - STALLS_AFTER
    ]
    for job in stalled:
        send_off(find(job.job_id))
    return len(stalled)


def work(message: dict[str, Any], now: datetime) -> None:
    """Do one page of one part of a job. Safe to run again."""
    job, name = find(message["job_id"]), message["part"]
    part: Part | None = job.parts[name]
    if is_next(job.parts[name], message):
        part = _done(job.job_id, name, message, _worked(job, name, now), now)
    elif not is_last(job.parts[name], message):
        return
    if part and not part["done"]:
        _send(job, name, part)


def find(job_id: str) -> Job:
    """Raises NotFound."""
    job = Job.find(job_id)
    if job is None:
        raise NotFound("There is no such job.")
    return job


def latest(limit: int = 20) -> list[Job]:
    """The newest of each kind, newest first."""
    found = [job for kind in KINDS for job in Job.latest(kind, limit)]
    return sorted(found, key=lambda job: str(job.created_at), reverse=True)[:limit]


def view(job: Job) -> dict[str, Any]:
    """`{id, kind, state, seen, changed, total, ...}`: how far a job is."""
    parts = job.parts.values()
    return {
        "id": job.job_id,
        "kind": job.kind,
        "state": "finished" if job.finished_at else "running",
        "by": job.by,
        "about": without_private(job.about),
        "created_at": to_text(job.created_at),
        "finished_at": to_text(job.finished_at) if job.finished_at else None,
        "seen": sum(part["seen"] for part in parts),
        "changed": sum(part["changed"] for part in parts),
        "total": sum(max(part["total"], part["seen"]) for part in parts),
        "checking": bool(parts) and all(part["turn"] > 1 for part in parts),
        "found": [one for part in parts for one in part["found"]],
    }


def _worked(job: Job, name: str, now: datetime) -> tuple[Page, int | None]:
    settings.forget()
    kind, part = KINDS[job.kind], job.parts[name]
    is_first = part["cursor"] is None and part["turn"] == 1
    total = kind.total(job, name) if is_first else None
    return kind.page(job, name, part["cursor"], now), total


@journal.retried
def _done(
    job_id: str, name: str, message: dict[str, Any], worked: tuple[Page, int | None], now: datetime
) -> Part | None:
    """Note a page; None if another run of the same message has. Raises NotSaved."""
    job, (page, total) = find(job_id), worked
    part: Part = job.parts[name]
    if not is_next(part, message):
        return None
    after = after_page(part, page, KINDS[job.kind].settles_after)
    elsewhere = sum(len(one["found"]) for one in job.parts.values()) - len(part["found"])
    after["found"] = [*part["found"], *page.found][: max(MOST_FOUND - elsewhere, 0)]
    after["total"] = part["total"] if total is None else total
    job.parts, job.moved_at = {**job.parts, name: after}, now
    _save(job, now)
    return after


def _save(job: Job, now: datetime) -> None:
    """How far it is, with what its end brings and takes away."""
    kind = KINDS[job.kind]
    told: Iterable[Record] = ()
    freed: Record | None = None
    if all(one["done"] for one in job.parts.values()):
        job.finished_at = now
        freed = kind.frees(job) if kind.frees else None
        told = kind.ended(job, now) if kind.ended else ()
    save_together(job, *told, without=freed)


def _send(job: Job, name: str, part: Part) -> None:
    begins_turn = part["cursor"] is None and part["turn"] > 1
    delay = KINDS[job.kind].settles_after if begins_turn else None
    message = {"job_id": job.job_id, "part": name, "cursor": part["cursor"], "turn": part["turn"]}
    queues.send_one(QUEUE, message, delay_seconds=delay or 0)
