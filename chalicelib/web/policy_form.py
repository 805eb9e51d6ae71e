"""The editor of an SLA policy: how a policy fills its fields, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.domain.policies import BREACHED, Policy
from chalicelib.domain.vocabulary import CUSTOMER_TARGETS, TARGETS, TIERS, Priority, Target
from chalicelib.web.policy_fields import (
    MOST_ROWS,
    PICKED,
    TYPED,
    accept_cell,
    cell,
    pick,
    step,
)
from chalicelib.web.settings_forms import TICKED, listed, whole
from chalicelib.web.spans import seconds_of, span_text

Data = dict[str, Any]


def typed_of(policy: Policy) -> dict[str, str]:
    """A policy as its editor shows it."""
    return {
        "id": policy.id,
        "name": policy.name,
        "calendar": policy.calendar,
        "warnings": ", ".join(map(str, policy.warnings)),
        "reopen_within_days": str(policy.reopen_within_days),
        **dict(conditions_typed(policy.conditions)),
        **dict(_targets_typed(policy)),
        **dict(_ladder_typed(policy)),
    }


def conditions_typed(conditions: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Conditions as fields: boxes for what is picked, words with commas for the rest."""
    for fact, words in conditions.items():
        if fact in PICKED:
            yield from ((pick(fact, word), TICKED) for word in words)
        else:
            yield f"for_{fact}", ", ".join(words)


def _targets_typed(policy: Policy) -> Iterator[tuple[str, str]]:
    for priority in Priority:
        promised = {
            cell(priority, one): policy.within(priority, one, 1) for one in CUSTOMER_TARGETS
        }
        accept = Target.TIME_TO_ACCEPT
        own = {accept_cell(priority, one): policy.within(priority, accept, one) for one in TIERS}
        found = {**promised, **own}.items()
        yield from ((name, span_text(seconds)) for name, seconds in found if seconds is not None)


def _ladder_typed(policy: Policy) -> Iterator[tuple[str, str]]:
    for row, rung in enumerate(policy.ladder):
        yield step(row, "when"), rung.when
        yield step(row, "after"), span_text(rung.after)
        yield step(row, "action"), rung.action
        yield step(row, "hours"), rung.hours
        yield from ((step(row, target), TICKED) for target in rung.targets)


def data_of(form: Any) -> Data:
    """What the fields say, for the domain to judge: what is no span stays as it was typed."""
    typed: Data = form.model_dump()
    return {
        "id": form.id,
        "name": form.name,
        "calendar": form.calendar,
        "conditions": conditions_of(typed),
        "targets": {priority.value: _targets(typed, priority) for priority in Priority},
        "warnings": [whole(one.rstrip("% ")) for one in listed(form.warnings)],
        "ladder": [_rung(typed, row) for row in rows_in_order(typed)],
        "reopen_within_days": whole(form.reopen_within_days),
    }


def rows_in_order(typed: Mapping[str, Any]) -> list[int]:
    """The rows of the ladder that are to be kept, the earliest step first."""
    return sorted(rows_filled(typed), key=lambda row: _sortable(typed.get(step(row, "after"))))


def rows_filled(typed: Mapping[str, Any]) -> list[int]:
    """The rows that say something, and that nobody asked to remove."""

    def is_kept(row: int) -> bool:
        says = typed.get(step(row, "after")) or typed.get(step(row, "action"))
        return bool(says) and not typed.get(step(row, "gone"))

    return [row for row in range(MOST_ROWS) if is_kept(row)]


def _sortable(after: str | None) -> int:
    seconds = span_of(after or "")
    return seconds if isinstance(seconds, int) else 0


def conditions_of(typed: Data, facts: Iterable[str] = TYPED) -> dict[str, list[str]]:
    """What the fields of conditions say; those left empty say nothing."""
    words = {fact: listed(typed[f"for_{fact}"]) for fact in facts}
    picked = {
        fact: [word.value for word in known if typed[pick(fact, word)]]
        for fact, known in PICKED.items()
    }
    return {fact: found for fact, found in {**picked, **words}.items() if found}


def _targets(typed: Data, priority: Priority) -> Data:
    promised = {one.value: span_of(typed[cell(priority, one)]) for one in CUSTOMER_TARGETS}
    accept = {str(tier): span_of(typed[accept_cell(priority, tier)]) for tier in TIERS}
    row: Data = {**_given(promised)}
    if _given(accept):
        row[Target.TIME_TO_ACCEPT.value] = _given(accept)
    return row


def _rung(typed: Data, row: int) -> Data:
    rung = {part: typed[step(row, part)] for part in ("when", "action", "hours")}
    rung["after"] = span_of(typed[step(row, "after")])
    if rung["when"] == BREACHED:
        rung["targets"] = [one.value for one in TARGETS if typed[step(row, one)]]
    return rung


def _given(spans: Mapping[str, Any]) -> Data:
    return {name: span for name, span in spans.items() if span != ""}


def span_of(text: str) -> int | str:
    """Its seconds where a span was typed; anything else as it is, for the domain to refuse."""
    try:
        return seconds_of(text)
    except ValueError:
        return text
