"""The API as a WSGI application, for tools that speak to those: behind the local gateway."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from chalice.config import Config

from infra.local import resources, template
from infra.local.exchange import Answer, Asked, Refusals, Refused
from infra.local.gateway import Gateway

CONFIG = {"lambda_timeout": 10, "lambda_memory_size": 128}
AS_HEADERS = ("CONTENT_TYPE", "CONTENT_LENGTH")


class Served:
    """One request at a time, as moto needs it."""

    def __init__(self, gateway: Gateway, refusals: Refusals) -> None:
        self._gateway, self._refusals = gateway, refusals

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        answer = self._answer(_asked(environ))
        start(f"{answer.status} -", list(answer.header_lines()))
        return [answer.body]

    def _answer(self, asked: Asked) -> Answer:
        try:
            return self._gateway.answer(asked)
        except Refused as refusal:
            return self._refusals.answer(refusal.status)


@contextmanager
def served() -> Iterator[Served]:
    """The whole app, with the gateway's own refusals in the template's words."""
    from app import app

    plain = app.__class__
    api = template.read(resources.DESCRIPTION)["Resources"]["RestAPI"]["Properties"]
    gateway = Gateway(app, Config("local", config_from_disk=CONFIG))
    try:
        yield Served(gateway, Refusals(api["GatewayResponses"]))
    finally:
        app.__class__ = plain  # as the other tests know it


def _asked(environ: dict[str, Any]) -> Asked:
    named = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): text
        for name, text in environ.items()
        if name.startswith("HTTP_") or name in AS_HEADERS
    }
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    path, _, _ = str(environ["REQUEST_URI"]).partition("?")
    query = environ.get("QUERY_STRING")
    address = f"{path}?{query}" if query else path
    return Asked(environ["REQUEST_METHOD"], address, named, body)
