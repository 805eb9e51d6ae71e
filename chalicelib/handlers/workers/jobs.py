"""The jobs queue: long work over many tickets, one part at a time."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.handlers.entry import each_message
from chalicelib.services import clock, exports
from chalicelib.services import jobs as service
from chalicelib.web import export_page

QUEUE = "arn:aws:sqs:REGION:ACCOUNT:helpdesk-STAGE-jobs"
BATCH = 1

jobs = Blueprint(__name__)
exports.present_with(export_page.text)


@jobs.on_sqs_message(queue_arn=QUEUE, batch_size=BATCH, name="run_jobs")
@each_message
def run_jobs(message: dict[str, Any], context: Any) -> None:
    service.work(message, clock.now())
