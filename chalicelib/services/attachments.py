"""Files on tickets: claimed by a message, listed, opened and erased."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.adapters import files
from chalicelib.domain import attachments as rules
from chalicelib.domain.attachments import FileState, Upload
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.identifiers import entry_id
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import check_can_configure
from chalicelib.domain.visibility import may_read_entry
from chalicelib.models.attachment import Attachment
from chalicelib.models.saving import save_together
from chalicelib.models.ticket import Ticket
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import audit, journal, uploads

ERASED = FileState.ERASED.value
ABSENT = "There is no such file."
FULL = f"A ticket may carry at most {rules.MOST_PER_TICKET} files. Please open a new one."


def claim(
    ticket: Ticket, said: TimelineEntry, arrived: Sequence[Upload], now: datetime
) -> list[Attachment]:
    """Let a message carry files; answers their rows, to be saved with it. Raises Conflict.

    The message has to be the first entry that is saved with the ticket. Whoever saves second finds
    that the row is there: a file is claimed once.
    """
    if not arrived:
        return []
    ids = [one.id for one in arrived]
    held = list(ticket.files or [])
    if len(held) + len(ids) > rules.MOST_PER_TICKET:
        raise Conflict(FULL)
    said.files, ticket.files = ids, held + ids
    rows = [_row(ticket, said, one, now) for one in arrived]
    ticket.attached = (*ticket.attached, *rows)
    return rows


def refresh(tickets: Iterable[Ticket]) -> None:
    """Show on tickets which files they carry: one read for a page of them, or none."""
    carrying = [one for one in tickets if len(one.files or ()) > len(one.attached)]
    if not carrying:
        return
    found = Attachment.many([each for one in carrying for each in one.files])
    for one in carrying:
        one.attached = tuple(found[each] for each in one.files if each in found)


def check_seen(ticket_id: str, reader: Actor) -> None:
    """Raises NotFound for a ticket on which the reader could not send a file."""
    journal.load(ticket_id, reader)


def ticket_of(attachment_id: str) -> str | None:
    """On which ticket a file is: says nothing about who may know."""
    found = _find(attachment_id)
    return found.ticket_id if found else None


def address_of(ticket_id: str, attachment_id: str, reader: Actor) -> str:
    """Where a file can be fetched for a minute, by whoever may read the message that carries it.

    Raises NotFound, and Conflict while it is not known to be clean.
    """
    found = _readable(ticket_id, attachment_id, reader)
    state = FileState(found.state)
    if state is not FileState.CLEAN:
        raise Conflict(rules.REFUSALS[state])
    answers = {
        "ResponseContentType": found.type,
        "ResponseContentDisposition": rules.disposition(found.name),
        "ResponseCacheControl": "private, no-store",
    }
    return files.link(found.key, rules.OPENS_WITHIN, answers)


def erase(attachment_id: str, actor: Actor, now: datetime) -> bool:
    """Delete a file in every version and its name; that there was one stays.

    Answers whether there was anything to do, and may be called again. Raises NotPermitted.
    """
    check_can_configure(actor)
    found = _find(attachment_id)
    if found is None:
        return False
    done = found.state == FileState.ERASED
    if not done:  # before the bytes go, so that a scan under way cannot bring it back
        was = {"id": attachment_id, "size": int(found.size), "type": found.type}
        told = audit.row("file.erased", actor, found.ticket_id, now, before=was)
        save_together(told, updates=[found.becoming(state=ERASED, name=rules.ERASED_NAME)])
    for key in {found.key, uploads.incoming(attachment_id), kept(attachment_id)}:
        files.erase(key)
    return not done


def kept(file_id: str) -> str:
    """Where a file lies once it is clean."""
    return f"kept/{file_id}"


def view(one: Attachment) -> dict[str, Any]:
    """As callers see it."""
    return {
        "id": one.attachment_id,
        "name": one.name,
        "size": int(one.size),
        "type": one.type,
        "state": one.state,
        "entry_id": one.entry_id,
        "public": one.public,
    }


def _readable(ticket_id: str, attachment_id: str, reader: Actor) -> Attachment:
    try:
        ticket = journal.load(ticket_id, reader)
    except NotFound as error:
        raise NotFound(ABSENT) from error
    found = _find(attachment_id)
    if found is None or found.ticket_id != ticket.ticket_id:
        raise NotFound(ABSENT)
    if not may_read_entry(reader, found.public):
        raise NotFound(ABSENT)
    return found


def _find(attachment_id: str) -> Attachment | None:
    return Attachment.find(attachment_id) if rules.is_attachment_id(attachment_id) else None


def _row(ticket: Ticket, said: TimelineEntry, one: Upload, now: datetime) -> Attachment:
    return Attachment(
        one.id,
        ticket_id=ticket.ticket_id,
        entry_id=entry_id(int(ticket.version or 0) + 1, 0),
        public=said.public,
        at=now,
        name=one.name,
        size=one.size,
        type=one.type,
        state=FileState.WAITING.value,
        key=uploads.incoming(one.id),
        object_version=one.version,
    )
