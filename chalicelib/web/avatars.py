"""A person without a picture: what to call them, initials and a steady colour."""

import zlib
from collections.abc import Mapping
from typing import Any

COLOURS = 8


def known_as(person: Mapping[str, Any]) -> str:
    """The name, else the mail address; somebody always has one of both."""
    return str(person.get("name") or person.get("email") or "Somebody")


def initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def avatar_class(person_id: str) -> str:
    """One of av-0..av-7: the same person always gets the same colour."""
    return f"av-{zlib.crc32(person_id.encode('utf-8', 'replace')) % COLOURS}"
