"""The forms by which tickets change hands, and by which people say whether they take some."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from chalicelib.domain.identifiers import is_ticket_id
from chalicelib.web import forms
from chalicelib.web.desk_forms import VersionedForm, near_enough
from chalicelib.web.fields import Line, Tidy, paragraphs
from chalicelib.web.forms import Form, Submission

Note = Annotated[str, Field(max_length=2_000), AfterValidator(paragraphs), Tidy]
PICK = "pick-"  # the boxes of a list: one field for each ticket


class TransferForm(VersionedForm):
    """`to` is `me`, `person:` with an id, `team:` with an id or `tier:` with a number."""

    to: Line
    note: Note = ""


class TransfersForm(Form):
    """The same for many, and the list in which they were chosen."""

    most_fields: ClassVar[int] = 120

    to: Line
    note: Note = ""
    view: Annotated[str, Field(max_length=40)] = ""
    priority: Annotated[str, Field(max_length=10)] = ""
    cursor: Annotated[str, Field(max_length=600)] = ""


class AvailabilityForm(Form):
    """`until` is in one's own zone; without one it lasts until one says otherwise."""

    availability: Literal["available", "busy", "away", "out_of_office"]
    until: Annotated[datetime | None, AfterValidator(near_enough)] = None
    substitute: Line | None = None
    note: Note = ""


class QuickForm(Form):
    """One press in the side bar; `back` is the page from which it came."""

    quick: Literal["available", "busy", "away_15", "away_30"]
    back: Annotated[str, Field(max_length=1_000)] = ""


class TakeForm(Form):
    """The one button behind a page's link."""

    key: Annotated[str, Field(max_length=600)]


@dataclass(frozen=True)
class Chosen:
    """Which tickets were ticked, and the rest of the form."""

    tickets: list[str]
    sent: Submission[TransfersForm]


def chosen(body: bytes) -> Chosen:
    """Never raises, as `forms.read`; a box with no ticket's number is none of ours."""
    try:
        typed = forms.decoded(body, TransfersForm.most_fields)
    except forms.Unreadable:
        return Chosen([], Submission({}, errors={"form": forms.BROKEN}))
    ticked = (name.removeprefix(PICK) for name in typed if name.startswith(PICK))
    rest = {name: text for name, text in typed.items() if not name.startswith(PICK)}
    return Chosen([one for one in ticked if is_ticket_id(one)], forms.check(rest, TransfersForm))
