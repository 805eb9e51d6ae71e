"""How well promises were kept in a month: figures, charts, and the numbers as a file."""

from __future__ import annotations

from typing import Any

from chalice import Response

from chalicelib.domain.permissions import Access
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import HEADERS, Visit
from chalicelib.services import attainment, settings
from chalicelib.web import attainment_marks as marks
from chalicelib.web import csv_text, navigation
from chalicelib.web.sla_marks import title_of

COLUMNS = ("month", "target", "policy", "tier", "priority", "met", "breached")


@page("/reports", access=Access.LEAD)
def reports(visit: Visit) -> Response:
    month = marks.month_asked(visit.asked("month"), visit.now)
    rows, before = attainment.of_month(month), attainment.of_month(marks.neighbour(month, -1))
    this = marks.month_asked(None, visit.now)
    return visit.show(
        "reports.html",
        sidebar=navigation.sidebar({}, ""),
        room="reports",
        month=month,
        month_name=marks.month_name(month),
        previous=marks.neighbour(month, -1),
        next=marks.neighbour(month, 1) if month < this else None,
        is_running=month == this,
        good=round(100 * marks.GOOD),
        fair=round(100 * marks.FAIR),
        figures=marks.figures(rows, before),
        **broken_down(rows),
    )


def broken_down(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The month's promises to requesters by tier, policy and target, and all of its rows."""
    kept = marks.promised(rows)
    names = {one.id: one.name for one in settings.policies()}
    tiers = settings.tier_names()
    return {
        "whole": marks.rated(marks.total(kept)),
        "tiers": [
            {**marks.rated(one), "name": tiers.get(one["tier"], ""), "tier": one["tier"]}
            for one in attainment.summed(kept, "tier")
        ],
        "policies": [
            {**marks.rated(one), "name": names.get(one["policy"], one["policy"])}
            for one in attainment.summed(kept, "policy")
        ],
        "by_priority": marks.by_priority(rows),
        "rows": [
            {
                **marks.rated(one),
                "title": title_of(one["target"]),
                "name": names.get(one["policy"], one["policy"]),
            }
            for one in attainment.summed(rows, "target", "policy", "tier", "priority")
        ],
    }


@page("/reports/attainment.csv", access=Access.LEAD)
def attainment_file(visit: Visit) -> Response:
    month = marks.month_asked(visit.asked("month"), visit.now)
    rows = attainment.summed(attainment.of_month(month), *COLUMNS[1:5])
    text = csv_text.written(COLUMNS, ({"month": month, **row} for row in rows))
    headers: dict[str, Any] = {
        **HEADERS,
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="attainment-{month}.csv"',
    }
    return Response(body=text, status_code=200, headers=headers)
