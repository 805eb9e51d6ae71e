"""Groups: when a tool says that a group has ended, so has what its body left out."""

from datetime import datetime
from typing import Any

from chalicelib.adapters import queues
from chalicelib.domain.instants import from_text
from chalicelib.models.alert import AlertRecord
from chalicelib.models.marker import WHILE_QUEUED, Marker, Memory
from chalicelib.services import delivery_reading, episodes, hooks, incidents
from chalicelib.services.cases import Case
from chalicelib.services.delivery_reading import Reading

IN_A_MESSAGE = 25


def end_left_out(reading: Reading, now: datetime) -> None:
    """Send off the end of those members of an ended group that its delivery does not name."""
    group, message = reading.report.group, reading.message
    is_part = message.get("only") is not None
    if group is None or not group.resolved or not group.key or is_part:
        return
    named = {Case(reading.integration, one, "", now).alert_id for one in reading.report.alerts}
    key = str(episodes.group_of(reading.integration, group.key))
    if group.left_out:
        _remember_end(key, message, now)
    firing = [one for one in AlertRecord.firing_of_group(key) if one not in named]
    about = {name: message[name] for name in ("id", "at", "integration", "source")}
    starts = range(0, len(firing), IN_A_MESSAGE)
    told = [{**about, "ends": firing[n : n + IN_A_MESSAGE]} for n in starts]
    if queues.send(hooks.QUEUE, told):
        raise RuntimeError("the queue refused the end of a group")


def end_all(message: dict[str, Any], now: datetime) -> None:
    """End those that were firing when their group ended.

    Raises the first failure when all the others have been ended.
    """
    found, at, failures = delivery_reading.integration_of(message), from_text(message["at"]), []
    for record in AlertRecord.many(message["ends"]).values():
        if record.since and record.since > at:
            continue
        case = Case(found, episodes.ended_alert(record), message["id"], now, came_at=at)
        try:
            incidents.act(case)
        except Exception as error:
            failures.append(error)
    if failures:
        raise failures[0]


def has_ended(case: Case) -> bool:
    """Whether the group of what waited meanwhile has ended since that came."""
    key = episodes.group_of(case.integration, case.alert.group)
    found = Marker.live(f"group-ended#{key}", case.now) if key else None
    return found is not None and case.heard_at < from_text(found.answer["at"])


def _remember_end(key: str, message: dict[str, Any], now: datetime) -> None:
    """For those members that are not named and that we do not know yet; the newest end counts."""
    name, known = f"group-ended#{key}", Marker.live(f"group-ended#{key}", now)
    if known is None or known.answer["at"] < message["at"]:
        Memory.lasting(name, now, WHILE_QUEUED, answer={"at": message["at"]}).save()
