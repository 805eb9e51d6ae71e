"""The files queue: whoever sent files with a message, they open once they are known to be clean."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.handlers.entry import each_message
from chalicelib.services import clock, scans

QUEUE = "arn:aws:sqs:REGION:ACCOUNT:helpdesk-STAGE-files"
BATCH = 1  # a message may carry ten files

files = Blueprint(__name__)


@files.on_sqs_message(queue_arn=QUEUE, batch_size=BATCH, name="check_files")
@each_message
def check_files(message: dict[str, Any], context: Any) -> None:
    scans.work(message, clock.now())
