"""Text from outside as it may be shown: without what cannot be seen and turns other text around.

What is stored stays as it came. Marks of direction (U+200E, U+200F, U+061C) stay too: people who
write from right to left need them, and they turn nothing but signs between words.
"""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

# Overrides, embeddings and isolates of direction: they show text in another order than it has.
TURNING = "\u202a-\u202e\u2066-\u2069\u206a-\u206f"
# No width and no use: byte order marks, fillers, soft hyphens, annotations, tags.
NO_WIDTH = (
    "\u2060-\u2065\ufeff\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
BREAKS = "\u2028\u2029"  # line ends that no keyboard makes, and some programs take for real ones
BROKEN = "\ud800-\udfff"  # halves of characters
# Joined letters and pictures need these, and words without spaces; between others they hide.
JOINERS = "\u200b-\u200d"
JOINING = (
    "\u0600-\u109f\u1700-\u18af\u1900-\u1cff\ua840-\uabff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00011fff"
)
PICTURES = "\u2190-\u2bff\u3030\u303d\ufe0e\ufe0f\U0001f000-\U0001faff"

# Three flags are spelled with characters that are not seen.
FLAG = "\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f"
JOINED = f"(?<=[{JOINING}{PICTURES}\u2640\u2642])[{JOINERS}](?=[{JOINING}{PICTURES}])"
SUSPECT = re.compile(f"[{TURNING}{NO_WIDTH}{CONTROLS}{BREAKS}{BROKEN}{JOINERS}]")
UNSEEN = re.compile(
    f"(?P<kept>{FLAG}|{JOINED})|(?P<break>[{BREAKS}])|(?P<broken>[{BROKEN}])"
    f"|[{TURNING}{NO_WIDTH}{CONTROLS}{JOINERS}]"
)
WITHOUT_WIDTH = re.compile(f"(?P<kept>{FLAG}|{JOINED})|[{NO_WIDTH}{JOINERS}]")
# What a text of several lines must not hold; and what one of a single line must not, either.
NO_TEXT = re.compile(f"[{CONTROLS}{BROKEN}]")
NO_LINE = re.compile(f"[\t\n\r{TURNING}{BREAKS}]")


def shown(value: Any) -> Any:
    """A text without what must not be shown; what is no text as it is. For every `{{ }}`."""
    if not isinstance(value, str) or not SUSPECT.search(value):
        return value
    clean = UNSEEN.sub(_instead, value)
    # What was markup stays so: nothing was added but spaces.
    return Markup(clean) if isinstance(value, Markup) else clean  # noqa: S704


def without_zero_width(text: str) -> str:
    """What is pasted from pages and chats brings these along; nobody meant them."""
    return WITHOUT_WIDTH.sub(lambda found: found["kept"] or "", text)


def _instead(found: re.Match[str]) -> str:
    if found["broken"]:
        return "\ufffd"
    return found["kept"] or (" " if found["break"] else "")
