"""What may be wrong with a policy that somebody wrote: each fault with its field and reason."""

import json
from collections.abc import Collection, Iterator
from dataclasses import fields
from typing import Any

from chalicelib.domain.conditions import conditions_wrong, pointer
from chalicelib.domain.errors import FieldError
from chalicelib.domain.naming import names_wrong
from chalicelib.domain.policies import (
    ACTIONS,
    ANY_HOURS,
    BREACHED,
    CONDITIONS,
    FACTS,
    OF_BRANCH,
    STANDARD,
    WORKING,
    Policy,
    Rung,
)
from chalicelib.domain.vocabulary import (
    TARGETS,
    TIERS,
    Priority,
    Target,
)

SHORTEST, LONGEST = 60, 10 * 365 * 24 * 3600  # seconds
MOST_BYTES = 30_000
MOST_WARNINGS, MOST_RUNGS = 10, 20


def check(data: Any, calendars: Collection[str]) -> list[FieldError]:
    """What is wrong, field by field; nothing when the policy can be used."""
    if not isinstance(data, dict):
        return [FieldError("", "Give a policy as an object.")]
    if len(json.dumps(data, default=str)) > MOST_BYTES:
        return [FieldError("", "This is more than a policy can hold; shorten its lists of words.")]
    return [
        *names_wrong(data, {one.name for one in fields(Policy)}),
        *conditions_wrong(data.get("conditions", {}), FACTS),
        *_calendar_wrong(data.get("calendar"), calendars),
        *_targets_wrong(data.get("targets")),
        *_warnings_wrong(data.get("warnings", [])),
        *_ladder_wrong(data.get("ladder", [])),
        *_rest_wrong(data),
        *_standard_wrong(data),
    ]


def _calendar_wrong(calendar: Any, calendars: Collection[str]) -> Iterator[FieldError]:
    choices = [*calendars, OF_BRANCH]
    if calendar not in choices:
        detail = f"Choose one of {', '.join(choices)}; {OF_BRANCH} is that of the ticket's branch."
        yield FieldError("/calendar", detail)


def _targets_wrong(targets: Any) -> Iterator[FieldError]:
    rows = targets if isinstance(targets, dict) else {}
    for name in rows:
        if name not in set(Priority):
            yield FieldError(pointer("/targets", name), "There is no such priority.")
    for priority in Priority:
        row = rows.get(priority)
        if isinstance(row, dict) and list(_promises(row)):
            yield from _row_wrong(f"/targets/{priority}", row)
        else:
            yield FieldError(f"/targets/{priority}", "Give at least one target, in seconds.")


def _promises(row: dict[str, Any]) -> Iterator[Any]:
    """The targets of a row that are given; a time to accept may be given by tier."""
    for value in row.values():
        by_tier = list(value.values()) if isinstance(value, dict) else [value]
        yield from (one for one in by_tier if one is not None)


def _row_wrong(at: str, row: dict[str, Any]) -> Iterator[FieldError]:
    for name, value in row.items():
        where = pointer(at, name)
        if name not in set(TARGETS):
            yield FieldError(where, f"The targets are {', '.join(TARGETS)}.")
        elif name == Target.TIME_TO_ACCEPT and isinstance(value, dict):
            yield from _tiers_wrong(where, value)
        elif value is not None:
            yield from _span_wrong(where, value, SHORTEST)


def _tiers_wrong(at: str, by_tier: dict[str, Any]) -> Iterator[FieldError]:
    for tier, value in by_tier.items():
        if tier not in map(str, TIERS):
            yield FieldError(pointer(at, tier), "There is no such tier.")
        elif value is not None:
            yield from _span_wrong(pointer(at, tier), value, SHORTEST)


def _span_wrong(at: str, value: Any, shortest: int) -> Iterator[FieldError]:
    if not _is_whole(value) or not shortest <= value <= LONGEST:
        yield FieldError(at, f"Give whole seconds from {shortest} to {LONGEST} (ten years).")


def _warnings_wrong(warnings: Any) -> Iterator[FieldError]:
    if not isinstance(warnings, list | tuple) or len(warnings) > MOST_WARNINGS:
        yield FieldError("/warnings", f"Give a list of up to {MOST_WARNINGS} percentages.")
        return
    for place, value in enumerate(warnings):
        if not _is_whole(value) or not 1 <= value <= 99:
            yield FieldError(f"/warnings/{place}", "Give a whole percentage from 1 to 99.")
        elif value in warnings[:place]:
            yield FieldError(f"/warnings/{place}", "This percentage is there already.")


def _ladder_wrong(ladder: Any) -> Iterator[FieldError]:
    if not isinstance(ladder, list | tuple) or len(ladder) > MOST_RUNGS:
        yield FieldError("/ladder", f"Give a list of up to {MOST_RUNGS} rungs.")
        return
    before: dict[str, int] = {}
    for place, rung in enumerate(ladder):
        at = f"/ladder/{place}"
        yield from list(_rung_wrong(at, rung)) or _out_of_order(at, rung, before)


def _rung_wrong(at: str, rung: Any) -> Iterator[FieldError]:
    known = {field.name for field in fields(Rung)}
    if not isinstance(rung, dict):
        yield FieldError(at, "Give a rung as an object with `after` and `action`.")
        return
    for name in rung:
        if name not in known:
            yield FieldError(pointer(at, name), "There is no such field.")
    when = rung.get("when", BREACHED)
    shortest = 0 if when == BREACHED else SHORTEST
    yield from _span_wrong(f"{at}/after", rung.get("after"), shortest)
    yield from _choice_wrong(f"{at}/action", rung.get("action"), ACTIONS)
    yield from _choice_wrong(f"{at}/when", when, CONDITIONS)
    yield from _choice_wrong(f"{at}/hours", rung.get("hours", WORKING), (WORKING, ANY_HOURS))
    targets = rung.get("targets", TARGETS)
    are_known = isinstance(targets, list | tuple) and all(one in TARGETS for one in targets)
    if not targets or not are_known:
        yield FieldError(f"{at}/targets", f"Give a list of {', '.join(TARGETS)}.")


def _choice_wrong(at: str, value: Any, choices: tuple[str, ...]) -> Iterator[FieldError]:
    if value not in choices:
        yield FieldError(at, f"Choose one of {', '.join(choices)}.")


def _out_of_order(at: str, rung: dict[str, Any], before: dict[str, int]) -> Iterator[FieldError]:
    """Rungs that count from the same instant must each come later than the one above."""
    when, after = rung.get("when", BREACHED), rung["after"]
    chains = rung.get("targets", Rung(0, "").targets) if when == BREACHED else (when,)
    if any(after <= before.get(chain, -1) for chain in chains):
        yield FieldError(f"{at}/after", "Rungs stand in order: each later than the one above.")
    before.update(dict.fromkeys(chains, after))


def _rest_wrong(data: dict[str, Any]) -> Iterator[FieldError]:
    if not _is_whole(data.get("version", 1)):
        yield FieldError("/version", "Give a whole number, or leave it out.")
    if not isinstance(data.get("retired", False), bool):
        yield FieldError("/retired", "Give true or false.")
    days = data.get("reopen_within_days", 7)
    if not _is_whole(days) or not 0 <= days <= 365:
        yield FieldError("/reopen_within_days", "Give whole days from 0 to 365.")


def _standard_wrong(data: dict[str, Any]) -> Iterator[FieldError]:
    """It is asked last, and must be for whatever no other is for."""
    if data.get("id") == STANDARD.id and data.get("conditions"):
        yield FieldError("/conditions", "The standard policy is for everybody else: it has none.")
    if data.get("id") == STANDARD.id and data.get("retired"):
        yield FieldError("/retired", "The standard policy cannot be retired.")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
