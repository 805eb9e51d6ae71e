"""Whether this function is up; it asks nothing else, so that it costs nothing."""

from chalice import Response

from chalicelib.handlers.api.endpoint import ANY_TYPE, api
from chalicelib.handlers.entry import api_view, json_response
from chalicelib.handlers.incoming import Incoming


@api.route("/healthz", methods=["GET"], content_types=ANY_TYPE)
@api_view(api)
def healthz(incoming: Incoming) -> Response:
    return json_response({"status": "ok"})
