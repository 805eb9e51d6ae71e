"""OpenAPI 3.1 from the endpoints and their schemas: nothing is written twice."""

import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib.handlers.api.answers import HealthOut, ProblemOut
from chalicelib.handlers.api.endpoint import ENDPOINTS, PREFIX, Endpoint

TAGS = ("tickets", "queues", "people", "staffing", "settings", "reports", "audit")
METHODS = ("POST", "GET", "PATCH", "PUT", "DELETE")
REF = "#/components/schemas/{model}"
DESCRIPTION = (
    "Tickets, their timelines and queues. Errors are RFC 9457 problem details; what a caller may "
    "not see answers like what does not exist. Unknown fields are refused. Instants are RFC 3339."
)
IF_MATCH = {
    "name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"},
    "description": "The ETag of the ticket as last read; 412 when it has changed since.",
}  # fmt: skip
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key", "in": "header", "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "The same key and body again replays the first answer, for 24 hours.",
}  # fmt: skip


def document(base_url: str) -> dict[str, Any]:
    """The whole document, for the server at `base_url`."""
    paths: dict[str, Any] = {}
    for one in sorted(ENDPOINTS, key=_reading_order):
        paths.setdefault(PREFIX + one.path, {})[one.method.lower()] = _operation(one)
    paths["/healthz"] = {"get": _health()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tierline", "version": "1", "description": DESCRIPTION},
        "servers": [{"url": base_url}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _reading_order(one: Endpoint) -> tuple[int, str, int]:
    return TAGS.index(one.tags[0]), one.path, METHODS.index(one.method)


def _operation(one: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "tags": list(one.tags),
        "parameters": _parameters(one),
        "responses": {str(one.status): _answer(one.answers), "default": _problem()},
    }
    if one.body:
        operation["requestBody"] = {"required": True, "content": _json(one.body)}
    return operation


def _parameters(one: Endpoint) -> list[dict[str, Any]]:
    names = re.findall(r"{(\w+)}", one.path)
    found = [_path_parameter(name) for name in names]
    found += _query_parameters(one.query) if one.query else []
    found += [IF_MATCH] if one.needs_version else []
    return found + ([IDEMPOTENCY_KEY] if one.keyed else [])


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query_parameters(query: type[BaseModel]) -> list[dict[str, Any]]:
    schemas = query.model_json_schema(ref_template=REF)
    needed = schemas.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": schema,
         "style": "form", "explode": False}
        for name, schema in schemas["properties"].items()
    ]  # fmt: skip


def _health() -> dict[str, Any]:
    return {
        "operationId": "healthz",
        "summary": "Whether the API is up.",
        "security": [],
        "responses": {"200": _answer(HealthOut)},
    }


def _answer(model: type[BaseModel] | None) -> dict[str, Any]:
    return {"description": "Done.", "content": _json(model)} if model else {"description": "Done."}


def _problem() -> dict[str, Any]:
    schema = {"$ref": REF.format(model=ProblemOut.__name__)}
    content = {"application/problem+json": {"schema": schema}}
    return {"description": "What was wrong, where, and what to do.", "content": content}


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": REF.format(model=model.__name__)}}}


def _schemas() -> dict[str, Any]:
    taken = {model for one in ENDPOINTS for model in (one.body, one.query) if model}
    given = {one.answers for one in ENDPOINTS if one.answers} | {HealthOut, ProblemOut}
    asked = [(m, "validation") for m in sorted(taken, key=_name)]
    told = [(m, "serialization") for m in sorted(given, key=_name)]
    _, schema = models_json_schema([*asked, *told], ref_template=REF)  # type: ignore[list-item]
    return dict(schema["$defs"])


def _name(model: Any) -> str:
    return model.__name__
