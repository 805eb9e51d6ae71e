"""Webhooks of monitoring tools: kept first, understood later. 202 means that it is stored."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote

from chalice import Response

from chalicelib.handlers.api.endpoint import ANY_TYPE, api
from chalicelib.handlers.entry import SAFE_HEADERS, api_view, json_response
from chalicelib.handlers.incoming import Incoming
from chalicelib.handlers.problems import Refusal
from chalicelib.services import hooks

DELIVERY_AT_MOST = 5 * 1024 * 1024
ADDRESS = "/hooks/{source}/{integration_key}"
SEND_SO = "Send a POST, or a GET that carries what it tells in its query."

View = Callable[..., Response]


def hook(path: str, *methods: str) -> Callable[[View], View]:
    """Serve an address of a hook, or one below it in the manner of a tool's own API."""

    def register(view: View) -> View:
        route = api.route(
            ADDRESS + path, methods=list(methods), content_types=ANY_TYPE, name=view.__name__
        )
        route(api_view(api)(view))
        return view

    return register


@hook("", "POST", "PUT")
def receive_hook(incoming: Incoming, source: str, integration_key: str) -> Response:
    return _receive(incoming, source, integration_key)


@hook("", "GET")
def receive_query(incoming: Incoming, source: str, integration_key: str) -> Response:
    """Some tools can only call an address; a plain visit of it tells nothing."""
    hooks.check_address(source, integration_key)
    if not incoming.query:
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, SEND_SO)
    return _receive(incoming, source, integration_key)


@hook("", "OPTIONS")
def validate_hook(incoming: Incoming, source: str, integration_key: str) -> Response:
    """CloudEvents' handshake: whoever knows the address may deliver, from wherever.

    https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md
    """
    hooks.check_address(source, integration_key)
    origin = incoming.header("webhook-request-origin")
    allowed = {"WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": "*"} if origin else {}
    headers = {**SAFE_HEADERS, "Allow": "POST, PUT, GET, OPTIONS", **allowed}
    return Response(body="", status_code=200, headers=dict(headers))


@hook("/v2/enqueue", "POST")
def receive_event(incoming: Incoming, source: str, integration_key: str) -> Response:
    """As PagerDuty's Events API v2."""
    return _receive(incoming, source, integration_key, "v2/enqueue")


@hook("/v2/alerts", "POST")
def receive_new_alert(incoming: Incoming, source: str, integration_key: str) -> Response:
    """As Opsgenie's Alert API."""
    return _receive(incoming, source, integration_key, "v2/alerts")


@hook("/v2/alerts/{alias}/{action}", "POST", "PUT")
def receive_action(
    incoming: Incoming, source: str, integration_key: str, alias: str, action: str
) -> Response:
    path = f"v2/alerts/{unquote(alias)}/{action}"
    return _receive(incoming, source, integration_key, path)


def _receive(incoming: Incoming, source: str, key: str, path: str = "") -> Response:
    body = incoming.body(at_most=DELIVERY_AT_MOST)
    query = {name: values[-1] for name, values in incoming.query.items()}
    headers = {str(name).lower(): str(value) for name, value in incoming.headers.items()}
    accepted = hooks.accept(source, key, body, headers, query, path, incoming.now)
    return json_response(accepted.answer, 202)
