"""Webhooks of monitoring tools: kept first, understood later."""

from chalice import Response

from chalicelib.handlers.api.endpoint import ANY_TYPE, api
from chalicelib.handlers.entry import api_view, json_response
from chalicelib.handlers.incoming import Incoming
from chalicelib.services import deliveries

DELIVERY_AT_MOST = 5 * 1024 * 1024


@api.route("/hooks/{source}/{integration_key}", methods=["POST"], content_types=ANY_TYPE)
@api_view(api)
def receive_hook(incoming: Incoming, source: str, integration_key: str) -> Response:
    """202 means that the delivery is stored."""
    body = incoming.body(at_most=DELIVERY_AT_MOST)
    authorization = incoming.header("authorization")
    delivery = deliveries.accept(source, integration_key, authorization, body)
    return json_response({"delivery_id": delivery}, 202)
