"""Groups: when a tool says that a group has ended, so has what its body left out."""

from datetime import datetime
from typing import Any

from chalicelib.adapters import queues
from chalicelib.models.alert import AlertRecord
from chalicelib.services import delivery_reading, episodes, hooks, incidents
from chalicelib.services.cases import Case
from chalicelib.services.delivery_reading import Reading

IN_A_MESSAGE = 25
MOST = 5_000


def end_left_out(reading: Reading, now: datetime) -> None:
    """Send off the end of those members of an ended group that its delivery does not name."""
    group, message = reading.report.group, reading.message
    is_part = message.get("only") is not None
    if group is None or not group.resolved or not group.key or is_part:
        return
    named = {Case(reading.integration, one, "", now).alert_id for one in reading.report.alerts}
    key = episodes.group_of(reading.integration, group.key)
    firing = [one for one in AlertRecord.firing_of_group(str(key), MOST) if one not in named]
    about = {name: message[name] for name in ("id", "at", "integration", "source")}
    starts = range(0, len(firing), IN_A_MESSAGE)
    told = [{**about, "ends": firing[n : n + IN_A_MESSAGE]} for n in starts]
    if queues.send(hooks.QUEUE, told):
        raise RuntimeError("the queue refused the end of a group")


def end_all(message: dict[str, Any], now: datetime) -> None:
    """End those that are still firing."""
    found = delivery_reading.integration_of(message)
    for record in AlertRecord.many(message["ends"]).values():
        incidents.act(Case(found, episodes.ended_alert(record), message["id"], now))
