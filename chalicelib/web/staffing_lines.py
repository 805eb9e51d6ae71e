"""Whose a ticket is and becomes, as quiet lines: given, handed over, sent elsewhere, called for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from chalicelib.web.sla_words import said

Data = Mapping[str, Any]
Line = tuple[str, Callable[[Data], str]]

GONE = {
    "shift_end": "end of shift",
    "away": "away",
    "out_of_office": "out of office",
    "left": "works here no more",
}
CALLED_AS = ("who is on call", "the backup", "as lead", "for the management")
VIA = {"link": " by the link", "api": " by the API"}
AGAIN = {2: ", for the second time here", 3: ", for the third time here"}


def named(value: Any) -> str:
    """The name inside a person, or the plain text itself."""
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("id") or "somebody")
    return str(value) if value else "somebody"


def listed(people: Iterable[Any]) -> str:
    """`Ana, Ben and Chi`."""
    names = [named(one) for one in people]
    if len(names) < 2:
        return names[0] if names else "nobody"
    return f"{', '.join(names[:-1])} and {names[-1]}"


def tier_of(data: Data) -> str:
    return f"tier {data['tier']}" if data.get("tier") else "the next tier"


def assigned(data: Data) -> str:
    now, was, by = data.get("assignee") or {}, data.get("was") or {}, data["by"]["id"]
    taken = was and was.get("id") != now.get("id")
    if now.get("id") == by:
        return f"took it over from {named(was)}" if taken else "took it"
    if taken and was.get("id") == by:
        return f"passed it on to {named(now)}"
    if taken:
        return f"gave it to {named(now)} instead of {named(was)}"
    return f"assigned it to {named(now)}{chosen_for(data, named(now))}"


def chosen_for(data: Data, name: str) -> str:
    """Why the machine chose somebody."""
    reason = str(data.get("reason") or "by hand").removeprefix(f"{name}: ")
    return "" if reason == "by hand" else f" ({reason})"


def unstaffed(data: Data) -> str:
    why = f": {data['why']}" if data.get("why") else ""
    expected = f"; expects somebody {said(data['expected_at'])}" if data.get("expected_at") else ""
    return f"found nobody in {tier_of(data)} who can take it{why}{expected}"


def not_accepted(data: Data) -> str:
    again = AGAIN.get(data.get("loss", 1), "")
    return f"took it back from {named(data.get('was'))}, who did not accept it in time{again}"


def handed_over(data: Data) -> str:
    was, now = named(data.get("from")), data.get("assignee")
    why = GONE.get(str(data.get("why", "")), "gone")
    if now:
        return f"handed it over from {was} ({why}) to {named(now)}"
    return f"took it from {was} ({why}), and nobody could take over"


def transferred(data: Data) -> str:
    was = f", away from {named(data['was'])}" if data.get("was") else ""
    if data.get("team"):
        return f"sent it to the team {data.get('team_name') or data['team']}{was}"
    return f"sent it to {tier_of(data)}{was}"


def paged(data: Data) -> str:
    step = data.get("step", 0)
    role = CALLED_AS[step] if step in range(len(CALLED_AS)) else "next in line"
    until = f", to be answered by {said(data['ack_by'])}" if data.get("ack_by") else ""
    return f"called {listed(data.get('to') or ())}, {role}{until}"


def page_acknowledged(data: Data) -> str:
    return f"answered the call{VIA.get(str(data.get('via')), '')} and took it"


LINES: dict[str, Line] = {
    "assigned": ("person", assigned),
    "accepted": ("check", lambda data: "accepted it"),
    "unassigned": ("person", lambda data: "gave it back to the queue"),
    "unstaffed": ("alert", unstaffed),
    "not_accepted": ("hourglass", not_accepted),
    "handed_over": ("swap", handed_over),
    "transferred": ("swap", transferred),
    "paged": ("bell", paged),
    "page_acknowledged": ("bell", page_acknowledged),
    "watched": ("eye", lambda data: "watches it from now on"),
    "unwatched": ("eye", lambda data: "does not watch it any more"),
}
