"""Teams in words: how their tickets are handed out, and what moves on when somebody goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.domain.assignment import Strategy
from chalicelib.domain.teams import AWAY, OUT_OF_OFFICE, REASONS, SHIFT_END, Team
from chalicelib.domain.vocabulary import Priority
from chalicelib.web.policy_words import both
from chalicelib.web.team_form import REASON_NAMES, labels
from chalicelib.web.times import counted

STRATEGIES = {
    Strategy.LOAD_BALANCED: (
        "By room",
        "Whoever knows it best gets it; among equals, whoever has the most room left.",
    ),
    Strategy.ROUND_ROBIN: (
        "In turn",
        "Whoever was given a ticket longest ago gets the next, if they have room.",
    ),
    Strategy.PULL: (
        "They take them",
        "Nobody is given any: tickets wait in the list until somebody of the team takes one.",
    ),
}

Data = Mapping[str, Any]


def card(team: Team, members: Sequence[Data]) -> dict[str, Any]:
    title, sentence = STRATEGIES[Strategy(team.strategy)]
    return {
        "id": team.id,
        "name": team.name,
        "version": team.version,
        "strategy": title,
        "sentence": sentence,
        "hand_over": hand_over_words(team),
        "dedicated": team.dedicated,
        "outside": team.outside,
        "members": members,
    }


def cards(teams: Iterable[Team], people: Sequence[Data]) -> list[dict[str, Any]]:
    return [card(one, of_team(one.id, people)) for one in teams]


def of_team(team_id: str | None, people: Iterable[Data]) -> list[Data]:
    return [one for one in people if one["team"] == team_id]


def hand_over_words(team: Team) -> str:
    """`P1 and P2 move on at the end of a shift and out of office; all else waits.`"""
    said = [_moved(priorities, reasons, team) for priorities, reasons in _grouped(team)]
    if not said:
        return "Nothing moves on when somebody goes: their tickets wait for them."
    return f"{'; '.join(said)}. All else waits for them."


def offered() -> dict[str, Any]:
    """The choices of the editor."""
    return {
        "strategies": [(one.value, *words) for one, words in STRATEGIES.items()],
        "reasons": list(REASON_NAMES.items()),
        "priorities": [one.value for one in Priority],
        "labels": labels(),
    }


def _grouped(team: Team) -> list[tuple[list[str], list[str]]]:
    """The priorities that move with their reasons, equal ones together."""
    found: dict[tuple[str, ...], list[str]] = {}
    for reason in REASONS:
        given = tuple(sorted(team.hand_over.get(reason, ())))
        if given:
            found.setdefault(given, []).append(reason)
    return [(list(priorities), reasons) for priorities, reasons in found.items()]


def _moved(priorities: list[str], reasons: list[str], team: Team) -> str:
    what = "Everything" if len(priorities) == len(Priority) else both(priorities)
    verb = "moves" if what == "Everything" or len(priorities) == 1 else "move"
    return f"{what} {verb} on {both([_when(one, team) for one in reasons])}"


def _when(reason: str, team: Team) -> str:
    when = {
        SHIFT_END: "at the end of a shift",
        AWAY: f"when away for more than {counted(team.short_break, 'minute')}",
        OUT_OF_OFFICE: "when out of office",
    }
    return when[reason]
