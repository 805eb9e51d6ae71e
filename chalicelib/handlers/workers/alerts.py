"""The alerts queue: deliveries of monitoring tools, acted on after they were kept."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.handlers.entry import each_message
from chalicelib.observability import count
from chalicelib.services import alerts as service
from chalicelib.services import clock

QUEUE = "arn:aws:sqs:REGION:ACCOUNT:helpdesk-STAGE-alerts"
BATCH = 10

alerts = Blueprint(__name__)


@alerts.on_sqs_message(queue_arn=QUEUE, batch_size=BATCH, name="receive_alerts")
@each_message
def receive_alerts(message: dict[str, Any], context: Any) -> None:
    count("AlertsReceived", service.receive(message, clock.now()))
