"""The forms of signing in step by step, and of one's own account."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.domain.api_tokens import EVERYTHING, Scope
from chalicelib.web.desk_forms import Password
from chalicelib.web.fields import Line
from chalicelib.web.forms import Form

State = Annotated[str, StringConstraints(min_length=1, max_length=8_000)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=20)]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
# What a token may do, in the three steps that people choose from; programs choose each scope.
MAY: dict[str, tuple[Scope, ...]] = {
    "read": (Scope.READ,),
    "work": (Scope.READ, Scope.TICKETS, Scope.PROFILE),
    "all": EVERYTHING,
}


class StepForm(Form):
    state: State
    answer: Password
    next: Annotated[str, Field(max_length=400)] = ""


class PasswordForm(Form):
    password: Password


class CodeForm(Form):
    state: State
    code: Code


class RemovalForm(Form):
    password: Password
    code: Code


class TokenForm(Form):
    label: Annotated[Line, Field(max_length=100)]
    may: Literal["read", "work", "all"]
    days: Annotated[int, Field(ge=1, le=365)] = 365


class OneForm(Form):
    """Names one session or token."""

    id: Id
