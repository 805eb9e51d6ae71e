"""What part of the desk's tickets somebody sees: of some teams, branches or organisations only.

A limit that names nothing limits nothing. Where several are set, each has to hold.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from chalicelib.domain.errors import FieldError

NAMES = ("teams", "branches", "organisations")
MOST = 50


@dataclass(frozen=True)
class About:
    """What a ticket is, as far as it decides who may see it. An organisation is a mail domain."""

    requester_id: str
    team: str | None = None
    assignee_id: str | None = None
    branch: str | None = None
    organisation: str | None = None


@dataclass(frozen=True)
class Sight:
    """Ids of teams and branches, and mail domains in lower case."""

    teams: frozenset[str] = frozenset()
    branches: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()

    @property
    def is_limited(self) -> bool:
        return bool(self.teams or self.branches or self.organisations)

    def covers(self, team: str | None, branch: str | None, organisation: str | None) -> bool:
        asked = ((self.teams, team), (self.branches, branch), (self.organisations, organisation))
        return all(not allowed or one in allowed for allowed, one in asked)

    @classmethod
    def of(cls, data: Mapping[str, Collection[str]] | None) -> Self:
        """Of what `check` finds nothing wrong with."""
        return cls(**{name: frozenset(ids) for name, ids in (data or {}).items()})


EVERYTHING = Sight()


def organisation_of(email: str) -> str:
    """The mail domain by which an organisation is known."""
    return email.rpartition("@")[2].casefold()


def check(data: Any, teams: Collection[str], branches: Collection[str]) -> Iterator[FieldError]:
    """What is wrong with limits as somebody wrote them, under `/sees`."""
    if not isinstance(data, Mapping):
        yield FieldError("/sees", "Give teams, branches and organisations as lists.")
        return
    known = {"teams": teams, "branches": branches}
    for name, ids in data.items():
        if name not in NAMES:
            yield FieldError(f"/sees/{name}", "There is no such limit.")
        elif not isinstance(ids, list) or len(ids) > MOST:
            yield FieldError(f"/sees/{name}", f"Give a list of at most {MOST}.")
        else:
            yield from _ids_wrong(name, ids, known.get(name))


def _ids_wrong(name: str, ids: list[Any], known: Collection[str] | None) -> Iterator[FieldError]:
    for place, one in enumerate(ids):
        if known is None:
            if not isinstance(one, str) or "." not in one or one != organisation_of(one):
                detail = "Give a mail domain in small letters, as example.com."
                yield FieldError(f"/sees/{name}/{place}", detail)
        elif one not in known:
            yield FieldError(f"/sees/{name}/{place}", f"There is no such {name[:-1]}.")
