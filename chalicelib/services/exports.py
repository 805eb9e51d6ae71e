"""All about somebody as one file to download: gathered page by page, then put together.

Each page writes a piece of its own, under a name that it has again when it is done again. Pieces
and the whole are deleted by the bucket's rules after seven days.
"""

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters import files
from chalicelib.domain.attachments import disposition
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.instants import to_text
from chalicelib.domain.people import SYSTEM, Actor
from chalicelib.domain.permissions import check_can_configure
from chalicelib.domain.privacy import without_private
from chalicelib.models.base import Record
from chalicelib.models.job import Job
from chalicelib.models.ticket import Ticket
from chalicelib.observability import logger
from chalicelib.services import audit, personal_data, under_way
from chalicelib.services.personal_data import Data, Whose
from chalicelib.services.work import EXPORT, Page, Work

PART = "everything"
OPENS_WITHIN = timedelta(seconds=60)
KEPT_FOR = timedelta(days=7)
ZIP = "application/zip"
GONE = "This export is not there any more: it is kept for seven days. Please start a new one."

_present: list[Callable[[Data], str]] = []


def present_with(render: Callable[[Data], str]) -> None:
    """Who writes the page that people read; that is not for services to know."""
    _present[:] = [render]


def address_of(job_id: str, actor: Actor, now: datetime) -> str:
    """Where an export can be fetched for a minute. Raises NotPermitted, NotFound, Conflict."""
    check_can_configure(actor)
    job = Job.find(job_id)
    if job is None or job.kind != EXPORT:
        raise NotFound("There is no such export.")
    if job.finished_at is None:
        raise Conflict("This export is still being put together. Please wait a moment.")
    if job.about.get("erased") or now - job.finished_at > KEPT_FOR:
        raise Conflict(GONE)
    logger.info("export fetched", job_id=job_id, actor_id=actor.id)
    answers = {
        "ResponseContentType": ZIP,
        "ResponseContentDisposition": disposition(f"{job.about['person']}.zip"),
        "ResponseCacheControl": "private, no-store",
    }
    return files.link(_whole(job_id), OPENS_WITHIN, answers)


def _page(job: Job, name: str, cursor: str | None, now: datetime) -> Page:
    """The cursor is `[stage, number of the piece, where in the stage]`."""
    whose = Whose.of(job.about)
    stages = personal_data.stages(whose)
    stage, number, at = json.loads(cursor) if cursor else (0, 0, None)
    if stage == len(stages):
        _put_together(job, number)
        return Page(0, 0, None)
    section, gather = stages[stage]
    items, after = gather(whose, at, now)
    _write(job.job_id, number, {"section": section, "items": items})
    following = (stage + 1, number + 1, None) if after is None else (stage, number + 1, after)
    seen = len(items) if section == personal_data.REQUESTS else 0
    return Page(seen, 0, json.dumps(following))


def _put_together(job: Job, pieces: int) -> None:
    whole = {**personal_data.heading(Whose.of(job.about), job.created_at)}
    for number in range(pieces):
        piece = json.loads(files.read(_piece(job.job_id, number)))
        whole.setdefault(piece["section"], []).extend(piece["items"])
    text = json.dumps(whole, ensure_ascii=False, indent=2)
    found = {"data.json": text, "readable.html": _present[0](json.loads(text))}
    files.put(_whole(job.job_id), _zipped(found, job.created_at), ZIP)


def _zipped(found: dict[str, str], at: datetime) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in found.items():
            entry = zipfile.ZipInfo(name, at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode("utf-8", "replace"))
    return made.getvalue()


def _write(job_id: str, number: int, piece: Data) -> None:
    text = json.dumps(piece, ensure_ascii=False, default=_plain)
    files.put(_piece(job_id, number), text.encode("utf-8", "replace"))


def _plain(value: Any) -> Any:
    return to_text(value) if isinstance(value, datetime) else str(value)


def _piece(job_id: str, number: int) -> str:
    return f"exports/{job_id}/pieces/{number:06d}.json"


def _whole(job_id: str) -> str:
    return f"exports/{job_id}/export.zip"


def _total(job: Job, name: str) -> int:
    return Ticket.count_asked_by(job.about["person"], job.created_at)


def _ended(job: Job, now: datetime) -> Iterable[Record]:
    job.about = without_private(job.about)
    requests = {"requests": job.parts[PART]["seen"]}
    return [audit.row("person.exported", SYSTEM, job.about["person"], now, after=requests)]


WORK = Work(lambda job: [PART], _total, _page, ended=_ended, frees=under_way.mark_of)
