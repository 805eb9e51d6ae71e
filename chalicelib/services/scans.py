"""What the scanner found: clean files are kept and open, all others stay shut."""

from datetime import datetime
from typing import Any

from chalicelib.adapters import files, queues
from chalicelib.domain.attachments import FileState
from chalicelib.models.attachment import Attachment
from chalicelib.models.timeline import TimelineEntry
from chalicelib.observability import count, logger
from chalicelib.services import uploads
from chalicelib.services.attachments import kept

QUEUE = "files"
FIRST_PAUSE, LONGEST_PAUSE = 15, 900  # seconds; SQS delays no longer
TRIES = 10  # which take an hour together
# GuardDuty's words; what is not among them is no proof of anything.
MEANINGS = {
    "NO_THREATS_FOUND": FileState.CLEAN,
    "THREATS_FOUND": FileState.INFECTED,
    "UNSUPPORTED": FileState.UNSUPPORTED,
}


def work(message: dict[str, Any], now: datetime) -> None:
    """Settle the files that an entry carries; those without a verdict yet are asked for later."""
    entry = TimelineEntry.find(message["ticket_id"], message["entry_id"])
    ids = list(entry.files or []) if entry else []
    waiting = [one for one in Attachment.many(ids).values() if one.state == FileState.WAITING]
    tried = int(message.get("tried", 0)) + 1
    if [one for one in waiting if not _settled(one, last=tried >= TRIES)]:
        pause = min(FIRST_PAUSE * 2 ** (tried - 1), LONGEST_PAUSE)
        queues.send_one(QUEUE, {**message, "tried": tried}, pause)


def _settled(one: Attachment, last: bool) -> bool:
    try:
        word = files.verdict(one.key, one.object_version)
        if word is None and not last:
            return False
        _settle(one, MEANINGS.get(word or "", FileState.FAILED))
    except files.Missing:
        _settle(one, FileState.FAILED)
    return True


def _settle(one: Attachment, state: FileState) -> None:
    count(f"Files{state.title()}")
    if state is FileState.CLEAN:
        _keep(one)
        return
    logger.warning("file blocked", attachment_id=one.attachment_id, state=state.value)
    one.become(FileState.WAITING, state=state.value)
    if state is FileState.INFECTED:
        files.erase(uploads.incoming(one.attachment_id))


def _keep(one: Attachment) -> None:
    """Copied before the row says so: what is said to be clean is there."""
    to = kept(one.attachment_id)
    version = files.move(one.key, one.object_version, to)
    clean = {"state": FileState.CLEAN.value, "key": to, "object_version": version}
    if not one.become(FileState.WAITING, **clean):  # done by another worker, or erased meanwhile
        files.erase_version(to, version)
