"""The tiers' queues: every ticket that reaches a tier gets somebody who works on it."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.handlers.entry import each_message
from chalicelib.observability import count
from chalicelib.services import clock, staffing

# Replaced by the queues' own ARNs when the bundle is packaged (infra/resources.yaml).
QUEUE = "arn:aws:sqs:REGION:ACCOUNT:helpdesk-STAGE-tier{}"
BATCH = 10

tiers = Blueprint(__name__)


@tiers.on_sqs_message(queue_arn=QUEUE.format(1), batch_size=BATCH, name="work_tier1")
@each_message
def work_tier1(message: dict[str, Any], context: Any) -> None:
    _work(message, 1)


@tiers.on_sqs_message(queue_arn=QUEUE.format(2), batch_size=BATCH, name="work_tier2")
@each_message
def work_tier2(message: dict[str, Any], context: Any) -> None:
    _work(message, 2)


@tiers.on_sqs_message(queue_arn=QUEUE.format(3), batch_size=BATCH, name="work_tier3")
@each_message
def work_tier3(message: dict[str, Any], context: Any) -> None:
    _work(message, 3)


def _work(message: dict[str, Any], tier: int) -> None:
    ticket = staffing.receive(message["ticket_id"], tier, clock.now(), message.get("entry_id"))
    if ticket and ticket.unstaffed_since:
        count("TicketUnstaffed")
