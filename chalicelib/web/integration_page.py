"""Integrations in words: what each does with its alerts, how it is set up, how it is doing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.domain.integrations import OnResolve
from chalicelib.web import delivery_marks, mapping_form
from chalicelib.web.integration_form import LABELS, options_of
from chalicelib.web.spans import span_text

ON_RESOLVE = (
    (OnResolve.RESOLVE.value, "Resolve the incident", "At once, as soon as the tool says so."),
    (OnResolve.QUIET.value, "Resolve it when it stays quiet",
     "Only when it has been quiet for as long as is said below."),
    (OnResolve.NOTE.value, "Say so in the incident", "Somebody looks, and resolves it."),
)  # fmt: skip
REQUIRES = {
    "": "The address; what else is sent must be right",
    "credentials": "Credentials, always",
    "signature": "A signature, always",
}
PIECES = re.compile(r"(\{url\}|\{secret\}|`[^`]*`)")
TOLD = {"{url}": "address", "{secret}": "secret"}

Data = Mapping[str, Any]


def card(found: Data, titles: Mapping[str, str]) -> dict[str, Any]:
    """One in the list."""
    return {
        "id": found["id"],
        "name": found["name"],
        "tool": titles.get(found["source"], found["source"]),
        "version": found["version"],
        "enabled": found["enabled"],
        "health": delivery_marks.health(found["health"]),
        "said": said(found),
    }


def said(found: Data) -> str:
    """What becomes of its incidents."""
    quiet = span_text(found["quiet_for"])
    ends = {
        "resolve": "Incidents are resolved when their alerts end",
        "quiet": f"Incidents are resolved when their alerts stay quiet for {quiet}",
        "note": "Incidents stay open when their alerts end",
    }[found["on_resolve"]]
    storm = f"; more than {found['storm_size']} at once become one" if found["storm_size"] else ""
    return f"{ends}{storm}."


def steps(source: Data, found: Data | None) -> list[list[dict[str, str]]]:
    """The steps that set a tool up, in pieces; the address and the secret for those who may."""
    given = {"{url}": found.get("address"), "{secret}": found.get("secret")} if found else {}
    return [list(_pieces(step, given)) for step in source["set_up"]]


def proof(source: Data) -> list[dict[str, str]]:
    """How it proves itself, in pieces."""
    return list(_pieces(source["proof"], {}))


def offered(source: str) -> dict[str, Any]:
    """The choices of the editor."""
    options = options_of(source)
    kinds = [(name, words) for name, words in REQUIRES.items() if _is_for(name, options)]
    return {
        "options": options,
        "on_resolve": ON_RESOLVE,
        "requires": kinds,
        "labels": LABELS,
        "paths": mapping_form.rows(),
    }


def titles(sources: Iterable[Data]) -> dict[str, str]:
    return {one["id"]: one["title"] for one in sources}


def source_named(sources: Sequence[Data], name: str) -> Data | None:
    return next((one for one in sources if one["id"] == name), None)


def _pieces(step: str, given: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for part in PIECES.split(step):
        if part in TOLD:
            value = given.get(part)
            what = f"the {TOLD[part]} of this integration"
            yield {"kind": "code", "text": value} if value else {"kind": "what", "text": what}
        elif part:
            is_code = part.startswith("`")
            yield from _filled(part[1:-1], given) if is_code else [{"kind": "text", "text": part}]


def _filled(code: str, given: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """What is to be copied as it stands."""
    for place, what in TOLD.items():
        code = code.replace(place, str(given.get(place) or what.upper()))
    yield {"kind": "code", "text": code}


def _is_for(name: str, options: tuple[str, ...]) -> bool:
    return name != "signature" or "signature_header" in options
