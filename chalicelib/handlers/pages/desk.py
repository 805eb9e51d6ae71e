"""The work list: views of the queues, most urgent first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalice import Response

from chalicelib.domain.instants import to_text
from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import ACTIVE
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import views, worklist
from chalicelib.services.worklist import Wanted
from chalicelib.web import navigation
from chalicelib.web.navigation import PRIORITIES, View

PAGE_SIZE = 50


@page("/desk")
def work_list(visit: Visit) -> Response:
    agent, view = visit.agent, navigation.view_named(visit.asked("view"))
    priority = visit.asked("priority") if visit.asked("priority") in PRIORITIES else None
    cursor = visit.asked("cursor")
    found = worklist.page(wanted(view, priority, agent), agent, visit.now, PAGE_SIZE, cursor)
    shown = [views.ticket_view(one, visit.now, visit.incoming.base_url) for one in found.tickets]
    due = due_in_time(shown, view, visit)
    more = found.next if len(due) == len(shown) else None
    counts = counted(worklist.counts(visit.now))
    return visit.show(
        "work_list.html",
        view=view,
        tickets=due,
        count=None if priority else counts.get(view.name),
        filters=navigation.priority_filters(view, priority),
        sidebar=navigation.sidebar(counts, view.name),
        next_href=navigation.link(view, priority=priority, cursor=more) if more else None,
        first_href=navigation.link(view, priority=priority) if cursor else None,
        told=None,
    )


def wanted(view: View, priority: str | None, agent: Actor) -> Wanted:
    filters = view.filters
    assignee = filters.get("assignee")
    return Wanted(
        status=frozenset({filters["status"]} if "status" in filters else ACTIVE),
        tier=frozenset({int(filters["tier"])} if "tier" in filters else ()),
        priority=frozenset({priority} if priority else ()),
        assignee=agent.id if assignee == "me" else assignee,
        escalated_to=frozenset(filters.get("escalated_to", "").split()),
    )


def due_in_time(tickets: list[dict[str, Any]], view: View, visit: Visit) -> list[dict[str, Any]]:
    """The list is in the order of deadlines, so a view of what is due soon is its beginning."""
    if view.due_within is None:
        return tickets
    limit = to_text(visit.now + timedelta(seconds=view.due_within))
    return [one for one in tickets if (one["sla"]["next_deadline_at"] or "~") <= limit]


def counted(queues: list[dict[str, Any]]) -> dict[str, int]:
    """The numbers of the side bar, from the queues of the tiers."""
    total = {name: sum(queue[name] for queue in queues) for name in
             ("open", "waiting", "breached", "due_within_hour")}  # fmt: skip
    return {
        "all": total["open"],
        "unassigned": total["waiting"],
        "breached": total["breached"],
        "due": total["breached"] + total["due_within_hour"],
        **{f"tier{queue['tier']}": queue["open"] for queue in queues},
    }
