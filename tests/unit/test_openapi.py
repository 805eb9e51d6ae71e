"""The OpenAPI document that the product serves."""

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from chalicelib.handlers.api.openapi import document


@pytest.fixture(scope="module")
def served() -> dict:
    return document("https://desk.example")


def test_it_is_valid(served):
    OpenAPIV31SpecValidator(served).validate()


def test_it_describes_every_route_of_the_api(served):
    from app import app

    routes = {
        (path, method.lower())
        for path, methods in app.routes.items()
        if path.startswith("/api/v1")
        for method in methods
    }
    described = {(p, m) for p, methods in served["paths"].items() for m in methods}
    assert routes <= described
    assert len(routes) > 12


def test_unknown_fields_are_refused_in_every_body(served):
    schemas = served["components"]["schemas"]
    bodies = [
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/")[-1]
        for methods in served["paths"].values()
        for operation in methods.values()
        if "requestBody" in operation
    ]
    assert bodies
    assert all(schemas[name]["additionalProperties"] is False for name in bodies)


def test_every_view_says_what_it_does(served):
    operations = [o for methods in served["paths"].values() for o in methods.values()]
    assert all(operation["summary"].endswith(".") for operation in operations)


def test_a_parameter_that_is_needed_is_said_to_be(served):
    asked = served["paths"]["/api/v1/attainment"]["get"]["parameters"]
    assert {one["name"]: one["required"] for one in asked} == {"month": True}
    listed = served["paths"]["/api/v1/tickets"]["get"]["parameters"]
    assert {one["required"] for one in listed} == {False}
