"""The forms of people who need help."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from chalicelib.web.fields import Key, Line, MailAddress, Paragraphs, ShortLine, Version
from chalicelib.web.file_forms import UploadKey, Uploads
from chalicelib.web.forms import Form
from chalicelib.web.times import zone_of

Stops = Literal["stopped", "slow", "question"]
# Impact and urgency, in the desk's words.
WEIGHT_OF = {"stopped": "high", "slow": "medium", "question": "low"}


def stays_empty(text: str) -> str:
    if text:
        raise PydanticCustomError("not_empty", "must stay empty")
    return text


def known_zone(name: object) -> str | None:
    """A zone we know, as the browser told it; anything else is as if it had said nothing."""
    return name if isinstance(name, str) and zone_of({"time_zone": name}) else None


TimeZone = Annotated[str | None, BeforeValidator(known_zone)]


class RequestForm(Form):
    """A new request. Only programs fill in `fax_number`, which people do not see."""

    idempotency_key: Key
    subject: Line
    stops: Stops
    description: Paragraphs
    email: MailAddress
    name: ShortLine | None = None
    branch: ShortLine | None = None
    time_zone: TimeZone = None
    fax_number: Annotated[str, AfterValidator(stays_empty)] = ""
    proof: Annotated[str, Field(max_length=2_000)] = ""
    upload_key: UploadKey | None = None
    attachments: Uploads = ""


class LinkForm(Form):
    """Where to send the link to all of somebody's requests."""

    email: MailAddress


class ReplyForm(Form):
    version: Version
    body: Paragraphs
    attachments: Uploads = ""


class StepForm(Form):
    """A button of the requester: it is solved, or open it again."""

    version: Version
