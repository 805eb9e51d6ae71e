"""HTTP on this machine through Chalice's own local gateway, with API Gateway's manners."""

import base64
import uuid
from http import HTTPStatus
from typing import Any

from chalice.app import Chalice
from chalice.config import Config
from chalice.local import CustomLocalChalice, LocalChalice, LocalGateway

from infra.local.exchange import Answer, Asked, Refused


class Gateway(LocalGateway):  # type: ignore[misc]
    """Chalice's gateway, with bodies and unknown routes as API Gateway has them."""

    def __init__(self, app: Chalice, config: Config) -> None:
        if not isinstance(app, LocalChalice):
            # As `chalice local` does it: each thread gets its own current request.
            CustomLocalChalice.__bases__ = (LocalChalice, app.__class__)
            app.__class__ = CustomLocalChalice
        super().__init__(app, config)

    def answer(self, asked: Asked) -> Answer:
        """The app's response; raises Refused where API Gateway would not call the app."""
        event = self._generate_lambda_event(
            asked.method, asked.path, dict(asked.headers), asked.body or None
        )
        event["requestContext"]["identity"]["sourceIp"] = asked.client
        route = event["requestContext"]["resourcePath"]
        if asked.method not in self._app_object.routes[route]:
            raise Refused(HTTPStatus.NOT_FOUND)
        answer = self._app_object(event, self._generate_lambda_context())
        headers = {**answer["headers"], **answer["multiValueHeaders"]}
        return Answer(answer["statusCode"], _body_of(answer), headers, route)

    def _generate_lambda_event(
        self, method: str, path: str, headers: Any, body: bytes | None
    ) -> dict[str, Any]:
        try:
            event: dict[str, Any] = super()._generate_lambda_event(method, path, headers, body)
        except ValueError:
            raise Refused(HTTPStatus.NOT_FOUND) from None
        if isinstance(event["body"], bytes):
            event["body"] = event["body"].decode("utf-8", "replace")
        event["requestContext"]["requestId"] = str(uuid.uuid4())
        return event


def _body_of(answer: dict[str, Any]) -> bytes:
    body = answer["body"]
    if answer.get("isBase64Encoded"):
        return base64.b64decode(body)
    return body if isinstance(body, bytes) else (body or "").encode()
