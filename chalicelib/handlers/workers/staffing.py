"""The staffing queue: whoever came, went or has room again is looked after, one at a time."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.handlers.entry import each_message
from chalicelib.services import clock
from chalicelib.services import staffing as service

QUEUE = "arn:aws:sqs:REGION:ACCOUNT:helpdesk-STAGE-staffing"
BATCH = 1  # looking after one may take as long as a function has

staffing = Blueprint(__name__)


@staffing.on_sqs_message(queue_arn=QUEUE, batch_size=BATCH, name="work_staffing")
@each_message
def work_staffing(message: dict[str, Any], context: Any) -> None:
    service.work(message, clock.now())
