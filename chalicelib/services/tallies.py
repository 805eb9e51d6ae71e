"""How often an incident was told of: kept with its alert, and read from there.

A repeat is counted in the alert's record alone. It is no change of the ticket, which people work on
at the same time.
"""

from collections.abc import Iterable
from typing import Any

from chalicelib.domain.instants import to_text
from chalicelib.models.alert import AlertRecord
from chalicelib.models.ticket import Ticket


def refresh(tickets: Iterable[Ticket]) -> None:
    """Show on tickets how their alerts stand now: one read for a page of them, or none."""
    told = [one for one in tickets if one.alert and one.alert.get("id")]
    ids = list(dict.fromkeys(str(one.alert["id"]) for one in told))
    known = AlertRecord.many(ids) if ids else {}
    for one in told:
        record = known.get(str(one.alert["id"]))
        if record and record.ticket_id == one.ticket_id and not record.held:
            one.alert = tally(record)


def tally(record: AlertRecord) -> dict[str, Any]:
    """What the ticket shows of it."""
    marks = {name: True for name in ("flapping", "stale") if getattr(record, name)}
    left_out = {"left_out": int(record.left_out)} if record.left_out else {}
    return {"id": record.alert_id, "count": int(record.times), "firing": record.firing,
            "last_at": to_text(record.last_at), **marks, **left_out}  # fmt: skip
