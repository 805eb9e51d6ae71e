"""The queues at a glance: what waits in each tier, and who is there for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalice import Response

from chalicelib.domain.instants import text_or_none
from chalicelib.domain.permissions import Access, can_report
from chalicelib.handlers.pages.desk import counted
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import settings, staff, views, worklist
from chalicelib.web import navigation, queue_marks

REFRESHED_EVERY = 30  # seconds, where somebody asks for it


@page("/desk/queues", access=Access.DESK)
def queues(visit: Visit) -> Response:
    found = worklist.queues(visit.now)
    people = queue_marks.in_order(everybody(visit.now))
    live = visit.asked("live") == "1"
    return visit.show(
        "queues.html",
        sidebar=navigation.sidebar(counted(found), "queues"),
        figures=queue_marks.figures(found, people),
        cards=[card(one, people, visit.now) for one in found],
        refresh=REFRESHED_EVERY if live else None,
        every=REFRESHED_EVERY,
        may_say=can_report(visit.agent),
    )


def everybody(now: datetime) -> list[dict[str, Any]]:
    """All who work in a tier, as the page shows them."""
    return [queue_marks.line(as_of(row, now), now) for row in staff.rows().values() if row.tiers]


def as_of(row: Any, now: datetime) -> dict[str, Any]:
    """Somebody at this moment, and where they are."""
    one = staff.candidate(row, now)
    team = settings.team_of(row.team).name if row.team else None
    here = {"on_shift": one.on_shift, "place": one.place, "team_name": team}
    return {**views.person_view(row), **here}


def card(queue: dict[str, Any], people: list[Any], now: datetime) -> dict[str, Any]:
    """One tier, and when those who are not at work come back."""
    made = queue_marks.card(queue, people)
    gone = [{**one, "next_at": back_at(one["id"], now)} for one in made["gone"]["shown"]]
    return {**made, "gone": {**made["gone"], "shown": gone}}


def back_at(person_id: str, now: datetime) -> str | None:
    return text_or_none(staff.next_at([person_id], now))
