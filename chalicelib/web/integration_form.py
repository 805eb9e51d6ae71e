"""The editor of an integration: its fields, how an integration fills them, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from pydantic import create_model

from chalicelib.domain.errors import FieldError
from chalicelib.domain.integrations import SPANS, Integration, OnResolve
from chalicelib.web import mapping_form
from chalicelib.web.refusals import FORM, parts_of, placed
from chalicelib.web.settings_forms import (
    TICKED,
    DraftForm,
    Id,
    Lines,
    Tick,
    Words,
    lines_of,
    listed,
    whole,
)
from chalicelib.web.spans import LIKE, seconds_of, span_text

COUNTS = ("flap_changes", "storm_size", "incidents_per_minute")
TIMES = tuple(name for name in SPANS if name not in COUNTS)
HEADERS = ("signature_header", "timestamp_header")
BY_ADDRESS, SIGNED = ("requires",), ("requires", *HEADERS)
OPTIONS_OF = {
    "grafana": SIGNED,
    "generic": (*SIGNED, "mapping"),
    "sns": ("topics",),
    **dict.fromkeys(("opsgenie", "pagerduty", "sentry", "standard-webhooks"), ()),
}
LABELS = {
    "id": "Id",
    "name": "Name",
    "enabled": "Switched on",
    "on_resolve": "When a problem is over",
    "quiet_for": "Quiet for",
    "reopen_within": "Opened again within",
    "flap_changes": "Flapping from",
    "flap_within": "Changes within",
    "storm_by": "Storms of",
    "storm_size": "Storm from",
    "storm_within": "Incidents within",
    "stale_after": "Stale after",
    "silent_after": "Silent after",
    "incidents_per_minute": "New incidents a minute",
    "requires": "Proof asked for",
    "signature_header": "Header of the signature",
    "timestamp_header": "Header of the timestamp",
    "topics": "Topics",
    "pasted_secret": "Secret made by the tool",
    "own_secret": "A secret of the desk's own",
    **mapping_form.labels(),
}


class IntegrationHead(DraftForm):
    most_fields: ClassVar[int] = 60

    do: Literal["save"] = "save"
    source: Id = ""
    enabled: Tick = None
    on_resolve: Words = ""
    storm_by: Words = ""
    requires: Words = ""
    topics: Lines = ""
    pasted_secret: Words = ""
    own_secret: Tick = None


FIELDS: dict[str, Any] = dict.fromkeys((*SPANS, *HEADERS), (Words, ""))
IntegrationForm = create_model(
    "IntegrationForm", __base__=IntegrationHead, **FIELDS, **mapping_form.BOXES
)


def options_of(source: str) -> tuple[str, ...]:
    """What can be set for a source beside what all have."""
    return OPTIONS_OF.get(source, BY_ADDRESS)


def filled(found: Integration | None, source: str = "", title: str = "") -> dict[str, str]:
    """What stands in the editor; a new one begins as the domain has it, named like its tool."""
    shown = found or Integration(source, title, source)
    options = shown.options
    return {
        "id": shown.id,
        "name": shown.name,
        "source": shown.source,
        "enabled": TICKED if shown.enabled else "",
        "on_resolve": str(shown.on_resolve),
        **{name: _span_typed(getattr(shown, name)) for name in TIMES},
        **{name: str(getattr(shown, name)) for name in COUNTS},
        "storm_by": ", ".join(shown.storm_by),
        "requires": str(options.get("requires", "")),
        **{name: str(options.get(name, "")) for name in HEADERS},
        "topics": "\n".join(options.get("topics", ())),
        **mapping_form.filled(options.get("mapping")),
    }


def data_of(form: Any, found: Integration | None) -> dict[str, Any]:
    """What the fields say, for the domain to judge. Raises Invalid for a label without a path."""
    source = found.source if found else form.source
    return {
        "id": found.id if found else form.id,
        "name": form.name,
        "source": source,
        "enabled": bool(form.enabled),
        "on_resolve": form.on_resolve or OnResolve.RESOLVE.value,
        **{name: _seconds(getattr(form, name)) for name in TIMES},
        **{name: whole(getattr(form, name)) for name in COUNTS},
        "storm_by": listed(form.storm_by),
        "options": _options(form, source, found.options if found else {}),
        **_secret(form),
    }


def fields_of(errors: Iterable[FieldError]) -> dict[str, str]:
    """Each refusal at its field."""
    return placed(errors, _field, _said)


def _options(form: Any, source: str, known: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the source as they were typed, what is empty left out; others stay as they are."""
    typed: dict[str, Any] = {
        "requires": form.requires,
        **{name: getattr(form, name) for name in HEADERS},
        "topics": lines_of(form.topics),
        "mapping": mapping_form.mapping_of(form, "/options"),
    }
    own = options_of(source)
    kept = {name: value for name, value in known.items() if name not in own}
    return {**kept, **{name: typed[name] for name in own if typed[name]}}


def _secret(form: Any) -> dict[str, Any]:
    if form.own_secret:
        return {"pasted_secret": None}
    return {"pasted_secret": form.pasted_secret} if form.pasted_secret else {}


def _span_typed(seconds: int | None) -> str:
    return "" if seconds is None else span_text(seconds)


def _seconds(text: str) -> int | str | None:
    """A span where one was typed; anything else as it is, for the domain to refuse."""
    try:
        return seconds_of(text) if text else None
    except ValueError:
        return text


def _field(parts: list[str]) -> str:
    match parts:
        case ["options", "mapping", *rest]:
            return mapping_form.place(rest)
        case ["options", name, *_] if name in LABELS:
            return name
        case [name, *_] if name in LABELS:
            return name
        case _:
            return FORM


def _said(error: FieldError) -> str:
    match parts_of(error.pointer):
        case [name] if name in TIMES:
            least, most = SPANS[name]
            return f"{LIKE} From {span_text(least)} to {span_text(most)}."
        case ["on_resolve"] | ["options", "requires"]:
            return "Choose one of these."
        case _:
            return error.detail
