"""Files that people attach: what they may be, what their names become, and who may open them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from email.errors import MessageError
from email.header import decode_header, make_header
from enum import StrEnum
from urllib.parse import quote

MOST_BYTES = 25 * 1024 * 1024
MOST_PER_MESSAGE, MOST_PER_TICKET = 10, 200
LONGEST_NAME, LONGEST_ENDING = 120, 16
NAMELESS, ERASED_NAME = "file", "removed file"
FORM_LIVES = timedelta(minutes=5)  # in which an upload has to begin
CLAIM_LIVES = timedelta(hours=24)  # in which a message has to carry it; then S3 drops it
OPENS_WITHIN = timedelta(seconds=60)
STORED_AS = "application/octet-stream"  # whatever a browser says it is
FIRST_BYTES = 16

ID = re.compile(r"F-[0-9A-Za-z_-]{22}")
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # Cf are zero-width and bidi characters
_SEPARATORS = re.compile(r"[/\\]")
_SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"%PDF-"), "application/pdf"),
)


class FileState(StrEnum):
    """What the scan said. Only what is clean can be opened."""

    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"
    ERASED = "erased"


REFUSALS = {
    FileState.WAITING: "This file is still being checked. Please try again in a minute.",
    FileState.INFECTED: "This file was found to be harmful, and was taken away.",
    FileState.FAILED: "This file could not be checked, so it cannot be opened. Please send it "
    "again.",
    FileState.UNSUPPORTED: "This file cannot be checked, so it cannot be opened. A protected "
    "archive, for example, has to be sent without its password.",
    FileState.ERASED: "This file was removed.",
}


@dataclass(frozen=True)
class Upload:
    """A file that has arrived and that no message carries yet; `type` is what its bytes say."""

    id: str
    name: str
    size: int
    type: str
    version: str


def is_attachment_id(text: str) -> bool:
    return ID.fullmatch(text) is not None


def clean_name(given: str) -> str:
    """A name to be shown and saved under: one line, no folders, nothing that cannot be seen."""
    seen = _seen(_seen(given))  # taking a character away may let others become one
    name = _tidy(_SEPARATORS.split(seen)[-1])
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        short = bool(stem) and len(ending) <= LONGEST_ENDING
        kept = dot + ending if short else ""
        name = _tidy((stem if short else name)[: LONGEST_NAME - len(kept)]) + kept
    return name or NAMELESS


def told_name(header: str) -> str:
    """The name that a plain form told S3: given back in words of RFC 2047, or as Latin-1."""
    try:
        text = str(make_header(decode_header(header)))
    except (MessageError, ValueError, LookupError):  # of bad coding, or of a language nobody knows
        text = header
    try:
        return clean_name(text.encode("latin-1").decode("utf-8"))
    except UnicodeError:
        return clean_name(text)


def sniffed(first: bytes) -> str:
    """The type that the first bytes say; all but a few pictures and PDF are just bytes."""
    return next((kind for found, kind in _SIGNATURES if found.match(first)), STORED_AS)


def disposition(name: str) -> str:
    """Content-Disposition: saved, never shown in place; the name for old and new readers."""
    plain = "".join(c if c.isascii() and c not in '"\\%' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _seen(text: str) -> str:
    kept = (one for one in text if unicodedata.category(one) not in UNSEEN)
    return unicodedata.normalize("NFC", "".join(kept))


def _tidy(name: str) -> str:
    """Neither hidden by a dot in front, nor ended by what some systems cut off."""
    return name.strip(" .\u00a0")
