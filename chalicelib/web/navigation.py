"""The views of the work list: their names, addresses and which filter each one stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True)
class View:
    """`inner` ones are not for outside groups; `of_team` ones only for those who are in a team."""

    name: str
    title: str
    icon: str
    empty: str
    filters: Mapping[str, str] = field(default_factory=dict)
    tone: str = ""
    due_within: int | None = None  # seconds from now; 0 shows what is late
    inner: bool = False
    of_team: bool = False

    @property
    def href(self) -> str:
        return link(self)


@dataclass(frozen=True)
class Room:
    """A page of the desk beside the work list."""

    name: str
    title: str
    icon: str
    href: str
    inner: bool = True
    of_team: bool = False
    tone: str = ""


MINE = View("mine", "My work", "inbox", "Nothing is assigned to you right now.", {"assignee": "me"})
TEAM = View(
    "team", "My team", "users", "Your team has no open requests.", {"team": "mine"}, of_team=True
)
ALL = View("all", "All open", "layers", "There are no open requests.", inner=True)
VIEWS = (
    MINE,
    TEAM,
    View("unassigned", "Unassigned", "dot", "Every request has an agent.", {"assignee": "none"}),
    ALL,
    View(
        "unstaffed",
        "Nobody can take",
        "alert",
        "There is somebody for every request.",
        {"unstaffed": "yes"},
        tone="bad",
    ),
    View("breached", "Breached", "flame", "No deadline was missed.", tone="bad", due_within=0),
    View("due", "Due within 1 h", "alarm", "Nothing is due soon.", tone="warn", due_within=3600),
    View(
        "management",
        "Management knows",
        "arrow-up",
        "Nothing was escalated to the lead or the managers.",
        {"escalated_to": "lead manager"},
        inner=True,
    ),
)


def _tier(number: int, name: str) -> View:
    empty = f"Tier {number} has no open requests."
    title, icon = f"Tier {number} · {name}", f"tier-{number}"
    return View(f"tier{number}", title, icon, empty, {"tier": str(number)}, inner=True)


TIER_VIEWS = (_tier(1, "Front line"), _tier(2, "Specialists"), _tier(3, "Engineering"))
PENDING, ON_HOLD, RESOLVED = ({"status": name} for name in ("pending", "on_hold", "resolved"))
STATUS_VIEWS = (
    View("waiting", "Waiting for requester", "hourglass", "We wait for nobody's answer.", PENDING),
    View("on_hold", "On hold", "pause", "Nothing is on hold.", ON_HOLD),
    View("resolved", "Solved lately", "check", "Nothing was solved lately.", RESOLVED),
)
STAFFING = (
    Room("queues", "Queues and people", "people", "/desk/queues"),
    Room("on-call", "On call", "bell", "/desk/on-call", inner=False),
)
MONITORING = (Room("deliveries", "Deliveries", "pulse", "/desk/deliveries"),)
WORKSPACE = (
    Room("reports", "Reports", "chart", "/reports"),
    Room("settings", "Settings", "sliders", "/settings"),
)
BY_NAME = {view.name: view for view in (*VIEWS, *TIER_VIEWS, *STATUS_VIEWS)}
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")


def view_named(name: str | None, outside: bool = False) -> View:
    """The view asked for; else everything open, and to an outside group its team's tickets."""
    found = BY_NAME.get(name or "", ALL)
    return TEAM if outside and found.inner else found


def link(view: View, **more: str | None) -> str:
    query = {"view": view.name, **{key: value for key, value in more.items() if value}}
    return f"/desk?{urlencode(query)}"


def shown(one: View | Room, counts: Mapping[str, int], current: str) -> dict[str, Any]:
    return {
        "title": one.title,
        "icon": one.icon,
        "href": one.href,
        "count": counts.get(one.name),
        "tone": one.tone if counts.get(one.name) else "",
        "current": one.name == current,
        "inner": one.inner,
        "of_team": one.of_team,
    }


def sidebar(counts: Mapping[str, int], current: str) -> list[dict[str, Any]]:
    """The groups of the side bar; a view without a known count shows none."""
    groups = (("", VIEWS), ("Tiers", TIER_VIEWS), ("Status", STATUS_VIEWS), ("Staffing", STAFFING),
              ("Monitoring", MONITORING))  # fmt: skip
    return [group(title, views, counts, current) for title, views in groups]


def group(
    title: str, views: tuple[View | Room, ...], counts: Mapping[str, int], current: str
) -> dict[str, Any]:
    return {"title": title, "views": [shown(view, counts, current) for view in views]}


def rooms(
    groups: list[dict[str, Any]], person: Mapping[str, Any], room: str
) -> list[dict[str, Any]]:
    """The side bar as one person has it; leads and admins have a workspace besides."""
    leads = person["role"] in ("lead", "admin")
    whole = [*groups, *([group("Workspace", WORKSPACE, {}, room)] if leads else [])]
    seen = [
        {**one, "views": [view for view in one["views"] if is_for(view, person)]} for one in whole
    ]
    return [one for one in seen if one["views"]]


def is_for(view: Mapping[str, Any], person: Mapping[str, Any]) -> bool:
    if view["of_team"] and not person.get("team"):
        return False
    return not (view["inner"] and person.get("outside"))


def priority_filters(view: View, chosen: str | None) -> list[dict[str, Any]]:
    """Links that narrow a view to one priority, and one that widens it again."""
    every = [{"title": "Any priority", "href": link(view), "current": not chosen}]
    return every + [
        {"title": name, "href": link(view, priority=name), "current": name == chosen}
        for name in PRIORITIES
    ]
