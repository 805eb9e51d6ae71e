"""Integrations over HTTP: the tools that report to the desk, their keys and their mappings."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from chalice import Response

from chalicelib.domain.errors import FieldError, Invalid
from chalicelib.domain.integrations import Integration
from chalicelib.domain.permissions import Access
from chalicelib.handlers.api import alert_setting_answers as answers
from chalicelib.handlers.api.alert_setting_schemas import IntegrationIn, MappingIn
from chalicelib.handlers.api.collection import data_of, with_id
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.preconditions import do_once, etag, seen_version
from chalicelib.handlers.entry import json_response, no_content
from chalicelib.services import alert_settings, alert_views, settings
from chalicelib.services.alert_settings import PASTED

ALL, ONE = "/integrations", "/integrations/{integration_id}"
TAGS: dict[str, Any] = {"tags": ("settings",)}
SHAPE: dict[str, Any] = {"answers": answers.IntegrationOut, **TAGS}
Data = dict[str, Any]


@endpoint("GET", ALL, Access.DESK, answers=answers.IntegrationsOut, **TAGS)
def list_integrations(call: Call) -> Response:
    """List the integrations: the monitoring tools that report to the desk, and how they do."""
    items = [_view(call, one.to_data()) for one in settings.integrations()]
    return json_response({"items": items, "next": None})


@endpoint("POST", ALL, Access.ADMIN, body=IntegrationIn, status=201, keyed=True, **SHAPE)
def add_integration(call: Call) -> Response:
    """Add an integration; the answer has the address and the secret for its tool."""
    data = {**with_id(call.body), **_pasted(call.body)}

    def put(key: Any) -> tuple[Integration]:
        put_new = partial(alert_settings.put_integration, new=True, once=key)
        return (put_new(data, call.actor, call.now),)

    return _made_once(call, ALL, put)


@endpoint("GET", ONE, Access.DESK, **SHAPE)
def read_integration(call: Call, integration_id: str) -> Response:
    """Read an integration as it is now."""
    return _one(call, alert_settings.integration(integration_id))


@endpoint("PUT", ONE, Access.ADMIN, body=IntegrationIn, **SHAPE)
def put_integration(call: Call, integration_id: str) -> Response:
    """Change an integration; its keys and its source stay."""
    data = {**data_of(call.body), **_pasted(call.body)}
    alert_settings.integration(integration_id)
    if data.get("id", integration_id) != integration_id:
        raise Invalid(FieldError("/id", "An id never changes; leave it out."))
    data, seen = {**data, "id": integration_id}, seen_version(call, required=False)
    return _one(call, alert_settings.put_integration(data, call.actor, call.now, seen))


@endpoint("DELETE", ONE, Access.ADMIN, answers=None, status=204, **TAGS)
def delete_integration(call: Call, integration_id: str) -> Response:
    """Delete an integration; its address is gone at once."""
    alert_settings.delete_integration(integration_id, call.actor, call.now)
    return no_content()


@endpoint("POST", f"{ONE}/key", Access.ADMIN, status=201, keyed=True, **SHAPE)
def renew_key(call: Call, integration_id: str) -> Response:
    """Make a new key and secret; the ones before stay good until they are renewed again."""

    def renew(key: Any) -> tuple[Integration]:
        return (alert_settings.renew_key(integration_id, call.actor, call.now, once=key),)

    return _made_once(call, f"{ALL}/{integration_id}/key", renew)


@endpoint("DELETE", f"{ONE}/old-keys", Access.ADMIN, answers=None, status=204, **TAGS)
def forget_old_keys(call: Call, integration_id: str) -> Response:
    """Let only the newest key and secret be good, as after a leak."""
    alert_settings.forget_old_keys(integration_id, call.actor, call.now)
    return no_content()


@endpoint("PUT", f"{ONE}/mapping", Access.DESK, body=MappingIn, **SHAPE)
def put_mapping(call: Call, integration_id: str) -> Response:
    """Say where in its bodies the parts of an alert are; every agent may."""
    seen, mapping = seen_version(call, required=False), call.body.mapping
    put = partial(alert_settings.put_mapping, integration_id, mapping)
    return _one(call, put(call.actor, call.now, seen))


@endpoint("GET", "/sources", Access.DESK, answers=answers.SourcesOut, **TAGS)
def list_sources(call: Call) -> Response:
    """List the kinds of tools that can report to the desk, and how each is set up."""
    return json_response({"items": alert_views.sources(), "next": None})


def _pasted(body: IntegrationIn) -> Data:
    """Null says something here: back to a secret of ours."""
    return {PASTED: body.pasted_secret} if PASTED in body.model_fields_set else {}


def _made_once(call: Call, path: str, make: Callable[[Any], tuple[Integration]]) -> Response:
    """What is kept to be answered again has no secret in it; the answer has."""

    def phrase(stored: Integration) -> Data:
        where = f"{call.incoming.base_url}/api/v1{ALL}/{stored.id}"
        headers = {"ETag": etag(stored.version), "Location": where}
        return {"body": stored.to_data(), "headers": headers}

    answer = do_once(call, path, phrase, make)
    answer.body = json_response(_view(call, json.loads(answer.body))).body
    return answer


def _one(call: Call, found: Integration) -> Response:
    return json_response(_view(call, found.to_data()), headers={"ETag": etag(found.version)})


def _view(call: Call, data: Data) -> Data:
    found = Integration.from_data(data)
    return alert_views.integration(found, call.actor, call.now, call.incoming.base_url)
