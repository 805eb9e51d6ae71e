"""Forms: from the urlencoded body a browser sends to a checked model, or to plain error words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, ValidationError

from chalicelib.web.fields import BROKEN, presentable, words_for

MOST_BYTES = 256 * 1024
MOST_FIELDS = 40
HIDDEN = frozenset({"csrf"})  # read by the handler's decorator before a form is looked at

Model = TypeVar("Model", bound="Form")


class Form(BaseModel):
    """A form's fields; a field that the form does not have is refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)
    most_fields: ClassVar[int] = MOST_FIELDS


@dataclass(frozen=True)
class Submission(Generic[Model]):
    """What was typed, and either the checked value or what is wrong with each field."""

    typed: Mapping[str, str]
    value: Model | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    def shown(self, name: str = "", **errors: str) -> dict[str, Any]:
        """For the template; the handler may add what the service found wrong."""
        return {"name": name, "typed": self.typed, "errors": {**self.errors, **errors}}


class Unreadable(ValueError):
    """The body is no form of ours."""


EMPTY: dict[str, Any] = {"name": "", "typed": {}, "errors": {}}


def read(body: bytes | str | None, model: type[Model]) -> Submission[Model]:
    """Decode and check a body. Never raises: whatever came, there is a page to answer with."""
    try:
        typed = decoded(body or b"", model.most_fields)
    except Unreadable:
        return Submission({}, errors={"form": BROKEN})
    return check(typed, model)


def check(typed: Mapping[str, str], model: type[Model]) -> Submission[Model]:
    """Check the fields of a body; what was left empty is as if it had not been sent."""
    filled = {name: text for name, text in typed.items() if text.strip()}
    shown = {name: presentable(text) for name, text in typed.items()}
    try:
        return Submission(shown, model.model_validate_strings(filled))
    except ValidationError as error:
        return Submission(shown, errors=in_words(error, model))


def decoded(body: bytes | str, most_fields: int = MOST_FIELDS) -> dict[str, str]:
    """The fields by name; bytes that are no UTF-8 become lone surrogates, which no field takes.

    Raises Unreadable on too much, or on a field sent twice.
    """
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    if len(raw) > MOST_BYTES:
        raise Unreadable("too large")
    pairs = pairs_of(raw.decode("utf-8", "surrogateescape"), most_fields)
    fields = {name: text for name, text in pairs if name not in HIDDEN}
    if len(fields) < len([name for name, _ in pairs if name not in HIDDEN]):
        raise Unreadable("a field came twice")
    return fields


def pairs_of(text: str, most_fields: int) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            text, keep_blank_values=True, errors="surrogateescape", max_num_fields=most_fields
        )
    except ValueError as error:
        raise Unreadable("too many fields") from error


def in_words(error: ValidationError, model: type[Form]) -> dict[str, str]:
    """One sentence a field, in the order of the form; what has no field goes under `form`."""
    found = {problem_field(problem, model): said(problem) for problem in reversed(error.errors())}
    order = [*model.model_fields, "form"]
    return dict(sorted(found.items(), key=lambda pair: order.index(pair[0])))


def problem_field(problem: Any, model: type[Form]) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else "form"
    return name if name in model.model_fields and name not in UNSHOWN else "form"


def said(problem: Any) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else "form"
    if problem["type"] == "extra_forbidden" or name in UNSHOWN:
        return BROKEN
    return words_for(name, problem["type"], problem.get("ctx", {}))


UNSHOWN = frozenset({
    "idempotency_key", "version", "next", "kind", "status", "do", "quick", "back", "key", "view",
    "upload_key", "cursor", "state", "proof",
})  # fmt: skip
