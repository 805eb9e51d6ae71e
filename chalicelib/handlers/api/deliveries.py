"""What monitoring tools sent, over HTTP: read, tried again, put aside."""

from typing import Any

from chalice import Response

from chalicelib.domain.permissions import Access
from chalicelib.handlers.api import alert_setting_answers as answers
from chalicelib.handlers.api.alert_setting_schemas import TroubleQuery
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.schemas import PageQuery
from chalicelib.handlers.entry import json_response, no_content
from chalicelib.services import alert_settings, deliveries, hooks
from chalicelib.services.cursors import Cursors

TAGS: dict[str, Any] = {"tags": ("settings",)}
INTEGRATION = "/integrations/{integration_id}"
ALL, ONE = f"{INTEGRATION}/deliveries", f"{INTEGRATION}/deliveries/{{delivery_id}}"
SENT: dict[str, Any] = {"answers": answers.SentOut, "status": 202, **TAGS}


@endpoint("POST", f"{INTEGRATION}/test", Access.DESK, **SENT)
def send_test(call: Call, integration_id: str) -> Response:
    """Send an example of the tool by the usual way, to see what it would do; it opens nothing."""
    sent = hooks.send_test(integration_id, call.actor, call.now)
    return json_response({"delivery_id": sent}, 202)


@endpoint("GET", ALL, Access.DESK, query=PageQuery, answers=answers.DeliveriesOut, **TAGS)
def list_deliveries(call: Call, integration_id: str) -> Response:
    """List what an integration's tool sent in the last thirty days, newest first."""
    alert_settings.integration(integration_id)
    asked: PageQuery = call.query
    cursors = Cursors(f"deliveries#{integration_id}#{call.actor.id}", call.now)
    before = cursors.position(asked.cursor)
    found = deliveries.listed(integration_id, call.actor, asked.limit + 1, before)
    shown = found[: asked.limit]
    more = cursors.at(shown[-1]["id"]) if len(found) > asked.limit else None
    return json_response({"items": shown, "next": more})


@endpoint("GET", ONE, Access.DESK, answers=answers.DeliveryDetailOut, **TAGS)
def read_delivery(call: Call, integration_id: str, delivery_id: str) -> Response:
    """Read what was sent, and what became of it."""
    return json_response(deliveries.detail(integration_id, delivery_id, call.actor))


@endpoint("POST", f"{ONE}/replay", Access.DESK, **SENT)
def replay_delivery(call: Call, integration_id: str, delivery_id: str) -> Response:
    """Handle a delivery again as if it came now."""
    sent = deliveries.replay(integration_id, delivery_id, call.actor, call.now)
    return json_response({"delivery_id": sent}, 202)


@endpoint("GET", "/troubled-deliveries", Access.DESK, query=TroubleQuery,
          answers=answers.DeliveriesOut, **TAGS)  # fmt: skip
def list_troubled_deliveries(call: Call) -> Response:
    """List what nobody could read, of all integrations, until it is replayed or put aside."""
    found = deliveries.in_trouble(call.actor, call.query.limit)
    return json_response({"items": found, "next": None})


@endpoint("DELETE", f"{ONE}/trouble", Access.DESK, answers=None, status=204, **TAGS)
def put_delivery_aside(call: Call, integration_id: str, delivery_id: str) -> Response:
    """Put aside a delivery that nobody could read and that needs nothing more."""
    deliveries.dismiss(integration_id, delivery_id, call.actor, call.now)
    return no_content()
