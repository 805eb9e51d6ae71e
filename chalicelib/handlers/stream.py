"""The relays: from the tables' streams to the queues. Each stream's only reader."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.handlers.entry import each_stream_record
from chalicelib.observability import logger
from chalicelib.services import recording, staffing
from chalicelib.services.publishing import publish

# Replaced by the tables' own streams when the bundle is packaged (infra/resources.yaml).
AUDIT_STREAM = "arn:aws:dynamodb:REGION:ACCOUNT:table/helpdesk-STAGE-audit/stream/LABEL"
PEOPLE_STREAM = "arn:aws:dynamodb:REGION:ACCOUNT:table/helpdesk-STAGE-people/stream/LABEL"
TIMELINE_STREAM = "arn:aws:dynamodb:REGION:ACCOUNT:table/helpdesk-STAGE-timeline/stream/LABEL"

stream = Blueprint(__name__)


@stream.on_dynamodb_record(stream_arn=TIMELINE_STREAM, batch_size=100, name="relay_timeline")
@each_stream_record
def relay_timeline(records: list[Any]) -> list[str]:
    """Note in the audit what happened, and tell the queues; what could not be told comes again."""
    inserted = [record["dynamodb"] for record in records if record["eventName"] == "INSERT"]
    recording.note_entries([change["NewImage"] for change in inserted])
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


@stream.on_dynamodb_record(stream_arn=AUDIT_STREAM, batch_size=500, name="seal_audit")
@each_stream_record
def seal_audit(records: list[Any]) -> list[str]:
    """Cover what was added to the audit by its chain."""
    changes = [record["dynamodb"] for record in records if record["eventName"] == "INSERT"]
    recording.seal([change["NewImage"] for change in changes])
    return []


def _event(image: dict[str, Any]) -> dict[str, Any]:
    return {
        "ticket_id": image["ticket_id"]["S"],
        "entry_id": image["entry_id"]["S"],
        "kind": image["kind"]["S"],
        "tier": image["tier"]["N"],
        "settles": "cycles" in image,
        "carries": "files" in image,
    }
