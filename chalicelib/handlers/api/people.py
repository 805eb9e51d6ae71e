"""People of the desk, and oneself: profiles, and whether somebody takes tickets now."""

from typing import Any

from chalice import Response

from chalicelib.domain.permissions import Access
from chalicelib.handlers.api import staffing_answers as answers
from chalicelib.handlers.api.collection import data_of
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.preconditions import do_once, etag, seen_version
from chalicelib.handlers.api.staffing_schemas import (
    NewAvailability,
    OwnProfile,
    PeopleQuery,
    PersonIn,
)
from chalicelib.handlers.entry import json_response, no_content
from chalicelib.services import members, people, views

ALL, ME, ONE = "/people", "/people/me", "/people/{person_id}"
TAGS: dict[str, Any] = {"tags": ("people",)}
PERSON: dict[str, Any] = {"answers": answers.PersonOut, **TAGS}


@endpoint("GET", ME, Access.PERSON, **PERSON)
def read_me(call: Call) -> Response:
    """Read one's own profile."""
    return _person(people.find(call.actor.id))


@endpoint("PUT", ME, Access.PERSON, body=OwnProfile, **PERSON)
def put_me(call: Call) -> Response:
    """Say what one is called, what one speaks, and in which time zone one is."""
    seen = seen_version(call, required=False)
    return _person(members.change_own(call.actor, data_of(call.body), call.now, seen))


@endpoint("PUT", f"{ME}/availability", Access.STAFF, body=NewAvailability, **PERSON)
def set_my_availability(call: Call) -> Response:
    """Say whether one takes new tickets now."""
    return _available(call, call.actor.id)


@endpoint("GET", ALL, Access.DESK, query=PeopleQuery, answers=answers.PeopleOut, **TAGS)
def list_people(call: Call) -> Response:
    """List everybody who works here, by name."""
    found = (views.person_view(one) for one in members.everybody())
    return json_response({"items": [one for one in found if _fits(one, call.query)], "next": None})


@endpoint("POST", ALL, Access.ADMIN, body=PersonIn, status=201, keyed=True, **PERSON)
def add_person(call: Call) -> Response:
    """Add somebody who works here."""

    def phrase(person: Any) -> dict[str, Any]:
        where = f"{call.incoming.base_url}/api/v1/people/{person.person_id}"
        view = views.person_view(person)
        return {"body": view, "headers": {"ETag": etag(view["version"]), "Location": where}}

    def add(key: Any) -> tuple[Any]:
        return (members.add(data_of(call.body), call.actor, call.now, once=key),)

    return do_once(call, ALL, phrase, add)


@endpoint("GET", ONE, Access.DESK, **PERSON)
def read_person(call: Call, person_id: str) -> Response:
    """Read the profile of somebody who works here."""
    return _person(members.member(person_id))


@endpoint("PUT", ONE, Access.ADMIN, body=PersonIn, **PERSON)
def put_person(call: Call, person_id: str) -> Response:
    """Change a profile as a whole; the mail address stays."""
    seen = seen_version(call, required=False)
    return _person(members.change(person_id, data_of(call.body), call.actor, call.now, seen))


@endpoint("DELETE", ONE, Access.ADMIN, answers=None, status=204, **TAGS)
def remove_person(call: Call, person_id: str) -> Response:
    """Let somebody leave: they can sign in no more, and their tickets go to others."""
    members.remove(person_id, call.actor, call.now)
    return no_content()


@endpoint("PUT", f"{ONE}/availability", Access.STAFF, body=NewAvailability, **PERSON)
def set_availability(call: Call, person_id: str) -> Response:
    """Say of somebody else whether they take new tickets now."""
    return _available(call, person_id)


def _available(call: Call, person_id: str) -> Response:
    asked: NewAvailability = call.body
    person = members.set_availability(
        call.actor, asked.status, asked.until, call.now,
        person_id=person_id, substitute=asked.substitute, note=asked.note,
    )  # fmt: skip
    return _person(person)


def _person(person: Any) -> Response:
    view = views.person_view(person)
    return json_response(view, headers={"ETag": etag(view["version"])})


def _fits(person: dict[str, Any], asked: PeopleQuery) -> bool:
    wanted = ((asked.tier, person["tiers"]), (asked.team, [person["team"]]),
              (asked.branch, [person["branch"]]))  # fmt: skip
    return all(not values or not set(values).isdisjoint(has) for values, has in wanted)
