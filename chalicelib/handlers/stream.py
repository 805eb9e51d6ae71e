"""The relays: from the tables' streams to the queues. Each stream's only reader."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.handlers.entry import each_stream_record
from chalicelib.observability import logger
from chalicelib.services import staffing
from chalicelib.services.publishing import publish

# Replaced by the tables' own streams when the bundle is packaged (infra/resources.yaml).
PEOPLE_STREAM = "arn:aws:dynamodb:REGION:ACCOUNT:table/helpdesk-STAGE-people/stream/LABEL"
TIMELINE_STREAM = "arn:aws:dynamodb:REGION:ACCOUNT:table/helpdesk-STAGE-timeline/stream/LABEL"

stream = Blueprint(__name__)


@stream.on_dynamodb_record(stream_arn=TIMELINE_STREAM, batch_size=100, name="relay_timeline")
@each_stream_record
def relay_timeline(records: list[Any]) -> list[str]:
    """Tell the queues what happened; from the first record that could not be told, again."""
    inserted = [record["dynamodb"] for record in records if record["eventName"] == "INSERT"]
    events = [(change["SequenceNumber"], _event(change["NewImage"])) for change in inserted]
    refused = set(publish(events))
    if refused:
        logger.warning("events not relayed", count=len(refused))
    return [name for name, _ in events if name in refused]


@stream.on_dynamodb_record(stream_arn=PEOPLE_STREAM, batch_size=100, name="relay_people")
@each_stream_record
def relay_people(records: list[Any]) -> list[str]:
    """Tell the staffing queue of everybody who went, came, or has more room than before."""
    changes = [record["dynamodb"] for record in records]
    named = [(one["SequenceNumber"], one.get("OldImage"), one.get("NewImage")) for one in changes]
    refused = set(staffing.publish(named))
    return [name for name, _, _ in named if name in refused]


def _event(image: dict[str, Any]) -> dict[str, Any]:
    return {
        "ticket_id": image["ticket_id"]["S"],
        "entry_id": image["entry_id"]["S"],
        "kind": image["kind"]["S"],
        "tier": image["tier"]["N"],
        "settles": "cycles" in image,
    }
