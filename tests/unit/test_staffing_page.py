"""What docs/staffing.md shows of who gets a ticket is what the desk does."""

import re
from pathlib import Path

import pytest

from chalicelib.domain.assignment import Candidate, Need, choose
from chalicelib.domain.vocabulary import Availability, Priority
from chalicelib.domain.workload import WEIGHTS

PAGE = (Path(__file__).parents[2] / "docs/staffing.md").read_text("utf-8")


def rows(block: str) -> list[dict[str, str]]:
    """The table in a fenced block of the page."""
    text = re.search(rf"```{block}\n(.*?)```", PAGE, re.DOTALL).group(1)
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[2:]]


def words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def levels(text: str) -> dict[str, int]:
    return {name: int(level) for name, _, level in (one.rpartition(" ") for one in words(text))}


def person(row: dict[str, str]) -> Candidate:
    is_on = row["on shift"] != "no"
    return Candidate(
        id=row["name"],
        name=row["name"],
        availability=Availability(row["availability"]),
        capacity=int(row["capacity"]),
        load=int(row["load"]),
        tiers=frozenset(map(int, words(row["tiers"]))),
        team=row["team"] or None,
        on_shift=is_on,
        place=row["on shift"] if is_on else None,
        skills=levels(row["skills"]),
        languages=tuple(words(row["languages"])),
    )


ASKS = {
    r"tier (\d)": lambda found: {"tier": int(found)},
    r"skill (\w+ \d)": lambda found: {"skills": levels(found)},
    r"team (\w+)": lambda found: {"team": found},
    r"\((\w\w)\)": lambda found: {"language": found},
    r"somebody (\w+) helped": lambda found: {"prefer": (found,)},
    r"lost by (\w+)": lambda found: {"lost_by": (found,)},
    r"\b(P\d)": lambda found: {"weight": WEIGHTS[Priority(found)]},
}


def need(text: str) -> Need:
    found = [(ask, re.search(pattern, text)) for pattern, ask in ASKS.items()]
    asked = [ask(match.group(1)) for ask, match in found if match]
    return Need(**{name: value for one in asked for name, value in one.items()})


@pytest.mark.parametrize("row", rows("choices"), ids=lambda row: row["ticket"])
def test_the_choices_of_the_page_are_those_of_the_desk(row):
    choice = choose(map(person, rows("staff")), need(row["ticket"]))
    name = choice.candidate.name if choice.candidate else "nobody"
    assert (name, choice.reason) == (row["goes to"], row["because"])


def test_the_page_has_examples():
    assert len(rows("staff")) == 5 and len(rows("choices")) > 8
