"""Whose a ticket is, entry by entry: what its timeline says must follow from what came before.

Entries are those of the store or of the API: with `kind`, `by` and `data`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.events import Kind
from chalicelib.domain.people import SYSTEM

ONCE, EXPLAINED, AS_TOLD = "steps taken once", "assignments explained", "owners as told"


@dataclass(frozen=True)
class Remark:
    """One thing that a check has looked at; `wrong` says what is not as it must be."""

    check: str
    where: str
    wrong: str = ""


class Story:
    """What a ticket's entries come to, one after the other."""

    def __init__(self, ticket_id: str) -> None:
        self.owner: str | None = None
        self._ticket_id, self._step, self._losses = ticket_id, -1, 0
        self._waits = False

    def hear(self, entry: Any) -> Iterator[Remark]:
        """The next entry."""
        teller = TELLERS.get(Kind(entry.kind))
        if teller:
            yield from teller(self, entry)

    def ends(self, owner: str | None) -> Remark:
        """Nothing more was told; `owner` is whose the ticket is."""
        wrong = "" if owner == self.owner else f"told to be {self.owner}'s, but is {owner}'s"
        return Remark(AS_TOLD, self._ticket_id, wrong)

    def _assigned(self, entry: Any) -> Iterator[Remark]:
        if entry.by["id"] == SYSTEM.id:
            yield self._once(entry, self.owner is None)
            yield self._explained(entry)
        self._is_of(entry.data["assignee"])

    def _taken(self, entry: Any) -> Iterator[Remark]:
        yield self._once(entry, self.owner in (None, entry.data["assignee"]["id"]))
        self._is_of(entry.data["assignee"])

    def _handed_over(self, entry: Any) -> Iterator[Remark]:
        yield self._once(entry, self.owner == entry.data["from"]["id"])
        yield self._explained(entry)
        self._is_of(entry.data["assignee"])

    def _given_back(self, entry: Any) -> Iterator[Remark]:
        yield self._once(entry, self.owner == entry.data["was"]["id"])
        self._is_of(None)

    def _not_accepted(self, entry: Any) -> Iterator[Remark]:
        self._losses += 1
        told = (entry.data["was"]["id"], entry.data["loss"])
        yield self._once(entry, (self.owner, self._losses) == told)
        self._is_of(None)

    def _unstaffed(self, entry: Any) -> Iterator[Remark]:
        yield self._once(entry, self.owner is None and not self._waits)
        self._waits = True

    def _paged(self, entry: Any) -> Iterator[Remark]:
        yield self._once(entry, self._waits and entry.data["step"] > self._step)
        self._step = entry.data["step"]

    def _moved(self, entry: Any) -> Iterator[Remark]:
        if entry.kind == Kind.TRANSFERRED or entry.data.get("moved"):
            self._losses = 0
            self._is_of(None)
        yield from ()

    def _finished(self, entry: Any) -> Iterator[Remark]:
        self._waits, self._step = False, -1
        yield from ()

    def _is_of(self, somebody: dict[str, str] | None) -> None:
        self.owner = somebody["id"] if somebody else None
        self._waits, self._step = False, -1

    def _once(self, entry: Any, follows: bool) -> Remark:
        what = f"{self._ticket_id} {entry.kind}"
        return Remark(ONCE, what, "" if follows else f"while it is {self.owner}'s: {entry.data}")

    def _explained(self, entry: Any) -> Remark:
        wrong = "" if entry.data.get("reason") else "without a reason"
        return Remark(EXPLAINED, f"{self._ticket_id} {entry.kind}", wrong)


TELLERS: dict[Kind, Callable[[Story, Any], Iterator[Remark]]] = {
    Kind.ASSIGNED: Story._assigned,
    Kind.ACCEPTED: Story._taken,
    Kind.PAGE_ACKNOWLEDGED: Story._taken,
    Kind.HANDED_OVER: Story._handed_over,
    Kind.UNASSIGNED: Story._given_back,
    Kind.NOT_ACCEPTED: Story._not_accepted,
    Kind.UNSTAFFED: Story._unstaffed,
    Kind.PAGED: Story._paged,
    Kind.TRANSFERRED: Story._moved,
    Kind.ESCALATED: Story._moved,
    Kind.DE_ESCALATED: Story._moved,
    Kind.RESOLVED: Story._finished,
    Kind.CANCELLED: Story._finished,
}


def told(ticket_id: str, entries: Iterable[Any], owner: str | None) -> Iterator[Remark]:
    """The whole of it, up to whose the ticket is now."""
    story = Story(ticket_id)
    for entry in entries:
        yield from story.hear(entry)
    yield story.ends(owner)
