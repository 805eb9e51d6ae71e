"""The views of the work list: their names, addresses and which filter each one stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True)
class View:
    name: str
    title: str
    icon: str
    empty: str
    filters: Mapping[str, str] = field(default_factory=dict)
    tone: str = ""
    due_within: int | None = None  # seconds from now; 0 shows what is late


VIEWS = (
    View("mine", "My work", "inbox", "Nothing is assigned to you right now.", {"assignee": "me"}),
    View("unassigned", "Unassigned", "dot", "Every request has an agent.", {"assignee": "none"}),
    View("all", "All open", "layers", "There are no open requests."),
    View("breached", "Breached", "flame", "No deadline was missed.", tone="bad", due_within=0),
    View(
        "management",
        "Management knows",
        "arrow-up",
        "Nothing was escalated to the lead or the managers.",
        {"escalated_to": "lead manager"},
    ),
    View("due", "Due within 1 h", "alarm", "Nothing is due soon.", tone="warn", due_within=3600),
)
TIER_VIEWS = (
    View("tier1", "Tier 1 · Front line", "tier-1", "Tier 1 has no open requests.", {"tier": "1"}),
    View("tier2", "Tier 2 · Specialists", "tier-2", "Tier 2 has no open requests.", {"tier": "2"}),
    View("tier3", "Tier 3 · Engineering", "tier-3", "Tier 3 has no open requests.", {"tier": "3"}),
)
PENDING, ON_HOLD, RESOLVED = ({"status": name} for name in ("pending", "on_hold", "resolved"))
STATUS_VIEWS = (
    View("waiting", "Waiting for requester", "hourglass", "We wait for nobody's answer.", PENDING),
    View("on_hold", "On hold", "pause", "Nothing is on hold.", ON_HOLD),
    View("resolved", "Solved lately", "check", "Nothing was solved lately.", RESOLVED),
)
BY_NAME = {view.name: view for view in (*VIEWS, *TIER_VIEWS, *STATUS_VIEWS)}
PRIORITIES = ("P1", "P2", "P3", "P4", "P5")


def view_named(name: str | None) -> View:
    """The view asked for; an unknown name shows everything that is open."""
    return BY_NAME.get(name or "all", BY_NAME["all"])


def link(view: View, **more: str | None) -> str:
    query = {"view": view.name, **{key: value for key, value in more.items() if value}}
    return f"/desk?{urlencode(query)}"


def shown(view: View, counts: Mapping[str, int], current: str) -> dict[str, Any]:
    return {
        "title": view.title,
        "icon": view.icon,
        "href": link(view),
        "count": counts.get(view.name),
        "tone": view.tone if counts.get(view.name) else "",
        "current": view.name == current,
    }


def sidebar(counts: Mapping[str, int], current: str) -> list[dict[str, Any]]:
    """The groups of the side bar; a view without a known count shows none."""
    groups = (("", VIEWS), ("Tiers", TIER_VIEWS), ("Status", STATUS_VIEWS))
    return [
        {"title": title, "views": [shown(view, counts, current) for view in views]}
        for title, views in groups
    ]


def workspace(role: str, room: str) -> list[dict[str, Any]]:
    """What leads and admins have beside the work list, as one more group of the side bar."""
    if role not in ("lead", "admin"):
        return []
    rooms = (("reports", "Reports", "chart"), ("settings", "Settings", "sliders"))
    views = [
        {"title": title, "icon": icon, "href": f"/{name}", "count": None, "tone": "",
         "current": name == room}
        for name, title, icon in rooms
    ]  # fmt: skip
    return [{"title": "Workspace", "views": views}]


def priority_filters(view: View, chosen: str | None) -> list[dict[str, Any]]:
    """Links that narrow a view to one priority, and one that widens it again."""
    every = [{"title": "Any priority", "href": link(view), "current": not chosen}]
    return every + [
        {"title": name, "href": link(view, priority=name), "current": name == chosen}
        for name in PRIORITIES
    ]
