"""What may be wrong with a person of the desk as somebody wrote them: where, and why."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain import sight
from chalicelib.domain.calendar_checks import zone_wrong
from chalicelib.domain.errors import FieldError
from chalicelib.domain.naming import name_wrong, unknown_fields
from chalicelib.domain.people import EMAIL
from chalicelib.domain.routing import skills_wrong
from chalicelib.domain.vocabulary import STAFF, TIERS, Role

LANGUAGE = re.compile(r"[a-z]{2,3}")
MOST_CAPACITY, MOST_LANGUAGES = 500, 20
FIELDS = (
    "name", "email", "role", "tiers", "team", "skills", "languages", "branch", "shift",
    "time_zone", "locale", "capacity", "sees",
)  # fmt: skip
OWN_FIELDS = ("name", "languages", "time_zone", "locale")


@dataclass(frozen=True)
class Known:
    """The ids that a person may name."""

    teams: Collection[str]
    branches: Collection[str]
    shifts: Collection[str]


def check(data: Any, known: Known) -> list[FieldError]:
    """What is wrong, field by field; nothing when the person can be stored."""
    if not isinstance(data, dict):
        return [FieldError("", "Give a person as an object.")]
    return [
        *unknown_fields(data, FIELDS),
        *name_wrong(data.get("name")),
        *_email_wrong(data.get("email")),
        *_role_wrong(data.get("role"), data.get("tiers", [])),
        *_named_wrong(data, known),
        *skills_wrong("/skills", data.get("skills", {})),
        *_languages_wrong(data.get("languages", [])),
        *_time_zone_wrong(data.get("time_zone")),
        *_capacity_wrong(data.get("capacity", 0)),
        *sight.check(data.get("sees", {}), known.teams, known.branches),
    ]


def check_own(data: dict[str, Any]) -> list[FieldError]:
    """What is wrong with what somebody says of themselves."""
    return [
        *unknown_fields(data, OWN_FIELDS),
        *name_wrong(data.get("name")),
        *_languages_wrong(data.get("languages", [])),
        *_time_zone_wrong(data.get("time_zone")),
    ]


def cycle_wrong(person: str, substitutes: dict[str, str | None]) -> Iterator[FieldError]:
    """A fault if somebody would stand in for themselves, by however many others."""
    seen, current = [person], substitutes.get(person)
    while current and current not in seen:
        seen.append(current)
        current = substitutes.get(current)
    if current == person:
        yield FieldError("/substitute", "They would stand in for each other in a circle.")


def _email_wrong(email: Any) -> Iterator[FieldError]:
    if not isinstance(email, str) or len(email) > 254 or not re.match(EMAIL, email.strip()):
        yield FieldError("/email", "Give a mail address, as ana@example.com.")


def _role_wrong(role: Any, tiers: Any) -> Iterator[FieldError]:
    if role not in list(STAFF):
        yield FieldError("/role", f"Choose of {', '.join(sorted(STAFF))}.")
    whole = isinstance(tiers, list) and not any(isinstance(one, bool) for one in tiers)
    if not whole or any(one not in TIERS for one in tiers):
        yield FieldError("/tiers", f"List some of {', '.join(map(str, TIERS))}.")
    elif len(set(tiers)) < len(tiers):
        yield FieldError("/tiers", "Name each tier once.")
    elif role == Role.AGENT and not tiers:
        yield FieldError("/tiers", "An agent works in at least one tier.")


def _named_wrong(data: dict[str, Any], known: Known) -> Iterator[FieldError]:
    for field, ids in (("team", known.teams), ("branch", known.branches), ("shift", known.shifts)):
        given = data.get(field)
        if given is not None and given not in ids:
            what = "calendar for their shift" if field == "shift" else field
            yield FieldError(f"/{field}", f"There is no such {what}.")


def _languages_wrong(given: Any) -> Iterator[FieldError]:
    if not isinstance(given, list) or len(given) > MOST_LANGUAGES:
        yield FieldError("/languages", f"Give a list of up to {MOST_LANGUAGES} languages.")
        return
    for place, one in enumerate(given):
        if not LANGUAGE.fullmatch(str(one)):
            yield FieldError(f"/languages/{place}", "Give a code of ISO 639, as pt.")


def _time_zone_wrong(zone: Any) -> Iterator[FieldError]:
    return (replace(one, pointer="/time_zone") for one in zone_wrong(zone))


def _capacity_wrong(capacity: Any) -> Iterator[FieldError]:
    whole = isinstance(capacity, int) and not isinstance(capacity, bool)
    if not whole or not 0 <= capacity <= MOST_CAPACITY:
        yield FieldError("/capacity", f"Give a whole number from 0 to {MOST_CAPACITY}.")
