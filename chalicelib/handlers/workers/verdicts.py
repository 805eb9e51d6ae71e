"""The verdicts queue: targets met and missed, counted by month."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.handlers.entry import each_message
from chalicelib.observability import count
from chalicelib.services import attainment, clock

QUEUE = "arn:aws:sqs:REGION:ACCOUNT:helpdesk-STAGE-verdicts"
BATCH = 10

verdicts = Blueprint(__name__)


@verdicts.on_sqs_message(queue_arn=QUEUE, batch_size=BATCH, name="count_verdicts")
@each_message
def count_verdicts(message: dict[str, Any], context: Any) -> None:
    count("VerdictsCounted", attainment.count_verdicts(message, clock.now()))
