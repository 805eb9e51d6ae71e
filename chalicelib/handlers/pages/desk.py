"""The work list: views of the queues, most urgent first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.identifiers import is_ticket_id
from chalicelib.domain.instants import to_text
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import Access
from chalicelib.domain.vocabulary import ACTIVE
from chalicelib.handlers.pages import goals
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import settings, views, worklist
from chalicelib.services.worklist import Wanted
from chalicelib.web import forms, navigation
from chalicelib.web.navigation import PRIORITIES, View

PAGE_SIZE = 50
COUNTED = ("open", "waiting", "unstaffed", "breached", "due_within_hour")


@dataclass(frozen=True)
class Listed:
    """Which page of which list somebody looks at."""

    view: View
    priority: str | None
    cursor: str | None

    @classmethod
    def of(cls, visit: Visit, view: str | None, priority: str | None, cursor: str | None) -> Listed:
        shown = navigation.view_named(view, visit.agent.is_limited)
        return cls(shown, priority if priority in PRIORITIES else None, cursor)

    def at(self, cursor: str | None, **more: str) -> str:
        return navigation.link(self.view, priority=self.priority, cursor=cursor, **more)


@page("/desk", access=Access.STAFF)
def work_list(visit: Visit) -> Response:
    listed = Listed.of(visit, *(visit.asked(name) for name in ("view", "priority", "cursor")))
    return show(visit, listed, told=told(visit))


def show(visit: Visit, listed: Listed, status: HTTPStatus = HTTPStatus.OK, **more: Any) -> Response:
    """The list; on a refusal with what was chosen and typed, and what came of it."""
    agent, view = visit.agent, listed.view
    query = wanted(view, listed.priority, agent)
    found = worklist.page(query, agent, visit.now, PAGE_SIZE, listed.cursor)
    shown = [views.ticket_view(one, visit.now, visit.incoming.base_url) for one in found.tickets]
    due = due_in_time(shown, view, visit)
    following = found.next if len(due) == len(shown) else None
    counts = {} if agent.is_limited else counted(worklist.counts(visit.now))
    context = {
        "view": view,
        "listed": listed,
        "tickets": due,
        "team_names": {one.id: one.name for one in settings.teams()},
        "count": None if listed.priority else counts.get(view.name),
        "filters": navigation.priority_filters(view, listed.priority),
        "sidebar": navigation.sidebar(counts, view.name),
        "next_href": listed.at(following) if following else None,
        "first_href": listed.at(None) if listed.cursor else None,
        "can_move": view.name != "resolved",
        "goals": goals.choices(agent, visit.now),
        "form": forms.EMPTY,
        "chosen": (),
        "stuck": (),
        "told": None,
    }
    return visit.show("work_list.html", status, **{**context, **more})


def told(visit: Visit) -> dict[str, Any] | None:
    """What went where just now: `{tickets, where}`."""
    if visit.asked("done") != "transfer":
        return None
    went = (visit.asked("moved") or "").split(".")
    where = visit.asked("to") or ""
    return {
        "tickets": [one for one in went if is_ticket_id(one)],
        "where": goals.named(where, visit.agent) if where else "somebody else",
    }


def wanted(view: View, priority: str | None, agent: Actor) -> Wanted:
    filters = view.filters
    assignee = filters.get("assignee")
    return Wanted(
        status=frozenset({filters["status"]} if "status" in filters else ACTIVE),
        tier=frozenset({int(filters["tier"])} if "tier" in filters else ()),
        team=frozenset({agent.team or "-"} if "team" in filters else ()),
        priority=frozenset({priority} if priority else ()),
        assignee=agent.id if assignee == "me" else assignee,
        escalated_to=frozenset(filters.get("escalated_to", "").split()),
        unstaffed="unstaffed" in filters,
    )


def due_in_time(tickets: list[dict[str, Any]], view: View, visit: Visit) -> list[dict[str, Any]]:
    """The list is in the order of deadlines, so a view of what is due soon is its beginning."""
    if view.due_within is None:
        return tickets
    limit = to_text(visit.now + timedelta(seconds=view.due_within))
    return [one for one in tickets if (one["sla"]["next_deadline_at"] or "~") <= limit]


def counted(queues: Iterable[dict[str, Any]]) -> dict[str, int]:
    """The numbers of the side bar, from the queues of the tiers."""
    rows = list(queues)
    total = {name: sum(queue[name] for queue in rows) for name in COUNTED}
    return {
        "all": total["open"],
        "unassigned": total["waiting"],
        "unstaffed": total["unstaffed"],
        "breached": total["breached"],
        "due": total["breached"] + total["due_within_hour"],
        **{f"tier{queue['tier']}": queue["open"] for queue in rows},
    }
