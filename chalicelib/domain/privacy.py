"""What stays of somebody who is erased, and what stands in the place of all the rest.

Words go; that something was said, when, and by which role stays. In the place of an id comes a
random one: what was one person's stays together, and leads to nobody.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from chalicelib.domain.events import Kind

ERASED = "(erased)"
NAME = "Erased person"
DOMAIN = "erased.invalid"  # no mail ever reaches it (RFC 2606)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
PRIVATE = "_"  # how the names begin of what a job about somebody forgets at its end

Data = Mapping[str, Any]

_NONE: frozenset[str] = frozenset()
_BODY, _NOTE = frozenset({"body"}), frozenset({"note"})
_REASON = frozenset({"reason", "tried"})
# What people typed, by the name it has in the data of an entry; in those of other kinds is nothing.
WRITTEN: dict[Kind, frozenset[str]] = {
    Kind.OPENED: frozenset({"subject", "description"}),
    **dict.fromkeys((Kind.REPLY, Kind.NOTE, Kind.CALL), _BODY),
    **dict.fromkeys((Kind.ASSIGNED, Kind.TRANSFERRED, Kind.HANDED_OVER), _NOTE),
    **dict.fromkeys((Kind.ESCALATED, Kind.DE_ESCALATED), _REASON),
    **dict.fromkeys((Kind.DUE_DATE_SET, Kind.CANCELLED), _REASON),
    Kind.RESOLVED: frozenset({"summary"}),
    Kind.CHANGED: frozenset({"subject"}),
}
NESTED = ("before", "after")  # of a change


def new_pseudonym() -> str:
    """`E-` and 80 random bits, which nothing leads back from."""
    return "E-" + "".join(secrets.choice(LETTERS) for _ in range(16))


def requester_as(pseudonym: str, organisation: str | None) -> dict[str, str]:
    """Who asked, once they are erased; the organisation where the desk's rules ask for it."""
    kept = {"organisation": organisation} if organisation else {}
    return {"id": pseudonym, "name": NAME, "email": f"{pseudonym.lower()}@{DOMAIN}", **kept}


def wordless(kind: Kind, data: Data, instead: str | None = ERASED) -> dict[str, Any]:
    """What happened, with something in place of what people wrote; with None, that is left out."""
    typed = WRITTEN.get(kind, _NONE)
    kept = {name: instead if name in typed and value else value
            for name, value in data.items() if instead or name not in typed}  # fmt: skip
    inner = {name: wordless(kind, found, instead) for name in NESTED
             if isinstance(found := kept.get(name), Mapping)}  # fmt: skip
    return {**kept, **inner}


def written(kind: Kind, data: Data) -> dict[str, Any]:
    """Only what people wrote."""
    return {
        name: value for name, value in data.items() if name in WRITTEN.get(kind, _NONE) and value
    }


def renamed(data: Any, ids: Collection[str], names: Collection[str], pseudonym: str) -> Any:
    """The same with somebody called by a pseudonym: `{id, name}`, ids in lists, and names in `by`.

    A name is replaced where only names stand, for it may be spelled like any other word.
    """
    if isinstance(data, Mapping):
        found = {name: renamed(value, ids, names, pseudonym) for name, value in data.items()}
        if _is_any(data.get("id"), ids) and "name" in data:
            found["name"] = NAME
        if _is_any(data.get("by"), names):
            found["by"] = NAME
        return found
    if isinstance(data, list | tuple):
        return [renamed(one, ids, names, pseudonym) for one in data]
    return pseudonym if _is_any(data, ids) else data


def clocks_without(
    clocks: Sequence[Data] | None, names: Collection[str], *, words: bool
) -> list[dict[str, Any]] | None:
    """Clocks as stored, without the names of those who set a date by hand, and their reasons."""
    return [_clock_without(one, names, words) for one in clocks] if clocks else None


def _clock_without(clock: Data, names: Collection[str], words: bool) -> dict[str, Any]:
    if not clock.get("override"):
        return dict(clock)
    due_at, set_at, by, reason = clock["override"]
    told = [NAME if by in names else by, ERASED if words and reason else reason]
    return {**clock, "override": [due_at, set_at, *told]}


def without_private(about: Data) -> dict[str, Any]:
    """What a job is about, without what only the job itself has to know."""
    return {name: value for name, value in about.items() if not name.startswith(PRIVATE)}


def _is_any(value: Any, known: Collection[str]) -> bool:
    return isinstance(value, str) and value in known
