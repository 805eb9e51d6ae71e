"""The editor of one of the desk's people: its fields, what fills them, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from chalicelib.domain import sight
from chalicelib.domain.errors import FieldError
from chalicelib.domain.vocabulary import TIERS, Role
from chalicelib.web.desk_forms import near_enough
from chalicelib.web.fields import Tidy, without_controls
from chalicelib.web.forms import Form
from chalicelib.web.refusals import FORM, parts_of, placed
from chalicelib.web.settings_forms import TICKED, DraftForm, Id, Lines, Tick, Words, listed, whole
from chalicelib.web.skill_lines import refused, skill_lines, skills_of

PLACES = ("team", "branch", "shift")
ROOM = "8"  # the capacity that a new person begins with
PLAIN = ("name", "email", "role", "tiers", "team", "branch", "shift", "capacity", "substitute",
         "until")  # fmt: skip
LABELS = {
    "name": "Name",
    "email": "Mail address",
    "role": "Role",
    "tiers": "Tiers",
    **{f"tier{tier}": f"Tier {tier}" for tier in TIERS},
    "team": "Team",
    "capacity": "Capacity",
    "skills": "Skills",
    "languages": "Languages",
    "branch": "Branch",
    "shift": "Shift",
    "zone": "Time zone",
    "sees_teams": "Teams seen",
    "sees_branches": "Branches seen",
    "sees_organisations": "Organisations seen",
    "status": "Availability",
    "until": "Until",
    "substitute": "Substitute",
    "note": "Note",
}

Note = Annotated[str, Field(max_length=500), AfterValidator(without_controls), Tidy]


class MemberForm(DraftForm):
    """`zone` is not called time_zone, which scripts fill with that of the browser."""

    do: Literal["save"] = "save"
    email: Words = ""
    role: Words = ""
    tier1: Tick = None
    tier2: Tick = None
    tier3: Tick = None
    team: Id = ""
    capacity: Words = ""
    skills: Lines = ""
    languages: Words = ""
    branch: Id = ""
    shift: Id = ""
    zone: Words = ""
    sees_teams: Words = ""
    sees_branches: Words = ""
    sees_organisations: Words = ""


class AvailabilityForm(Form):
    """`until` is in the writer's own zone, as a date field gives it."""

    do: Literal["availability"]
    status: Literal["available", "busy", "away", "out_of_office"]
    until: Annotated[datetime | None, AfterValidator(near_enough)] = None
    substitute: Id | None = None
    note: Note = ""


def filled(person: Mapping[str, Any] | None, zone: str) -> dict[str, str]:
    """What stands in the editor; somebody new begins as an agent of the front line."""
    if person is None:
        return {"role": Role.AGENT.value, "tier1": TICKED, "capacity": ROOM, "zone": zone}
    return {
        **{name: person[name] or "" for name in ("name", "email", "role", *PLACES)},
        **{f"tier{tier}": TICKED for tier in person["tiers"]},
        "capacity": str(person["capacity"]),
        "skills": skill_lines(person["skills"]),
        "languages": ", ".join(person["languages"]),
        "zone": person["time_zone"],
        **{f"sees_{name}": ", ".join(ids) for name, ids in person["sees"].items()},
    }


def data_of(form: MemberForm, person: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the fields say, for the domain to judge; what they leave out stays as it was.

    Raises Invalid for a skill that is there twice.
    """
    known = person or {}
    return {
        "name": form.name,
        "email": known.get("email") or form.email,
        "role": form.role,
        "tiers": [tier for tier in TIERS if getattr(form, f"tier{tier}")],
        **{name: getattr(form, name) or None for name in PLACES},
        "capacity": whole(form.capacity),
        "skills": skills_of(form.skills),
        "languages": languages_of(form.languages),
        "time_zone": form.zone,
        "sees": sees_of(form),
        "locale": known.get("locale") or "en",
    }


def sees_of(form: MemberForm) -> dict[str, list[str]]:
    """The limits of their sight, as far as there are some."""
    typed = {name: listed(getattr(form, f"sees_{name}").casefold()) for name in sight.NAMES}
    return {name: list(dict.fromkeys(ids)) for name, ids in typed.items() if ids}


def languages_of(text: str) -> list[str]:
    return list(dict.fromkeys(code.casefold() for code in listed(text)))


def fields_of(errors: Iterable[FieldError], asked: Any = None) -> dict[str, str]:
    """Each refusal at its field."""
    codes = languages_of(asked.languages) if isinstance(asked, MemberForm) else []
    return placed(errors, _field, lambda error: _said(error, codes))


def _field(parts: list[str]) -> str:
    match parts:
        case [("skills" | "languages") as name, *_]:
            return name
        case ["sees", name, *_] if name in sight.NAMES:
            return f"sees_{name}"
        case ["zone" | "time_zone"]:
            return "zone"
        case [name] if name in PLAIN:
            return name
        case _:
            return FORM


def _said(error: FieldError, codes: list[str]) -> str:
    match parts_of(error.pointer):
        case ["skills", name]:
            return refused(name, error.detail)
        case ["languages", place]:
            return f"“{codes[int(place)]}” is no code of two or three letters, such as pt."
        case ["role"]:
            return "Choose agent, lead or admin."
        case _:
            return error.detail
