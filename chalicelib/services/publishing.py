"""Which queue hears of which event: the whole of the routing, on one screen."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from chalicelib.adapters import queues
from chalicelib.domain.events import Kind

TIER, NOTIFICATIONS, VERDICTS, ALERTS = "tier", "notifications", "verdicts", "alerts"
FILES = "files"

ROUTES: dict[Kind, tuple[str, ...]] = {
    Kind.OPENED: (TIER, NOTIFICATIONS),
    Kind.UNASSIGNED: (TIER,),
    Kind.REOPENED: (TIER, NOTIFICATIONS),
    Kind.ESCALATED: (TIER, NOTIFICATIONS),
    Kind.DE_ESCALATED: (TIER,),
    Kind.TRANSFERRED: (TIER,),
    Kind.NOT_ACCEPTED: (TIER,),
    Kind.UNSTAFFED: (NOTIFICATIONS,),
    Kind.PAGED: (NOTIFICATIONS,),
    Kind.HANDED_OVER: (NOTIFICATIONS,),
    Kind.SLA_BREACHED: (VERDICTS,),
    Kind.ASSIGNED: (NOTIFICATIONS,),
    Kind.CHANGED: (TIER,),
    Kind.RESUMED: (TIER,),
    Kind.REPLY: (TIER, NOTIFICATIONS),
    Kind.NOTE: (NOTIFICATIONS,),
    Kind.CALL: (NOTIFICATIONS,),
    Kind.RESOLVED: (NOTIFICATIONS,),
    Kind.ALERT_CHANGED: (TIER,),
    Kind.STORM_BEGAN: (ALERTS,),
    Kind.UNFOLDED: (TIER,),
}

Event = dict[str, Any]


def publish(events: Iterable[tuple[str, Event]]) -> list[str]:
    """Send each event's ids to the queues that hear of it.

    `events` are (name, {ticket_id, entry_id, kind, tier, settles, carries}); whatever its kind,
    what settles a verdict by ending a clock's cycle is told to VERDICTS as well, and what carries
    files to FILES. Answers the names of
    those that some queue did not take, to be sent again.
    """
    outgoing: dict[str, list[tuple[str, Event]]] = defaultdict(list)
    for name, event in events:
        for queue in _queues(event):
            outgoing[queue].append((name, _ids(event)))
    return [name for queue, named in outgoing.items() for name in _send(queue, named)]


def _queues(event: Event) -> list[str]:
    settling = (VERDICTS,) if event.get("settles") else ()
    carrying = (FILES,) if event.get("carries") else ()
    routes = dict.fromkeys(ROUTES.get(Kind(event["kind"]), ()) + settling + carrying)
    return [f"tier{event['tier']}" if route == TIER else route for route in routes]


def _ids(event: Event) -> Event:
    return {key: event[key] for key in ("ticket_id", "entry_id", "kind")}


def _send(queue: str, named: list[tuple[str, Event]]) -> list[str]:
    refused = queues.send(queue, [event for _, event in named])
    return [named[position][0] for position in refused]
