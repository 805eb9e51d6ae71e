"""Skills as people write them: a line each, such as `network 3`."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.errors import FieldError, Invalid
from chalicelib.web.settings_forms import lines_of, whole

LIKE = "Write a skill and its level from 1 to 5 a line, like network 3."


def skill_lines(skills: Mapping[str, int]) -> str:
    return "\n".join(f"{name} {level}" for name, level in sorted(skills.items()))


def skills_of(text: str) -> dict[str, int | str]:
    """Of lines; a level that is none stays as it was typed, for the domain to refuse.

    Raises Invalid for a skill that is there twice.
    """
    found: dict[str, int | str] = {}
    for line in lines_of(text):
        name, level = _parts(line)
        if name in found:
            raise Invalid(FieldError("/skills", f"“{name}” is there twice."))
        found[name] = level
    return found


def refused(name: str, detail: str) -> str:
    """What the domain says of one of them, with the line that it means."""
    return f"“{name}”: {LIKE if 'level' in detail else detail}"


def skills_text(skills: Mapping[str, int], at_least: str = "") -> str:
    """`network 3, till 2`, on a page."""
    return ", ".join(f"{name} {at_least}{level}" for name, level in sorted(skills.items()))


def _parts(line: str) -> tuple[str, int | str]:
    *words, last = line.split()
    level = whole(last)
    return (" ".join(words), level) if words and isinstance(level, int) else (line, "")
