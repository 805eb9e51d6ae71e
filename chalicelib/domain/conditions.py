"""Conditions of policies and routing rules: which tickets one is for, and what may be wrong."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from chalicelib.domain.errors import FieldError
from chalicelib.domain.vocabulary import Channel, Priority, TicketType

Facts = Mapping[str, Any]
"""What conditions look at; `tag` holds several values, the others one or None."""

TEXT = "text"
WORDS = {"priority": Priority, "type": TicketType, "channel": Channel}
MOST_VALUES = 100


def match(conditions: Mapping[str, list[str]], facts: Facts) -> bool:
    """Whether every condition holds; without conditions, it is for everything."""
    return all(_holds(name, values, facts.get(name)) for name, values in conditions.items())


def conditions_wrong(conditions: Any, known: Collection[str]) -> Iterator[FieldError]:
    """Faults below `/conditions`, which may look at the known facts."""
    if not isinstance(conditions, dict):
        yield FieldError("/conditions", "Give an object of lists of words.")
        return
    for name, values in conditions.items():
        at = pointer("/conditions", name)
        if name not in known:
            yield FieldError(at, f"Conditions look at {', '.join(known)}; not at this.")
        elif not are_words(values):
            yield FieldError(at, f"Give a list of 1 to {MOST_VALUES} words.")
        else:
            yield from _unknown_words(at, WORDS.get(name), values)


def are_words(values: Any) -> bool:
    given = isinstance(values, list) and 1 <= len(values) <= MOST_VALUES
    return given and all(isinstance(one, str) and 0 < len(one.strip()) <= 100 for one in values)


def pointer(at: str, key: object) -> str:
    """One step down a JSON pointer (RFC 6901)."""
    return f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}"


def _holds(name: str, values: list[str], fact: Any) -> bool:
    facts = fact if isinstance(fact, list | tuple) else [fact]
    wanted = {value.strip().casefold() for value in values}
    found = {str(one).casefold() for one in facts if one is not None}
    if name == TEXT:
        return any(words in text for words in wanted for text in found)
    return not wanted.isdisjoint(found)


def _unknown_words(at: str, words: Any, values: list[str]) -> Iterator[FieldError]:
    for place, value in enumerate(values):
        if words and value not in set(words):
            yield FieldError(f"{at}/{place}", f"Choose of {', '.join(words)}.")
