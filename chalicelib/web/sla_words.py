"""A deadline's working in words: what ran, what was paused and why, and what comes next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, tzinfo
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from chalicelib.domain.calendars import ALWAYS
from chalicelib.domain.instants import FIRST_YEAR, LAST_YEAR
from chalicelib.web.sla_marks import title_of
from chalicelib.web.times import MINUTE, counted, instant, short_time_element, stamp, zone_of

Data = Mapping[str, Any]

MARKED = re.compile("\u27e6(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)\u27e7")
PAUSES = {
    "pending": "waiting for the requester",
    "on_hold": "on hold, waiting for somebody else or a date",
    "resolved": "solved",
    "met": "solved",  # the resolution of a ticket that was opened again
    "closed": "closed",
    "cancelled": "cancelled",
}
ACTIONS = {
    "warn": "a warning",
    "breach": "the deadline",
    "next_tier": "escalation to the next tier",
    "tell_lead": "the lead is told",
    "tell_manager": "the managers are told",
}


def story(found: Data) -> list[dict[str, Any]]:
    """`{kind, title, lines}` of each target of an explanation; the last line says what is left.

    Instants stand in the lines as they are, marked: `in_zone` or `with_times` makes them readable.
    """
    return [
        {
            "kind": target["kind"],
            "title": title_of(target["kind"]),
            "lines": list(lines(target)),
        }
        for target in found["targets"]
    ]


def told(found: Data, zone: tzinfo | None = None) -> list[dict[str, Any]]:
    """The same as plain text, with times in a zone, or in that of the calendar."""
    where = zone or zone_of({"time_zone": found["zone"]})
    return [
        {**one, "lines": [in_zone(line, where) for line in one["lines"]]} for one in story(found)
    ]


def upcoming(found: Data) -> str | None:
    """What happens next by itself, and when; None when nothing does."""
    step = found["next_step"]
    if step is None:
        return None
    what, percent = ACTIONS[step["action"]], step["step"].removeprefix("warned-")
    share = f" at {percent} %" if percent.isdigit() else ""
    return f"{said(step['at'])}: {what}{share}, for “{title_of(step['target'])}”"


def in_zone(line: str, zone: tzinfo | None) -> str:
    """A line with its instants as text; the day is said once."""
    days: list[date] = []

    def written(found: re.Match[str]) -> str:
        if not is_instant(found[1]):
            return found[0]
        local = instant(found[1]).astimezone(zone)
        days.append(local.date())
        return f"{local:%H:%M}" if days[-1] in days[:-1] else f"{local:%a %-d %b %H:%M}"

    return MARKED.sub(written, line)


@pass_context
def with_times(context: Context, line: str) -> Markup:
    """A line for a page, its instants as `<time>` in the reader's zone."""
    parts = MARKED.split(line)
    return Markup("").join(
        short_time_element(context, part) if place % 2 and is_instant(part) else part
        for place, part in enumerate(parts)
    )


def is_instant(text: str) -> bool:
    """Not when somebody typed the marks around a day that there is not, or none of our time."""
    try:
        return FIRST_YEAR <= instant(text).year <= LAST_YEAR
    except ValueError:
        return False


def past(found: Data) -> list[str]:
    """One line for each cycle that is over, in order."""
    return [over(cycle) for cycle in found["past"] if cycle["within_seconds"]]


def over(cycle: Data) -> str:
    title = f"{title_of(cycle['kind'])} {cycle['cycle']}"
    if cycle["verdict"] == "none":
        return f"{title}: left open when the ticket moved on from tier {cycle['tier']}"
    late = "late" if cycle["verdict"] == "breached" else "in time"
    used, within = worked(cycle["used_seconds"] or 0), worked(cycle["within_seconds"])
    return f"{title}: {late}, {used} of {within} used"


def lines(target: Data) -> Iterator[str]:
    for stretch in target["segments"]:
        yield ran(stretch) if stretch["kind"] == "ran" else paused(stretch)
    if target["override"]:
        yield by_hand(target)
    yield standing(target)


def ran(stretch: Data) -> str:
    spent = f"{worked(stretch['working_seconds'])} counted"
    if stretch["stopped_at"] is None:
        return f"Runs since {said(stretch['started_at'])}: {spent} so far."
    switched = " Then the hours changed." if stretch["why"] == "calendar" else ""
    return f"Ran {between(stretch)}: {spent} ({hours_of(stretch)}).{switched}"


def paused(stretch: Data) -> str:
    why = PAUSES.get(stretch["why"], stretch["why"].replace("_", " "))
    if stretch["stopped_at"] is None:
        return f"Paused since {said(stretch['started_at'])}: {why}."
    return f"Paused {between(stretch)}: {why}. This time does not count."


def by_hand(target: Data) -> str:
    hand_set = target["override"]
    by_policy = target["computed_due_at"]
    instead = f" The policy would say {said(by_policy)}." if by_policy else ""
    return (
        f"Set by hand to {said(hand_set['due_at'])} by {hand_set['by']}: "
        f"“{hand_set['reason']}”.{instead}"
    )


def standing(target: Data) -> str:
    used, within = worked(target["used_seconds"]), target["within_seconds"]
    spent = f"{used} of {worked(within)} used" if within else f"{used} used"
    if target["met_at"]:
        late = target["state"] == "breached"
        return f"{'Late' if late else 'In time'}: {spent}, at {said(target['met_at'])}."
    if target["breached_at"]:
        return f"The deadline passed at {said(target['breached_at'])}: {spent}."
    if not target["due_at"]:
        return f"Paused: {spent}; it runs on when work goes on."
    left = worked(max(target["remaining_seconds"], 0))
    return f"Due {said(target['due_at'])}: {spent}, {left} left to work."


def between(stretch: Data) -> str:
    return f"{said(stretch['started_at'])} to {said(stretch['stopped_at'])}"


def said(moment: str) -> str:
    return f"\u27e6{stamp(moment)}\u27e7"


def worked(seconds: float) -> str:
    """Working time in hours and minutes: a day of it would be anybody's guess."""
    minutes = round(seconds / MINUTE)
    named = ((minutes // 60, "hour"), (minutes % 60, "minute"))
    return " ".join(counted(count, unit) for count, unit in named if count) or "no time"


def hours_of(stretch: Data) -> str:
    version = stretch["calendar"].rpartition("@")[2]
    name = stretch["calendar_name"]
    return f"{name} hours, version {version}" if stretch["calendar"] != ALWAYS.ref else name
