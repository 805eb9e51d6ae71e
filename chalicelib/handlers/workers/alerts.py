"""The alerts queue: deliveries of monitoring tools, acted on after they were kept."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.handlers.entry import all_messages
from chalicelib.services import alerts as service
from chalicelib.services import clock

QUEUE = "arn:aws:sqs:REGION:ACCOUNT:helpdesk-STAGE-alerts"
BATCH = 10

alerts = Blueprint(__name__)


@alerts.on_sqs_message(queue_arn=QUEUE, batch_size=BATCH, name="receive_alerts")
@all_messages
def receive_alerts(messages: list[dict[str, Any]]) -> list[int]:
    """Those that fail come again, the others do not."""
    return service.receive(messages, clock.now())
