"""What the pages of the desk's people show: the table, its filters, and the editor's choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.domain.assignment import Candidate
from chalicelib.domain.calendars import ALWAYS, Calendar
from chalicelib.domain.languages import name_of
from chalicelib.domain.vocabulary import STAFF, TIERS, Availability
from chalicelib.web.charts import share
from chalicelib.web.skill_lines import skills_text

Data = dict[str, Any]
NO_TEAM = "none"
PLACES = ("team", "branch", "shift")
STANDINGS = {
    Availability.AVAILABLE: ("ok", "Available"),
    Availability.BUSY: ("warn", "Busy"),
    Availability.AWAY: ("warn", "Away"),
    Availability.OUT_OF_OFFICE: ("bad", "Out of office"),
}
STATUSES = [(one.value, words) for one, (_, words) in STANDINGS.items()]
EXPLAINED = {
    Availability.AVAILABLE: "gets new tickets",
    Availability.BUSY: "at work, gets no new ones",
    Availability.AWAY: "back soon",
    Availability.OUT_OF_OFFICE: "not at work",
}
ROLES = [(role, role.capitalize()) for role in ("agent", "lead", "admin") if role in STAFF]


def names_of(
    teams: Iterable[Any], branches: Iterable[Mapping[str, Any]], calendars: Iterable[Calendar],
    people: Iterable[Any],
) -> dict[str, dict[str, str]]:  # fmt: skip
    """What people name by an id, by its name."""
    return {
        "person": {one.person_id: one.name for one in people},
        "team": {one.id: one.name for one in teams},
        "branch": {one["id"]: one["name"] for one in branches},
        "shift": {one.id: one.name for one in calendars},
    }


def row(person: Data, seen: Candidate, names: Mapping[str, Mapping[str, str]]) -> Data:
    """Somebody as the table shows them; `seen` is how they are at this moment."""
    tone, standing = STANDINGS[seen.availability]
    is_away = seen.availability is not Availability.AVAILABLE
    said = {what: person[what] if is_away else None for what in ("substitute", "note")}
    return {
        **person,
        **said,
        **{f"{what}_name": names[what].get(person[what] or "") for what in PLACES},
        "availability": seen.availability.value,
        "on_shift": seen.on_shift,
        "tone": tone,
        "standing": standing,
        "until": person["away_until"] if is_away else None,
        "stand_in": names["person"].get(said["substitute"] or ""),
        "speaks": ", ".join(map(name_of, person["languages"])),
        "can": skills_text(person["skills"]),
        "share": share(person["load"], person["capacity"]) if person["load"] else 0.0,
        "load_tone": load_tone(person["load"], person["capacity"]),
        "load_words": f"{person['load']} of {person['capacity']}",
    }


def load_tone(load: int, capacity: int) -> str:
    """Full is bad, three quarters warn."""
    if load >= capacity:
        return "bad" if load else "off"
    return "warn" if 4 * load >= 3 * capacity else "ok"


def chosen(rows: Iterable[Data], tier: str | None, team: str | None) -> list[Data]:
    """Those of a tier and of a team, `none` being that of nobody."""

    def fits(one: Data) -> bool:
        in_team = not team or (one["team"] or NO_TEAM) == team
        return in_team and (not tier or tier in map(str, one["tiers"]))

    return [one for one in rows if fits(one)]


def filters(tier: str | None, team: str | None, teams: Mapping[str, str]) -> list[list[Data]]:
    """Two rows of links: by tier, and by team where there are any."""
    tiers = [("", "Any tier"), *((str(one), f"Tier {one}") for one in TIERS)]
    groups = [("", "Any team"), *teams.items(), (NO_TEAM, "No team")]
    by_tier = [_chip(title, one == (tier or ""), one, team) for one, title in tiers]
    by_team = [_chip(title, one == (team or ""), tier, one) for one, title in groups]
    return [by_tier, by_team] if teams else [by_tier]


def offered(
    names: Mapping[str, Mapping[str, str]], zones: Sequence[str], others: Iterable[Data]
) -> Data:
    """The choices of the editor."""
    shifts = {id_: name for id_, name in names["shift"].items() if id_ != ALWAYS.id}
    return {
        "roles": ROLES,
        "tiers": list(TIERS),
        "teams": list(names["team"].items()),
        "branches": list(names["branch"].items()),
        "shifts": list(shifts.items()),
        "zones": zones,
        "statuses": [(value, f"{words}: {EXPLAINED[Availability(value)]}")
                     for value, words in STATUSES],
        "substitutes": [(one["id"], one["name"]) for one in others],
    }  # fmt: skip


def skills_in_use(people: Iterable[Data], rules: Iterable[Any]) -> list[str]:
    """So that the same skill is written the same everywhere."""
    held = {name for one in people for name in one["skills"]}
    return sorted(held.union(*(one.skills for one in rules)))


def _chip(title: str, is_current: bool, tier: str | None, team: str | None) -> Data:
    return {"title": title, "current": is_current, "tier": tier or "", "team": team or ""}
