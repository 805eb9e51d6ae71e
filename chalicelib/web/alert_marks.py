"""What a ticket shows of its alert: how it stands, how often it was told, where to look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from chalicelib.web.times import counted

Data = Mapping[str, Any]
SHOWN_PARTS = 20
SAFE = ("http", "https")


def standing(alerts: Data | None) -> dict[str, Any] | None:
    """`{marks, times, last_at, left_out}`; None where a ticket has no alert."""
    if not alerts:
        return None
    return {
        "marks": marks(alerts),
        "times": counted(int(alerts.get("count") or 0), "time"),
        "last_at": alerts.get("last_at"),
        "left_out": left_out(int(alerts.get("left_out") or 0)),
    }


def marks(alerts: Data) -> list[dict[str, str]]:
    """The newest word of its tool, and what makes that doubtful."""
    firing = bool(alerts.get("firing"))
    found = [{"tone": "bad", "words": "firing"} if firing else {"tone": "ok", "words": "ended"}]
    if alerts.get("flapping"):
        found.append({"tone": "warn", "words": "flapping"})
    if alerts.get("stale"):
        found.append({"tone": "warn", "words": "not heard of lately"})
    return found


def left_out(count: int) -> str:
    if not count:
        return ""
    verb = "was" if count == 1 else "were"
    return f"{count} more of its group {verb} not sent"


def safe_links(links: Iterable[Data]) -> list[dict[str, str]]:
    """Those that lead to a web page, each once, with the name of the machine that they lead to."""
    named: dict[str, str] = {}
    for one in links:
        named.setdefault(str(one.get("href") or ""), str(one.get("text") or "Link"))
    found = ({"text": text, "href": href, "host": host_of(href)} for href, text in named.items())
    return [one for one in found if one["host"]]


def host_of(href: str) -> str:
    """Empty for what is no address of a web page."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    return parts.hostname or "" if parts.scheme.lower() in SAFE else ""


def is_parent(entries: Iterable[Data]) -> bool:
    """Whether a storm gathered others under this incident."""
    return any(one["kind"] == "storm_began" for one in entries)


def parts(found: Sequence[Data]) -> dict[str, Any]:
    """The parts of an incident that still fire, of many the first."""
    more = len(found) > SHOWN_PARTS
    shown = list(found[:SHOWN_PARTS])
    return {"shown": shown, "count": f"{SHOWN_PARTS}+" if more else str(len(shown)), "more": more}
