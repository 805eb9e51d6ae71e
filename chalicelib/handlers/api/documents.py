"""The OpenAPI document, as the product serves it."""

from chalice import Response

from chalicelib.handlers.api.endpoint import ANY_TYPE, api
from chalicelib.handlers.api.openapi import document
from chalicelib.handlers.entry import api_view, json_response
from chalicelib.handlers.incoming import Incoming


@api.route("/openapi.json", methods=["GET"], content_types=ANY_TYPE)
@api_view(api)
def openapi(incoming: Incoming) -> Response:
    return json_response(document(incoming.base_url))
