"""How well promises are kept, as figures: shares of a month by target, tier, policy, priority."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chalicelib.domain.vocabulary import CUSTOMER_TARGETS, TARGETS, Priority
from chalicelib.web.sla_marks import title_of

MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
GOOD, FAIR = 0.95, 0.85  # from here on green, from here on amber

Row = dict[str, Any]


def month_asked(text: str | None, now: datetime) -> str:
    """The month of a `?month=`; this one for anything that is none, or still to come."""
    this = f"{now:%Y-%m}"
    return text if text and MONTH.fullmatch(text) and text <= this else this


def neighbour(month: str, step: int) -> str:
    """The month so many before or after."""
    years, months = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + step, 12)
    return f"{years:04d}-{months + 1:02d}"


def month_name(month: str) -> str:
    return f"{datetime(int(month[:4]), int(month[5:]), 1):%B %Y}"


def total(rows: Iterable[Row]) -> dict[str, int]:
    """`{met, breached}` of all rows."""
    counts = [(row["met"], row["breached"]) for row in rows]
    return {"met": sum(met for met, _ in counts), "breached": sum(late for _, late in counts)}


def rated(counts: Row) -> dict[str, Any]:
    """Counts with their share in words and a tone; the share is None where nothing was counted."""
    of = counts["met"] + counts["breached"]
    met = counts["met"] / of if of else None
    return {**counts, "of": of, "share": met, "percent": percent(met), "tone": tone_of(met)}


def percent(met: float | None) -> str:
    """`94.1 %`, cut and not rounded: nothing missed is the only 100 %."""
    if met is None:
        return "\N{EN DASH}"
    tenths = int(met * 1000 + 1e-9)
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths / 10:.1f} %"


def tone_of(met: float | None) -> str:
    if met is None:
        return "off"
    return "ok" if met >= GOOD else "warn" if met >= FAIR else "bad"


def figures(rows: list[Row], before: list[Row]) -> list[dict[str, Any]]:
    """Each target's share, and by how many points it moved since the month before."""
    return [figure(target, rows, before) for target in TARGETS]


def figure(target: str, rows: list[Row], before: list[Row]) -> dict[str, Any]:
    now, then = (rated(total(of_target(some, target))) for some in (rows, before))
    moved = None
    if now["share"] is not None and then["share"] is not None:
        moved = round(100 * (now["share"] - then["share"]), 1)
    promised = target in CUSTOMER_TARGETS
    return {**now, "title": title_of(target), "moved": moved, "promised": promised}


def of_target(rows: Iterable[Row], target: str) -> list[Row]:
    return [row for row in rows if row["target"] == target]


def promised(rows: Iterable[Row]) -> list[Row]:
    """What requesters were promised; the time to accept is the desk's own affair."""
    return [row for row in rows if row["target"] in CUSTOMER_TARGETS]


def by_priority(rows: list[Row]) -> list[dict[str, Any]]:
    """A row for each target with the figures of each priority."""
    return [
        {
            "title": title_of(target),
            "cells": [
                rated(total(row for row in of_target(rows, target) if row["priority"] == priority))
                for priority in Priority
            ],
        }
        for target in TARGETS
    ]
