"""A week of on-call drawn as SVG: a bar a person, an override with a strip below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from chalicelib.web.avatars import avatar_class, initials

ROOM_FOR_A_NAME = 9  # per cent of a week

WEEK = Markup(
    '<svg class="duty" width="100%" height="30" role="img" aria-label="{label}">'
    '<rect class="track" width="100%" height="30"/>{pieces}{days}{now}</svg>'
)
PIECE = Markup(
    '<svg x="{x}%" width="{width}%" height="30"><title>{title}</title>'
    '<rect class="turn {tone}" width="100%" height="30" rx="5"/>{strip}'
    '<text x="9" y="19">{name}</text></svg>'
)
STRIP = Markup('<rect class="strip" x="2" y="24" width="100%" height="4"/>')
DAY = Markup('<line class="tick" x1="{x}%" x2="{x}%" y2="30"/>')
NOW = Markup('<line class="now" x1="{x}%" x2="{x}%" y2="30"/>')


def duty(week: Mapping[str, Any]) -> Markup:
    """One row of the schedule; its label says the same in words."""
    now = "" if week["now"] is None else NOW.format(x=f"{week['now']:.2f}")
    return WEEK.format(
        label=week["words"],
        pieces=Markup("").join(map(_piece, _seen(week["pieces"]))),
        days=Markup("").join(DAY.format(x=f"{100 * day / 7:.2f}") for day in range(1, 7)),
        now=now,
    )


def _seen(pieces: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those in which somebody is called."""
    return [one for one in pieces if one["id"]]


def _piece(one: Mapping[str, Any]) -> Markup:
    return PIECE.format(
        x=f"{one['x']:.2f}",
        width=f"{one['width']:.2f}",
        title=one["title"],
        tone=avatar_class(one["id"]) if one["is_there"] else "gone",
        strip=STRIP if one["by_override"] else "",
        name=one["name"] if one["width"] >= ROOM_FOR_A_NAME else initials(one["name"]),
    )
