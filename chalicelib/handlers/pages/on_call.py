"""Who is on call now and next, and the tickets that have called and wait for an answer."""

from __future__ import annotations

from typing import Any

from chalice import Response

from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import Access
from chalicelib.domain.vocabulary import ACTIVE
from chalicelib.handlers.pages import goals
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import paging, views, worklist
from chalicelib.services.worklist import Wanted
from chalicelib.web import navigation

LOOKED_AT = 200


@page("/desk/on-call", access=Access.STAFF)
def on_call(visit: Visit) -> Response:
    agent = visit.agent
    calls = open_calls(visit)
    return visit.show(
        "on_call.html",
        sidebar=navigation.sidebar({}, "on-call"),
        mine=[one for one in calls if agent.id in one["page"]["called"]],
        others=[one for one in calls if agent.id not in one["page"]["called"]],
        rotations=[rotation(one, agent) for one in paging.now_on_call(visit.now)
                   if not agent.is_limited or agent.id in one["rotation"].people],
    )  # fmt: skip


def open_calls(visit: Visit) -> list[dict[str, Any]]:
    """The tickets that have called somebody and that nobody has taken."""
    wanted = Wanted(status=frozenset(ACTIVE), unstaffed=True)
    found = worklist.page(wanted, visit.agent, visit.now, LOOKED_AT, None).tickets
    base_url = visit.incoming.base_url
    return [
        {**views.ticket_view(one, visit.now, base_url), "called": goals.names(one.page["called"])}
        for one in found
        if one.page
    ]


def rotation(found: dict[str, Any], agent: Actor) -> dict[str, Any]:
    """One rotation with the names of who is called now and who next."""
    one, now, following = found["rotation"], found["on_call"].now, found["on_call"].next
    return {
        "name": one.name,
        "tier": one.tier,
        "zone": one.zone,
        "pages_for": one.pages_for,
        "minutes": one.acknowledge_within // 60,
        "now": spell(now, agent),
        "next": spell(following, agent) if following else None,
        "order": goals.names(one.people),
    }


def spell(one: Any, agent: Actor) -> dict[str, Any]:
    known = goals.names([one.person] if one.person else [])
    return {
        "person": known[0] if known else None,
        "mine": one.person == agent.id,
        "starts": one.starts,
        "ends": one.ends,
        "by_override": one.by_override,
    }
