"""What may be wrong with an on-call rotation that somebody wrote: where, and why."""

import re
from collections.abc import Collection, Iterator
from dataclasses import fields
from datetime import date
from itertools import pairwise
from typing import Any

from chalicelib.domain.calendar_checks import zone_wrong
from chalicelib.domain.errors import FieldError
from chalicelib.domain.instants import FIRST_YEAR, LAST_YEAR, from_text, plausible
from chalicelib.domain.naming import names_wrong
from chalicelib.domain.on_call import Rotation
from chalicelib.domain.vocabulary import Priority

TIERS = (2, 3)
CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
MOST_PEOPLE, MOST_OVERRIDES, MOST_DAYS = 50, 200, 90
SHORTEST, LONGEST = 60, 24 * 3600  # seconds to acknowledge


def check(data: Any, people: Collection[str], channels: Collection[str]) -> list[FieldError]:
    """What is wrong, field by field; `people` are the ids of those who could be called."""
    if not isinstance(data, dict):
        return [FieldError("", "Give a rotation as an object.")]
    return [
        *names_wrong(data, {one.name for one in fields(Rotation)}),
        *zone_wrong(data.get("zone")),
        *_people_wrong(data.get("people"), people),
        *_turns_wrong(data),
        *_overrides_wrong(data.get("overrides", []), people),
        *_pages_wrong(data, channels),
    ]


def _people_wrong(given: Any, people: Collection[str]) -> Iterator[FieldError]:
    if not isinstance(given, list | tuple) or not 1 <= len(given) <= MOST_PEOPLE:
        yield FieldError("/people", f"Name 1 to {MOST_PEOPLE} people, in the order of their turns.")
        return
    for place, one in enumerate(given):
        if not isinstance(one, str) or one not in people:
            yield FieldError(f"/people/{place}", "There is no such agent.")
        elif one in given[:place]:
            yield FieldError(f"/people/{place}", "This person is named twice.")


def _turns_wrong(data: dict[str, Any]) -> Iterator[FieldError]:
    if data.get("tier") not in TIERS:
        yield FieldError("/tier", "On-call is for tier 2 or 3.")
    if not _is_date(data.get("starts")):
        yield FieldError("/starts", "Give the date of the first hand-off, as 2026-11-23.")
    if not CLOCK_TIME.fullmatch(str(data.get("hand_off", "09:00"))):
        yield FieldError("/hand_off", "Give a time of day, as 09:00.")
    days = data.get("turn_days", 7)
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= MOST_DAYS:
        yield FieldError("/turn_days", f"Give whole days from 1 to {MOST_DAYS}.")


def _overrides_wrong(given: Any, people: Collection[str]) -> Iterator[FieldError]:
    if not isinstance(given, list | tuple) or len(given) > MOST_OVERRIDES:
        yield FieldError("/overrides", f"Give a list of up to {MOST_OVERRIDES} overrides.")
        return
    wrong = [fault for place, one in enumerate(given) for fault in _one_wrong(place, one, people)]
    yield from wrong or _overlaps(given)


def _one_wrong(place: int, one: Any, people: Collection[str]) -> Iterator[FieldError]:
    at = f"/overrides/{place}"
    if not isinstance(one, dict) or set(one) != {"person", "starts", "ends"}:
        yield FieldError(at, "Give a person, when it starts and when it ends.")
        return
    if not isinstance(one["person"], str) or one["person"] not in people:
        yield FieldError(f"{at}/person", "There is no such agent.")
    faulty = [name for name in ("starts", "ends") if not _is_instant(one[name])]
    for name in faulty:
        yield FieldError(f"{at}/{name}", "Give an instant with its offset, ending in Z or +01:00.")
    if not faulty and from_text(one["ends"]) <= from_text(one["starts"]):
        yield FieldError(f"{at}/ends", "It must end after it starts.")


def _overlaps(given: Any) -> Iterator[FieldError]:
    """Two people called at the same time would each trust in the other."""
    order = sorted(range(len(given)), key=lambda place: from_text(given[place]["starts"]))
    for before, after in pairwise(order):
        if from_text(given[after]["starts"]) < from_text(given[before]["ends"]):
            yield FieldError(f"/overrides/{after}", f"It overlaps with override {before + 1}.")


def _pages_wrong(data: dict[str, Any], channels: Collection[str]) -> Iterator[FieldError]:
    pages_for = data.get("pages_for", [])
    if not isinstance(pages_for, list | tuple) or not set(map(str, pages_for)) <= set(Priority):
        yield FieldError("/pages_for", f"List some of {', '.join(Priority)}.")
    within = data.get("acknowledge_within", SHORTEST)
    if isinstance(within, bool) or not isinstance(within, int) or not SHORTEST <= within <= LONGEST:
        yield FieldError("/acknowledge_within", f"Give seconds from {SHORTEST} to {LONGEST}.")
    given = data.get("channels", ["mail"])
    if not isinstance(given, list | tuple) or not given or not set(map(str, given)) <= {*channels}:
        yield FieldError("/channels", f"Choose of {', '.join(channels)}.")


def _is_date(text: Any) -> bool:
    try:
        given = date.fromisoformat(str(text))
        return isinstance(text, str) and FIRST_YEAR <= given.year <= LAST_YEAR
    except ValueError:
        return False


def _is_instant(text: Any) -> bool:
    try:
        return isinstance(text, str) and bool(plausible(from_text(text)))
    except ValueError:
        return False
