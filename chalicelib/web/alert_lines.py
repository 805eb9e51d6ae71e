"""What alerts do to an incident, as quiet lines: firing, worse, flapping, stale, a part."""

from __future__ import annotations

from typing import Any

from chalicelib.web.staffing_lines import Data, Line, listed, named
from chalicelib.web.times import counted

SEEN_TICKETS = 5  # of those that a storm gathers; of more there is the number


def alert(data: Data) -> str:
    return str(data.get("title") or data.get("identity") or "no name given")


def fired(data: Data) -> str:
    more = data.get("left_out")
    beside = f" ({more} more of its group were not sent)" if more else ""
    return f"alert is firing: {alert(data)}{beside}"


def worse(data: Data) -> str:
    """The severity, the priority or both; and of which alert."""
    before, after = data.get("before") or {}, data.get("after") or {}
    parts = [f"{name} from {before.get(name)} to {after[name]}" for name in after]
    title = f": {data['title']}" if data.get("title") else ""
    return f"raised the {' and the '.join(parts) or 'severity'}{title}"


def noted(data: Data) -> str:
    return f"noted that somebody takes care of it in {tool(data)}: {alert(data)}"


def flapping(data: Data) -> str:
    if not data.get("changes"):
        return f"noted that {tool(data)} calls it flapping; the incident stays open meanwhile"
    changes, minutes = int(data["changes"]), int(data.get("minutes") or 0)
    return (
        f"noted that it is flapping: {counted(changes, 'change')} in "
        f"{counted(minutes, 'minute')}; the incident stays open until it is steady"
    )


def steady(data: Data) -> str:
    if "firing" not in data:
        return f"noted that {tool(data)} calls it steady again"
    state = "still firing" if data["firing"] else "over"
    return f"noted that it is steady again, and {state}"


def stale(data: Data) -> str:
    hours = f"{data['hours']:g}" if data.get("hours") else "some"
    return (
        f"noted that nothing was heard of it for {hours} hours: it may be over, or {tool(data)} "
        "reports no more"
    )


def storm_began(data: Data) -> str:
    tickets = list(data.get("tickets") or ())
    told = f", with {gathered(tickets)}" if tickets else ""
    return f"made it the incident of a storm of {data.get('key') or 'alerts'}{told}"


def gathered(tickets: list[Any]) -> str:
    more = len(tickets) - SEEN_TICKETS
    shown = tickets[:SEEN_TICKETS]
    return listed([*shown, f"{more} more"] if more > 0 else shown)


def folded(data: Data) -> str:
    was = f", away from {named(data['was'])}" if data.get("was") else ""
    return f"made it part of {parent(data)}{was}"


def unfolded(data: Data) -> str:
    return f"made it an incident of its own again, no longer part of {parent(data)}"


def parent(data: Data) -> str:
    return str(data.get("parent") or "another incident")


def tool(data: Data) -> str:
    return str(data.get("integration") or "its tool")


LINES: dict[str, Line] = {
    "alert_fired": ("pulse", fired),
    "alert_changed": ("arrow-up", worse),
    "alert_noted": ("eye", noted),
    "alert_flapping": ("swap", flapping),
    "alert_steady": ("check", steady),
    "alert_stale": ("hourglass", stale),
    "alert_resolved": ("pulse", lambda data: f"alert has ended: {alert(data)}"),
    "storm_began": ("layers", storm_began),
    "folded": ("layers", folded),
    "unfolded": ("layers", unfolded),
}
