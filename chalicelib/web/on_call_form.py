"""The editor of an on-call rotation: its fields, and how a rotation fills them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import create_model

from chalicelib.domain.instants import from_text
from chalicelib.domain.on_call import Override, Rotation
from chalicelib.domain.on_call_checks import MOST_PEOPLE, TIERS
from chalicelib.domain.vocabulary import Priority
from chalicelib.web.settings_forms import TICKED, DraftForm, Id, Tick, Words, moved
from chalicelib.web.spans import span_text
from chalicelib.web.times import instant, zone_of

MOST_OVERRIDES, SPARE_ROWS = 20, 2  # rows of the page; what is over stays stored and unseen
PARTS = ("person", "starts", "ends")
NEW = {"tier": str(TIERS[0]), "hand_off": "09:00", "turn_days": "7", "within": "10m"}


def turn(row: int) -> str:
    """The field of a place in the order of turns."""
    return f"person{row}"


def over(row: int, part: str) -> str:
    """A field of a row of overrides."""
    return f"over{row}_{part}"


def pages(priority: str) -> str:
    return f"pages_{priority}"


class OnCallHead(DraftForm):
    """`up` and `down` only move somebody in the order of turns; nothing is stored."""

    most_fields: ClassVar[int] = 250

    do: Literal["save"] = "save"
    up: Words | None = None
    down: Words | None = None
    tier: Words = ""
    zone: Words = ""
    starts: Words = ""
    hand_off: Words = ""
    turn_days: Words = ""
    within: Words = ""


FIELDS: dict[str, Any] = {
    **{turn(row): (Id, "") for row in range(MOST_PEOPLE)},
    **{over(row, part): (Words, "") for row in range(MOST_OVERRIDES) for part in PARTS},
    **{over(row, "gone"): (Tick, None) for row in range(MOST_OVERRIDES)},
    **{pages(priority): (Tick, None) for priority in Priority},
}
OnCallForm = create_model("OnCallForm", __base__=OnCallHead, **FIELDS)


def filled(rotation: Rotation | None, zone: str, now: datetime) -> dict[str, str]:
    """What stands in the editor; a new rotation begins in the zone of its writer."""
    if rotation is None:
        return {**NEW, "zone": zone, **{pages(one): TICKED for one in ("P1", "P2")}}
    return {
        "id": rotation.id,
        "name": rotation.name,
        "tier": str(rotation.tier),
        "zone": rotation.zone,
        "starts": rotation.starts,
        "hand_off": rotation.hand_off,
        "turn_days": str(rotation.turn_days),
        "within": span_text(rotation.acknowledge_within),
        **{turn(row): one for row, one in enumerate(rotation.people)},
        **{pages(one): TICKED for one in rotation.pages_for},
        **dict(_overrides_typed(rotation, now)),
    }


def shown_overrides(rotation: Rotation, now: datetime) -> list[Override]:
    """Those that have not ended, as many as the page has rows for."""
    live = [one for one in rotation.overrides if from_text(one.ends) > now]
    return live[:MOST_OVERRIDES]


def local_text(text: str, zone: str) -> str:
    """An instant as a date field shows it, in the rotation's zone."""
    local = instant(text).astimezone(zone_of({"time_zone": zone})).replace(tzinfo=None)
    return local.isoformat(timespec="seconds" if local.second else "minutes")


def rows(typed: Mapping[str, str]) -> dict[str, list[int]]:
    """The rows to show: those that say something, and a few to fill in."""
    turns = [row for row in range(MOST_PEOPLE) if typed.get(turn(row))]
    used = overrides_used(typed)
    used_turns = max(turns, default=0) + 1
    spare = [row for row in range(MOST_OVERRIDES) if row not in used][:SPARE_ROWS]
    return {
        "turns": list(range(min(used_turns + SPARE_ROWS, MOST_PEOPLE))),
        "overrides": used,
        "free": spare,
    }


def overrides_used(typed: Mapping[str, Any]) -> list[int]:
    """The rows of overrides that say something."""
    return [
        row for row in range(MOST_OVERRIDES) if any(typed.get(over(row, part)) for part in PARTS)
    ]


def rearranged(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, with somebody a place up or down in the order of turns."""
    at = [row for row in range(MOST_PEOPLE) if typed.get(turn(row))]
    asked, by = (typed["up"], -1) if typed.get("up") else (typed.get("down", ""), 1)
    order = moved([str(row) for row in at], asked, by)
    people = {turn(row): typed[turn(int(old))] for row, old in enumerate(order)}
    rest = {name: text for name, text in typed.items() if name not in map(turn, at)}
    return {**rest, **people}


def _overrides_typed(rotation: Rotation, now: datetime) -> Iterator[tuple[str, str]]:
    for row, one in enumerate(shown_overrides(rotation, now)):
        yield over(row, "person"), one.person
        yield over(row, "starts"), local_text(one.starts, rotation.zone)
        yield over(row, "ends"), local_text(one.ends, rotation.zone)
