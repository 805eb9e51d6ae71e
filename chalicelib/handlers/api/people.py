"""Oneself: profile and availability."""

from typing import Any

from chalice import Response

from chalicelib.handlers.api import answers
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.schemas import NewAvailability
from chalicelib.handlers.entry import json_response
from chalicelib.services import people, views

PEOPLE: dict[str, Any] = {"answers": answers.PersonOut, "tags": ("people",)}


@endpoint("GET", "/people/me", **PEOPLE)
def read_me(call: Call) -> Response:
    """Read one's own profile."""
    return _person(people.find(call.actor.id))


@endpoint("PUT", "/people/me/availability", body=NewAvailability, **PEOPLE)
def set_my_availability(call: Call) -> Response:
    """Say whether one takes new tickets now."""
    asked = call.body
    return _person(people.set_availability(call.actor, asked.status, asked.until))


def _person(person: Any) -> Response:
    return json_response(views.person_view(person))
