"""The form that says where in a body of any shape the parts of an alert are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import create_model

from chalicelib.domain.alert_mapping import FIELDS
from chalicelib.domain.errors import FieldError, Invalid
from chalicelib.web.refusals import FORM, placed
from chalicelib.web.settings_forms import DraftForm, Lines, Words, lines_of

LABELS, LABELS_AT = "map_labels", "/mapping/labels"
NO_PAIR = "Write a label and where it is a line, such as site = host.site."
WORDS = {
    "identity": ("Identity", "What stays the same as long as it is the same problem: check.id."),
    "title": ("Title", 'Joined by " + ": host + ": " + check.name.'),
    "text": ("Text", ""),
    "severity": ("Severity", "Leads to words such as critical, warning, info."),
    "status": ("Status", "Leads to what says whether it fires or is over."),
    "resolved_when": ("Over when the status is", "Words with commas between: ok, closed."),
    "episode": ("Episode", "The tool's own name of this one occurrence."),
    "started_at": ("Began at", ""),
    "items": ("List of alerts", "Where one body holds several: alerts. Paths start at each then."),
}

BOXES: dict[str, Any] = {
    **{f"map_{name}": (Words, "") for name in FIELDS if name != "labels"},
    LABELS: (Lines, ""),
}


class MappingHead(DraftForm):
    do: Literal["map", "map_and_replay"] = "map"


MappingForm = create_model("MappingForm", __base__=MappingHead, **BOXES)


def filled(mapping: Mapping[str, Any] | None) -> dict[str, str]:
    """What stands in the fields."""
    known = mapping or {}
    pairs = (known.get("labels") or {}).items()
    typed = {f"map_{name}": str(known.get(name) or "") for name in FIELDS if name != "labels"}
    return {**typed, LABELS: "\n".join(f"{label} = {path}" for label, path in pairs)}


def mapping_of(form: Any, under: str = "") -> dict[str, Any] | None:
    """What the fields say, None where all are empty. Raises Invalid for a line without a path."""
    typed = form.model_dump()
    paths = {name: typed[f"map_{name}"] for name in FIELDS if name != "labels"}
    labels = dict(_pair(line, under) for line in lines_of(typed[LABELS]))
    given = {name: path for name, path in paths.items() if path}
    return {**given, **({"labels": labels} if labels else {})} or None


def place(parts: list[str]) -> str:
    """The field for what follows `mapping` in a pointer."""
    return f"map_{parts[0]}" if parts and parts[0] in FIELDS else FORM


def fields_of(errors: Any) -> dict[str, str]:
    """Each refusal of a mapping at its field."""
    return placed(errors, lambda parts: place(parts[1:]), lambda error: str(error.detail))


def labels() -> dict[str, str]:
    """How lists of what is wrong or differs name each field."""
    return {**{f"map_{name}": words[0] for name, words in WORDS.items()}, LABELS: "Labels"}


def rows() -> list[tuple[str, str, str]]:
    """`(field, title, hint)` of the paths."""
    return [(f"map_{name}", *words) for name, words in WORDS.items()]


def _pair(line: str, under: str) -> tuple[str, str]:
    label, equals, path = (part.strip() for part in line.partition("="))
    if not (label and equals and path):
        raise Invalid(FieldError(f"{under}{LABELS_AT}", NO_PAIR))
    return label, path
