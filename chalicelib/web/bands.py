"""What stands across a ticket while nobody works on it: nobody can, nobody has accepted, called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.web.staffing_lines import listed

Ticket = Mapping[str, Any]
Entries = Sequence[Mapping[str, Any]]
NEXT_UP = ("their backup", "the leads", "the managers")


def bands(ticket: Ticket, entries: Entries, reader: str) -> dict[str, Any]:
    """`{unstaffed, offered, called}`, each None where there is nothing to say."""
    return {
        "unstaffed": unstaffed(ticket, entries),
        "offered": offered(ticket, reader),
        "called": called(ticket, entries, reader),
    }


def unstaffed(ticket: Ticket, entries: Entries) -> dict[str, Any] | None:
    """Since when nobody can take it, why, and when somebody is expected."""
    since = ticket.get("unstaffed_since")
    if not since:
        return None
    why = newest(entries, "unstaffed").get("why") or ""
    return {"since": since, "why": why, "expected_at": ticket.get("expected_at")}


def offered(ticket: Ticket, reader: str) -> dict[str, Any] | None:
    """To whom the machine gave it, and until when they have to accept it."""
    by, whom = ticket.get("accept_by"), ticket.get("assignee")
    if not (by and whom):
        return None
    return {"by": by, "name": whom["name"], "mine": whom["id"] == reader}


def called(ticket: Ticket, entries: Entries, reader: str) -> dict[str, Any] | None:
    """Whom it has called last, until when they may answer, and who comes after them."""
    page = ticket.get("page")
    if not page:
        return None
    step = page["step"]
    return {
        "names": listed(newest(entries, "paged").get("to") or ()),
        "at": page["at"],
        "until": page.get("ack_by"),
        "then": NEXT_UP[step] if step in range(len(NEXT_UP)) else None,
        "mine": reader in page.get("called", ()),
    }


def newest(entries: Entries, kind: str) -> Mapping[str, Any]:
    """The data of the last entry of a kind."""
    found = (one["data"] for one in reversed(entries) if one["kind"] == kind)
    return next(found, {})
