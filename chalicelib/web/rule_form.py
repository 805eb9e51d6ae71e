"""The editor of a routing rule: its fields, how a rule fills them, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from pydantic import create_model

from chalicelib.domain.conditions import TEXT
from chalicelib.domain.errors import FieldError
from chalicelib.domain.routing import Rule
from chalicelib.domain.vocabulary import FIRST_TIER
from chalicelib.web import policy_fields as f
from chalicelib.web.policy_form import conditions_of, conditions_typed
from chalicelib.web.policy_page import PICKS
from chalicelib.web.refusals import FORM, parts_of, placed
from chalicelib.web.settings_forms import DraftForm, Id, Lines, Tick, Words, lines_of, whole
from chalicelib.web.skill_lines import refused, skill_lines, skills_of

TYPED = (*f.TYPED, "language")
FOR_TEXT = f"for_{TEXT}"
PLAIN = ("id", "name", "tier", "team", "priority", "last")
LOOK_BACK = "100"  # tickets


class RuleHead(DraftForm):
    do: Literal["save", "try"] = "save"
    tier: Words = ""
    team: Id = ""
    skills: Lines = ""
    priority: Words = ""
    last: Words = LOOK_BACK


PICKS_AND_WORDS: dict[str, Any] = {
    **{f"for_{fact}": (Words, "") for fact in TYPED},
    **{f.pick(fact, word): (Tick, None) for fact, words in f.PICKED.items() for word in words},
    FOR_TEXT: (Lines, ""),
}
RuleForm = create_model("RuleForm", __base__=RuleHead, **PICKS_AND_WORDS)


def filled(rule: Rule | None) -> dict[str, str]:
    """What stands in the editor; a new rule begins at the front line."""
    shown = rule or Rule("", "")
    words = {fact: given for fact, given in shown.conditions.items() if fact != TEXT}
    return {
        "id": shown.id,
        "name": shown.name,
        "tier": str(shown.tier or FIRST_TIER),
        "team": shown.team or "",
        "skills": skill_lines(shown.skills),
        "priority": shown.priority or "",
        FOR_TEXT: "\n".join(shown.conditions.get(TEXT, ())),
        **dict(conditions_typed(words)),
    }


def data_of(form: Any) -> dict[str, Any]:
    """What the fields say, for the domain to judge. Raises Invalid for a skill given twice."""
    typed = form.model_dump()
    words = {TEXT: lines_of(typed[FOR_TEXT])} if lines_of(typed[FOR_TEXT]) else {}
    return {
        "id": form.id,
        "name": form.name,
        "conditions": {**conditions_of(typed, TYPED), **words},
        "tier": whole(form.tier),
        "team": form.team or None,
        "skills": skills_of(form.skills),
        "priority": form.priority or None,
    }


def fields_of(errors: Iterable[FieldError]) -> dict[str, str]:
    """Each refusal at its field."""
    return placed(errors, _field, _said)


def labels() -> Mapping[str, str]:
    """How lists of what is wrong or differs name each field."""
    return dict(_labels())


def _labels() -> Iterator[tuple[str, str]]:
    yield from (("id", "Id"), ("name", "Name"))
    for fact, title, words in PICKS:
        yield from ((f.pick(fact, word), f"{title}, {said}") for word, said in words.items())
    yield from ((f"for_{fact}", fact.capitalize()) for fact in TYPED)
    yield FOR_TEXT, "Text"
    yield from (("tier", "Tier"), ("team", "Team"), ("skills", "Skills"), ("priority", "Priority"))
    yield "last", "Tickets to look back"


def _field(parts: list[str]) -> str:
    match parts:
        case ["conditions", fact, *_]:
            return f"for_{fact}"
        case ["skills", *_]:
            return "skills"
        case [name] if name in PLAIN:
            return name
        case _:
            return FORM


def _said(error: FieldError) -> str:
    match parts_of(error.pointer):
        case ["skills", name]:
            return refused(name, error.detail)
        case ["conditions", fact] if fact == TEXT and "list" in error.detail:
            return "Write up to 100 words or phrases, one a line, of up to 100 characters each."
        case _:
            return error.detail
