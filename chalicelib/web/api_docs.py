"""The OpenAPI document as a page for people: operations by topic, each with its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
VERBS = ("get", "post", "put", "patch", "delete")
TONES = {"get": "acc", "post": "ok", "put": "warn", "patch": "warn", "delete": "bad"}


def topics(document: Schema) -> list[dict[str, Any]]:
    """Operations grouped by their first tag, in the document's order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in operations(document):
        groups.setdefault(one["topic"], []).append(one)
    return [{"title": title, "operations": found} for title, found in groups.items()]


def operations(document: Schema) -> Iterator[dict[str, Any]]:
    for path, item in document.get("paths", {}).items():
        for verb in VERBS:
            if verb in item:
                yield operation(document, path, verb, item[verb], item.get("parameters", []))


def operation(
    document: Schema, path: str, verb: str, found: Schema, shared: list[Schema]
) -> dict[str, Any]:
    given = [resolved(document, one) for one in [*shared, *found.get("parameters", [])]]
    return {
        "topic": (found.get("tags") or ["Other"])[0],
        "verb": verb.upper(),
        "tone": TONES[verb],
        "path": path,
        "summary": found.get("summary", ""),
        "description": found.get("description", ""),
        "parameters": [parameter(document, one) for one in given],
        "body": fields_of(document, body_schema(document, found)),
        "answers": answers(document, found),
    }


def parameter(document: Schema, given: Schema) -> dict[str, Any]:
    return {
        "name": given["name"],
        "where": given["in"],
        "kind": kind_of(document, given.get("schema", {})),
        "required": given.get("required", False),
        "description": given.get("description", ""),
    }


def body_schema(document: Schema, found: Schema) -> Schema:
    content = resolved(document, found.get("requestBody", {})).get("content", {})
    media: Schema = next(iter(content.values()), {})
    return resolved(document, media.get("schema", {}))


def fields_of(document: Schema, schema: Schema) -> list[dict[str, Any]]:
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "kind": kind_of(document, one),
            "required": name in required,
            "description": resolved(document, one).get("description", ""),
        }
        for name, one in schema.get("properties", {}).items()
    ]


def answers(document: Schema, found: Schema) -> list[dict[str, str]]:
    return [
        {"status": str(status), "description": resolved(document, one).get("description", "")}
        for status, one in found.get("responses", {}).items()
    ]


def resolved(document: Schema, given: Schema) -> Schema:
    """The thing itself instead of a `$ref` to it inside the document."""
    target: Any = given
    for _ in range(8):
        if "$ref" not in target:
            break
        parts = target["$ref"].removeprefix("#/").split("/")
        target = document
        for part in parts:
            target = target.get(part, {})
    return target  # type: ignore[no-any-return]


def kind_of(document: Schema, given: Schema) -> str:
    """A type in a few words: `string, at most 200 characters`, `high | medium | low`."""
    schema = resolved(document, given)
    choices = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
    if choices:
        return " or ".join(kind_of(document, one) for one in choices)
    if "enum" in schema or "const" in schema:
        return " | ".join(str(one) for one in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {kind_of(document, schema.get('items', {}))}"
    plain = schema.get("format") or schema.get("type") or "any"
    most = schema.get("maxLength")
    return f"{plain}, at most {most} characters" if most else str(plain)
