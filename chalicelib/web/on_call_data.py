"""What the editor of a rotation says, for the domain to judge, and its refusals at their fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.errors import FieldError
from chalicelib.domain.instants import from_text, to_text
from chalicelib.domain.on_call import Override, Rotation
from chalicelib.domain.on_call_checks import MOST_PEOPLE
from chalicelib.domain.vocabulary import Priority
from chalicelib.web import on_call_form as f
from chalicelib.web.policy_form import span_of
from chalicelib.web.refusals import FORM, parts_of, placed
from chalicelib.web.settings_forms import whole
from chalicelib.web.spans import MINUTE
from chalicelib.web.times import zone_of

Data = dict[str, Any]

KEPT_FOR = timedelta(days=90)  # overrides that have ended; each version keeps its own for ever
PLAIN = ("id", "name", "tier", "zone", "starts", "hand_off", "turn_days")
WHEN = "Give the date and the hour like 2026-11-24 09:00."
WITHIN = "Write it like 10m or 1h; from 1 minute to 24 hours."


def data_of(form: Any, stored: Rotation | None, now: datetime) -> Data:
    """Of the fields, and of what is stored the overrides that the page does not show."""
    typed = form.model_dump()
    return {
        "id": form.id,
        "name": form.name,
        "tier": whole(form.tier),
        "zone": form.zone,
        "people": [typed[f.turn(row)] for row in turns_of(typed)],
        "starts": form.starts,
        "hand_off": form.hand_off,
        "turn_days": whole(form.turn_days),
        "overrides": [*_unseen(stored, now), *_overrides(typed, stored, now)],
        "pages_for": [one.value for one in Priority if typed[f.pages(one)]],
        "acknowledge_within": seconds_within(form.within),
        **({"channels": list(stored.channels)} if stored else {}),
    }


def turns_of(typed: Mapping[str, Any]) -> list[int]:
    return [row for row in range(MOST_PEOPLE) if typed[f.turn(row)]]


def overrides_kept(typed: Mapping[str, Any]) -> list[int]:
    """The rows of overrides that nobody asked to remove."""
    return [row for row in f.overrides_used(typed) if not typed[f.over(row, "gone")]]


def seconds_within(text: str) -> int | str:
    """A span, or a bare number of minutes."""
    minutes = whole(text)
    return minutes * MINUTE if isinstance(minutes, int) else span_of(text)


def instant_text(text: str, zone: str) -> str:
    """The instant of a wall clock; what is none stays as it was typed, for the domain to refuse.

    In a zone that does not exist, which is refused by itself, the clock is taken for UTC.
    """
    try:
        local = datetime.fromisoformat(text)
        where = zone_of({"time_zone": zone}) or UTC
        return to_text(local if local.tzinfo else local.replace(tzinfo=where))
    except (ValueError, OverflowError):
        return text


def fields_of(
    errors: Iterable[FieldError], asked: Any, stored: Rotation | None, now: datetime
) -> dict[str, str]:
    """Each refusal at its field."""
    typed = asked.model_dump()
    turns, kept = turns_of(typed), overrides_kept(typed)
    hidden = len(_unseen(stored, now))

    def place(parts: list[str]) -> str:
        match parts:
            case ["people"]:
                return f.turn(0)
            case ["people", number]:
                return f.turn(turns[int(number)])
            case ["overrides", number, *rest] if int(number) >= hidden:
                return f.over(kept[int(number) - hidden], rest[0] if rest else "starts")
            case ["acknowledge_within"]:
                return "within"
            case [name] if name in (*PLAIN, "pages_for"):
                return name
            case _:
                return FORM

    return placed(errors, place, _said)


def labels() -> Mapping[str, str]:
    """How lists of what is wrong or differs name each field."""
    return dict(_labels())


def _labels() -> Iterator[tuple[str, str]]:
    yield from (("id", "Id"), ("name", "Name"), ("tier", "Tier"), ("zone", "Time zone"))
    yield from ((f.turn(row), f"Turn {row + 1}") for row in range(MOST_PEOPLE))
    yield from (("starts", "First hand-off"), ("hand_off", "Hand-off at"))
    yield from (("turn_days", "Days a turn"), ("within", "Time to acknowledge"))
    yield "pages_for", "Priorities"
    yield from ((f.pages(one), f"Calls for {one.value}") for one in Priority)
    for row in range(f.MOST_OVERRIDES):
        parts = zip(f.PARTS, ("who", "from", "to"), strict=True)
        yield from ((f.over(row, part), f"Override {row + 1}, {said}") for part, said in parts)


def _unseen(stored: Rotation | None, now: datetime) -> list[Data]:
    """Overrides that the page has no row for: those that ended lately, and too many others."""
    if stored is None:
        return []
    seen = f.shown_overrides(stored, now)
    rest = [one for one in stored.overrides if one not in seen]
    return [one for one in map(_data, rest) if from_text(one["ends"]) > now - KEPT_FOR]


def _overrides(typed: Data, stored: Rotation | None, now: datetime) -> list[Data]:
    known = _known(stored, typed["zone"], now)
    return [
        {part: _part(typed[f.over(row, part)], part, typed["zone"], known) for part in f.PARTS}
        for row in overrides_kept(typed)
    ]


def _part(text: str, part: str, zone: str, known: Mapping[str, str]) -> str:
    return text if part == "person" else known.get(text) or instant_text(text, zone)


def _known(stored: Rotation | None, zone: str, now: datetime) -> dict[str, str]:
    """The instants of what is shown: of an hour that comes twice, the one that is stored."""
    if stored is None or stored.zone != zone:
        return {}
    instants = [at for one in f.shown_overrides(stored, now) for at in (one.starts, one.ends)]
    return {f.local_text(at, zone): at for at in instants}


def _data(one: Override) -> Data:
    return {"person": one.person, "starts": one.starts, "ends": one.ends}


def _said(error: FieldError) -> str:
    match parts_of(error.pointer):
        case ["people"]:
            return "Choose at least one person."
        case ["overrides", _]:
            return "It overlaps with another one: one person is called at a time."
        case ["overrides", _, "person"]:
            return "Choose who is called."
        case ["overrides", _, _] if "offset" in error.detail:
            return WHEN
        case ["acknowledge_within"]:
            return WITHIN
        case _:
            return error.detail
