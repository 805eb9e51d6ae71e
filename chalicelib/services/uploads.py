"""Files on their way: a form to send one with, and what of it has arrived.

Nothing is written before a message claims the file: what an upload is stands in a signed text that
only whoever asked for it can use. What no message claims, the bucket drops after a day.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.adapters import files
from chalicelib.config import config
from chalicelib.domain import attachments as rules
from chalicelib.domain.attachments import Upload
from chalicelib.domain.errors import Conflict, FieldError, Invalid
from chalicelib.services.once import Once, raise_what_was_done
from chalicelib.services.signing import UPLOAD, Forged, sign, unsign

AT = "/attachments"
NOT_TAKEN = "This desk takes no files: it has nothing to check them with."
NOT_YOURS = "This upload is not yours, or is too old. Please send the file again."
NOT_THERE = "The file has not arrived. Please send it again."
NOT_AS_SAID = "What arrived is not the file that was announced. Please send it again."


@dataclass(frozen=True)
class Asked:
    """How to send one file, and the text by which a message claims it then."""

    upload: str
    name: str | None
    url: str
    fields: dict[str, str]
    expires_at: datetime


def taken() -> bool:
    """Whether files are taken: only where something can check them."""
    return config.file_scanner != "none"


def ask(owner: str, name: str, size: int, now: datetime) -> Asked:
    """A form for one file of this very size. Raises Conflict where no files are taken."""
    file_id, name = _new_id(), rules.clean_name(name)
    upload = _sign(file_id, owner, name, size, now)
    return _asked(file_id, upload, name, (size, size), now)


def ask_plainly(owner: str, now: datetime, back_to: Callable[[str], str]) -> Asked:
    """The same for browsers without scripts: they tell its name to S3, which leads them back."""
    file_id = _new_id()
    upload = _sign(file_id, owner, None, None, now)
    return _asked(file_id, upload, None, (1, rules.MOST_BYTES), now, back_to(upload))


def arrived(
    uploads: Sequence[str], owner: str, now: datetime, once: Once | None = None
) -> tuple[Upload, ...]:
    """What has arrived of these, looked at where it lies. Raises Invalid.

    A keyed request that was carried out before is answered as before, wherever its files are now.
    """
    texts = list(dict.fromkeys(uploads))
    if len(texts) > rules.MOST_PER_MESSAGE:
        detail = f"A message may carry at most {rules.MOST_PER_MESSAGE} files."
        raise Invalid(FieldError(AT, detail))
    try:
        return tuple(_arrived(f"{AT}/{n}", text, owner, now) for n, text in enumerate(texts))
    except Invalid:
        if once:
            raise_what_was_done(once)
        raise


def usable(uploads: Iterable[str], owner: str, now: datetime) -> list[tuple[str, Upload]]:
    """Those of them that have arrived and are this owner's; the others are left out."""
    found = []
    for text in dict.fromkeys(uploads):
        try:
            found.append((text, _arrived(AT, text, owner, now)))
        except Invalid:
            continue
    return found[: rules.MOST_PER_MESSAGE]


def named(uploads: Iterable[str], owner: str, now: datetime) -> list[dict[str, Any]]:
    """Those that are this owner's, to be shown again beside what was typed; nothing is read."""
    found = []
    for text in uploads:
        try:
            _, name, size = _unsign(text, owner, now)
        except Forged:
            continue
        found.append({"upload": text, "name": name or rules.NAMELESS, "size": size})
    return found[: rules.MOST_PER_MESSAGE]


def incoming(file_id: str) -> str:
    """Where a file lies until it was checked."""
    return f"incoming/{file_id}"


def _asked(
    file_id: str, upload: str, name: str | None, sizes: tuple[int, int], now: datetime,
    back_to: str | None = None,
) -> Asked:  # fmt: skip
    if not taken():
        raise Conflict(NOT_TAKEN)
    form = files.upload_form(incoming(file_id), sizes, rules.FORM_LIVES, back_to)
    return Asked(upload, name, form["url"], form["fields"], now + rules.FORM_LIVES)


def _arrived(at: str, text: str, owner: str, now: datetime) -> Upload:
    try:
        file_id, name, size = _unsign(text, owner, now)
        found = files.look(incoming(file_id), rules.FIRST_BYTES)
    except Forged as error:
        raise Invalid(FieldError(at, NOT_YOURS)) from error
    except files.Missing as error:
        raise Invalid(FieldError(at, NOT_THERE)) from error
    fits = 1 <= found.size <= rules.MOST_BYTES and size in (None, found.size)
    if not fits or found.type != rules.STORED_AS:
        raise Invalid(FieldError(at, NOT_AS_SAID))
    name = name or rules.told_name(found.name or "")
    return Upload(file_id, name, found.size, rules.sniffed(found.first), found.version)


def _new_id() -> str:
    return f"F-{secrets.token_urlsafe(16)}"


def _sign(file_id: str, owner: str, name: str | None, size: int | None, now: datetime) -> str:
    return sign(UPLOAD, [file_id, owner, name, size], now, rules.CLAIM_LIVES)


def _unsign(text: str, owner: str, now: datetime) -> tuple[str, str | None, int | None]:
    """Raises Forged."""
    file_id, whose, name, size = unsign(UPLOAD, text, now)
    if whose != owner:
        raise Forged("of somebody else")
    return file_id, name, size
