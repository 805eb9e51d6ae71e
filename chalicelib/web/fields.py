"""What may be typed into a field, and the plain words for what was wrong with it."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from chalicelib.domain.people import EMAIL
from chalicelib.web.display import NO_LINE, NO_TEXT, without_zero_width

ADDRESS = re.compile(EMAIL)
UNSHOWN = PydanticCustomError("controls", "contains characters that cannot be shown")


def tidy(text: Any) -> Any:
    """Browsers send line ends as CR LF; spaces around the text are nobody's meaning.

    Nor is what has no width, which comes along with what is pasted.
    """
    if not isinstance(text, str):
        return text
    return without_zero_width(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def presentable(text: str) -> str:
    """What was typed, fit to be shown again: nothing that a page cannot hold."""
    return NO_TEXT.sub("\ufffd", text)


def without_controls(text: str) -> str:
    """One line."""
    if NO_TEXT.search(text) or NO_LINE.search(text):
        raise UNSHOWN
    return text


def paragraphs(text: str) -> str:
    """Of several lines; what turns them around is left out where they are shown."""
    if "\r" in text or NO_TEXT.search(text):
        raise UNSHOWN
    return text


def mail_address(text: str) -> str:
    if len(text) > 254 or not ADDRESS.fullmatch(text) or ".." in text:
        raise PydanticCustomError("mail_address", "is not a mail address")
    return text


Tidy = BeforeValidator(tidy)
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(without_controls), Tidy]
ShortLine = Annotated[str, Field(max_length=120), AfterValidator(without_controls), Tidy]
Paragraphs = Annotated[
    str, Field(min_length=1, max_length=10_000), AfterValidator(paragraphs), Tidy
]
Remark = Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(paragraphs), Tidy]
MailAddress = Annotated[
    str, Field(min_length=1), AfterValidator(mail_address), AfterValidator(without_controls), Tidy
]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
Version = Annotated[int, Field(ge=1, le=999_999)]

# What to say when a field is empty; every other fault is said the same for all fields.
PROMPTS = {
    "subject": "Say in a few words what the problem is.",
    "stops": "Choose what it stops you from doing.",
    "description": "Tell us what happened.",
    "email": "Write your mail address, so that we can answer.",
    "password": "Write your password.",
    "body": "Write something before you send it.",
    "size": "A file must hold something, and 25 MB at most.",
    "assignee": "Choose who shall look after it.",
    "reason": "Say why.",
    "tried": "Say what was tried, so that the next tier need not start again.",
    "summary": "Say what solved it.",
    "until": "Give the date and the hour to wait for.",
    "whom": "Choose who has to know.",
    "target": "Choose which deadline you mean.",
    "due_at": "Give the date and the hour by which it is due.",
    "to": "Choose where it shall go.",
    "answer": "Write what is asked for here.",
    "code": "Write the code that your app shows.",
    "label": "Say what it is for.",
    "days": "Give 1 to 365 days.",
    "may": "Choose what it may do.",
    "availability": "Choose how you are.",
    "address": "Write the mail address of the person.",
    "confirm": "Type the address once more.",
}
NAMES = {
    "subject": "The short description",
    "description": "The description",
    "name": "Your name",
    "branch": "The branch",
    "body": "The message",
}
BROKEN = "Something is missing in this form. Please load the page again and send it once more."


def words_for(field: str, kind: str, limits: dict[str, Any]) -> str:
    """The sentence that stands above the field."""
    name = NAMES.get(field, "This")
    if kind in ("missing", "string_too_short", "literal_error", "enum"):
        return PROMPTS.get(field, BROKEN)
    if kind == "string_too_long":
        return f"{name} may have at most {limits['max_length']:,} characters."
    if kind in ("controls", "string_unicode"):
        return f"{name} contains characters that cannot be shown. Please type it again."
    if kind == "mail_address":
        return "Write the mail address like name@example.com."
    if kind == "not_empty":
        return "Leave this field empty."
    if kind.startswith("datetime"):
        return "Give the date and the hour like 2026-11-24 09:00."
    return PROMPTS.get(field, BROKEN)
