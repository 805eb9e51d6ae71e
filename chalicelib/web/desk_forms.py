"""The forms of the console and of signing in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from chalicelib.domain.instants import FIRST_YEAR, LAST_YEAR
from chalicelib.web.fields import Line, MailAddress, Paragraphs, Remark, ShortLine, Version
from chalicelib.web.file_forms import Uploads
from chalicelib.web.forms import Form

# No rule about its characters: a password is compared, never shown.
Password = Annotated[str, StringConstraints(min_length=1, max_length=256)]


class SignInForm(Form):
    email: MailAddress
    password: Password
    next: Annotated[str, Field(max_length=400)] = ""


def near_enough(at: datetime | None) -> datetime | None:
    if at is not None and not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise PydanticCustomError("datetime_range", "lies too far away")
    return at


def given_if_awaited(until: datetime | None, info: ValidationInfo) -> datetime | None:
    near_enough(until)
    if info.data.get("reason") == "until" and until is None:
        raise PydanticCustomError("until_missing", "needs a date")
    return until


def given_if_dated(reason: str, info: ValidationInfo) -> str:
    if info.data.get("due_at") and not reason:
        raise PydanticCustomError("reason_missing", "needs a reason")
    return reason


class VersionedForm(Form):
    """Says which version of the ticket its writer has seen."""

    version: Version


class MessageForm(VersionedForm):
    kind: Literal["reply", "note", "call"]
    body: Paragraphs
    status: Literal["open", "pending", "on_hold", "resolved"] | None = None
    attachments: Uploads = ""


class AssignmentForm(VersionedForm):
    """`me`, `none`, or a person's id."""

    assignee: Line


class EscalationForm(VersionedForm):
    reason: Remark
    tried: Remark


class ReasonForm(VersionedForm):
    """Why a ticket goes back to a lower tier."""

    reason: Remark


class TellForm(ReasonForm):
    whom: Literal["lead", "manager"]


class DueDateForm(VersionedForm):
    """`due_at` is in the agent's own zone; without one the policy's deadline counts again."""

    target: Literal["first_response", "next_response", "resolution", "time_to_accept"]
    due_at: Annotated[datetime | None, AfterValidator(near_enough)] = None
    reason: Annotated[ShortLine, Field(validate_default=True), AfterValidator(given_if_dated)] = ""


class HoldForm(VersionedForm):
    """`until` is in the agent's own zone, as a date field gives it."""

    reason: Literal["requester", "third_party", "until"]
    until: Annotated[
        datetime | None, Field(validate_default=True), AfterValidator(given_if_awaited)
    ] = None


class ResolutionForm(VersionedForm):
    summary: Remark
