"""The sweep queue: tickets found due by the clock's tick, a handful in each message."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.domain.instants import from_text
from chalicelib.handlers.entry import each_message
from chalicelib.handlers.sweeping import advance_or_push_ahead

QUEUE = "arn:aws:sqs:REGION:ACCOUNT:helpdesk-STAGE-sweep"
BATCH = 10

sweep = Blueprint(__name__)


@sweep.on_sqs_message(queue_arn=QUEUE, batch_size=BATCH, name="advance_due_tickets")
@each_message
def advance_due_tickets(message: dict[str, Any], context: Any) -> None:
    now = from_text(message["now"])
    for ticket_id in message["ticket_ids"]:
        advance_or_push_ahead(ticket_id, now)
