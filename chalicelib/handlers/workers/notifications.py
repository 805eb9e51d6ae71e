"""The notifications queue: mails to requesters and leads."""

from collections.abc import Callable
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)
from chalice.app import Blueprint

from chalicelib.config import config
from chalicelib.domain.letters import Letter
from chalicelib.handlers.entry import each_message
from chalicelib.observability import count, logger
from chalicelib.services import clock, outgoing
from chalicelib.services import notifications as service
from chalicelib.web import mails

QUEUE = "arn:aws:sqs:REGION:ACCOUNT:helpdesk-STAGE-notifications"
BATCH = 10
REMEMBERED_FOR_SECONDS = 14 * 24 * 3600  # as long as a message can live in queue and dead letters

notifications = Blueprint(__name__)


@notifications.on_sqs_message(queue_arn=QUEUE, batch_size=BATCH, name="send_notifications")
@each_message
def send_notifications(message: dict[str, Any], context: Any) -> None:
    settings, send_once = _idempotent()
    settings.register_lambda_context(context)
    failures = []
    for letter in service.letters_for(message, clock.now()):
        try:
            send_once(task={"key": letter.key}, letter=letter)
        except Exception as failure:  # one address that is refused keeps no other letter back
            logger.exception("letter not sent", kind=letter.kind, ticket=letter.ticket.get("id"))
            failures.append(failure)
    if failures:
        raise failures[0]


def _send(task: dict[str, str], letter: Letter) -> str:
    """SES takes no token: a crash between its answer and our mark sends a mail twice."""
    ready = outgoing.ready(letter, clock.now())
    if ready is None:
        count("MailsHeld")
        return "held"
    sent_as = service.send(mails.written(ready), letter.channel)
    count("MailsSent")
    return sent_as


@cache
def _idempotent() -> tuple[IdempotencyConfig, Callable[..., str]]:
    settings = IdempotencyConfig(
        event_key_jmespath="key", expires_after_seconds=REMEMBERED_FOR_SECONDS
    )
    store = DynamoDBPersistenceLayer(
        table_name=config.name("markers"), key_attr="marker_id", expiry_attr="expires_at"
    )
    once = idempotent_function(
        _send, data_keyword_argument="task", persistence_store=store, config=settings
    )
    return settings, once
